/**
 * The three agents with Amazon Bedrock behind them: what is read, computed and planned as an effect stays in code (the local
 * agents'), and a model of words plans and phrases two answers of the decision agent. Its failures are failures: no answer of
 * another kind is slipped in for it.
 */
import type { Randomness } from "../../flow/clock.ts";
import type { ActionAnswer, ActionRequest, Agent, Agents } from "../agent.ts";
import { checkOutput } from "../local/checked.ts";
import { Recommendations } from "../local/recommendations/recommendations.ts";
import { RenewalRisk } from "../local/risk/renewal-risk.ts";
import type { AgentAlias } from "./agent-alias.ts";
import { bedrockClient } from "./bedrock-client.ts";
import { planRecommendations } from "./recommendation-plan.ts";
import { riskNarrative } from "./risk-narrative.ts";
import type { Bedrock } from "./submission.ts";
import type { Deadline } from "./turn.ts";

/** A model call of Bedrock's own may take a minute before its first word. */
const defaultIdleMs = 90_000;

export interface BedrockOptions {
  decisionAgent: AgentAlias;
  deadline: Deadline;
  randomness: Randomness;
  /** Milliseconds of real time. */
  now: () => number;
  /** How long a call may say nothing, in milliseconds. */
  idleMs?: number;
}

export function openBedrock({ decisionAgent, deadline, randomness, now, idleMs }: BedrockOptions): Bedrock {
  const invoke = bedrockClient();
  return { invoke, alias: decisionAgent, deadline, idleMs: idleMs ?? defaultIdleMs, randomness, now };
}

export function createBedrockAgents({ local, bedrock }: { local: Agents; bedrock: Bedrock }): Agents {
  return { ...local, decision_agent: decisionAgentOn(bedrock, local.decision_agent) };
}

function decisionAgentOn(bedrock: Bedrock, local: Agent): Agent {
  return {
    name: local.name,
    actions: local.actions,
    invoke: async (request) => worded(bedrock, request, await local.invoke(request)),
  };
}

/** What code has computed, in the model's words where it is asked for them. */
async function worded(bedrock: Bedrock, request: ActionRequest, computed: ActionAnswer): Promise<ActionAnswer> {
  const { action } = request;
  const { output } = computed;
  switch (action) {
    case "assess_renewal_risk": {
      const { accepted: value, usage } = await riskNarrative(bedrock, request, RenewalRisk.parse(output));
      return { ...computed, output: checkOutput(RenewalRisk, { value, action }), usage };
    }
    case "generate_renewal_recommendations": {
      const { accepted: value, usage } = await planRecommendations(bedrock, request, Recommendations.parse(output));
      return { ...computed, output: checkOutput(Recommendations, { value, action }), usage };
    }
    default:
      return computed;
  }
}
