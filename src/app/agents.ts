/** The agents that the settings name, over the local ones: these compute, whoever phrases. */
import type { Agents } from "../agents/agent.ts";
import { createBedrockAgents, openBedrock } from "../agents/bedrock/bedrock-agents.ts";
import { createBedrockAnswerer } from "../agents/bedrock/conversation/bedrock-answerer.ts";
import { currentRiskOf } from "../agents/local/conversation/current-risk.ts";
import { localAnswerer } from "../agents/local/conversation/local-answerer.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Randomness } from "../flow/clock.ts";
import type { AgentSettings } from "./agent-settings.ts";

export interface OpenedAgents {
  agents: Agents;
  /** Who answers people's questions. */
  conversation: NonNullable<EngineContext["conversation"]>;
}

export function agentsOf(settings: AgentSettings, parts: { local: Agents; randomness: Randomness }): OpenedAgents {
  const { local, randomness } = parts;
  const currentRisk = currentRiskOf(local);
  switch (settings.kind) {
    case "local":
      return { agents: local, conversation: { answerer: localAnswerer, currentRisk } };
    case "bedrock": {
      const bedrock = openBedrock({
        decisionAgent: settings.decisionAgent,
        randomness,
        deadline: (ms) => AbortSignal.timeout(ms),
        now: () => performance.now(),
      });
      return {
        agents: createBedrockAgents({ local, bedrock }),
        conversation: { answerer: createBedrockAnswerer(bedrock), currentRisk },
      };
    }
    default:
      return settings satisfies never;
  }
}
