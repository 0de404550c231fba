/**
 * The three agents with Amazon Bedrock behind them: what is read, computed and planned as an effect stays in code (the local
 * agents'), and a model of words plans and phrases two answers of the decision agent. Its failures are failures: no answer of
 * another kind is slipped in for it.
 */
import type { Randomness } from "../../flow/clock.ts";
import type { Json } from "../../flow/json.ts";
import type { ActionRequest, Agent, Agents } from "../agent.ts";
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
  local: Agents;
  decisionAgent: AgentAlias;
  deadline: Deadline;
  randomness: Randomness;
  /** How long a call may say nothing, in milliseconds. */
  idleMs?: number;
}

export function createBedrockAgents({ local, decisionAgent, deadline, randomness, idleMs }: BedrockOptions): Agents {
  const bedrock: Bedrock = {
    invoke: bedrockClient(),
    alias: decisionAgent,
    deadline,
    idleMs: idleMs ?? defaultIdleMs,
    randomness,
  };
  return { ...local, decision_agent: decisionAgentOn(bedrock, local.decision_agent) };
}

function decisionAgentOn(bedrock: Bedrock, local: Agent): Agent {
  return {
    name: local.name,
    actions: local.actions,
    invoke: async (request) => {
      const computed = await local.invoke(request);
      return { ...computed, output: await worded(bedrock, request, computed.output) };
    },
  };
}

/** What code has computed, in the model's words where it is asked for them. */
async function worded(bedrock: Bedrock, request: ActionRequest, computed: Json): Promise<Json> {
  const { action } = request;
  switch (action) {
    case "assess_renewal_risk": {
      const value = await riskNarrative(bedrock, request, RenewalRisk.parse(computed));
      return checkOutput(RenewalRisk, { value, action });
    }
    case "generate_renewal_recommendations": {
      const value = await planRecommendations(bedrock, request, Recommendations.parse(computed));
      return checkOutput(Recommendations, { value, action });
    }
    default:
      return computed;
  }
}
