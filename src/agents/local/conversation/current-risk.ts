/** A customer's risk as of now: the data agent's facts and the decision agent's score, both code, outside any execution. */
import { FailureError } from "../../../flow/failure.ts";
import type { FinishedStep } from "../../../flow/card.ts";
import type { JsonObject } from "../../../flow/json.ts";
import type { ActionRequest, Agents, StepOutput } from "../../agent.ts";
import type { CurrentRisk } from "../../answerer.ts";
import type { RiskFact } from "../../conversation-facts.ts";
import { RenewalRisk } from "../risk/renewal-risk.ts";

const dataAction = "retrieve_customer_data";
const riskAction = "assess_renewal_risk";

/** `agents`: the local ones, so that no model is asked for words that nobody reads. */
export function currentRiskOf(agents: LocalAgents): CurrentRisk {
  const assess = assessedNow(agents);
  return async (asked) => {
    const risk = (await assess(asked))?.find(({ action }) => action === riskAction) ?? null;
    return risk === null ? null : factOf(RenewalRisk.parse(risk.output));
  };
}

type LocalAgents = Pick<Agents, "data_agent" | "decision_agent">;

/** What both actions gave, the assessment first. */
export function assessedNow(
  agents: LocalAgents,
): (asked: Parameters<CurrentRisk>[0]) => Promise<FinishedStep[] | null> {
  return async ({ customer, now, timezone, signal }) => {
    const context = { executionId: "none", stepId: "none", attempt: 1, idempotencyKey: "none", variables: {} };
    const request = (action: string, outputs: StepOutput[]): ActionRequest => {
      const parameters: JsonObject = {};
      return { action, parameters, customer, outputs, context: { ...context, now, timezone }, signal };
    };
    try {
      const data = await agents.data_agent.invoke(request(dataAction, []));
      const read = { stepId: dataAction, action: dataAction, output: data.output };
      const { output } = await agents.decision_agent.invoke(request(riskAction, [read]));
      return [
        { stepId: riskAction, agent: "decision_agent", action: riskAction, output },
        { stepId: dataAction, agent: "data_agent", action: dataAction, output: data.output },
      ];
    } catch (error) {
      // A source that can't be read leaves a gap; the rest is still an answer.
      if (error instanceof FailureError) return null;
      throw error;
    }
  };
}

/** Without what evidence quotes: tickets' subjects and people's names stay where cards show them. */
function factOf(risk: RenewalRisk): RiskFact {
  const { risk_score, risk_level, threshold, confidence, reasons, missing, what_would_help } = risk;
  return {
    risk_score,
    risk_level,
    threshold,
    confidence,
    missing,
    reasons: reasons.map(({ text, points, evidence }) => ({ text, points, date: newest(evidence) })),
    what_would_help: what_would_help.map(({ text, risk_score: score }) => ({ text, risk_score: score })),
  };
}

function newest(evidence: RenewalRisk["reasons"][number]["evidence"]): string | null {
  return evidence.reduce<string | null>((last, { date }) => (date !== null && (last ?? "") < date ? date : last), null);
}
