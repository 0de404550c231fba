/** The agents that the settings name, over the local ones: these compute, whoever phrases. */
import type { Agents } from "../agents/agent.ts";
import { createBedrockAgents } from "../agents/bedrock/bedrock-agents.ts";
import type { Randomness } from "../flow/clock.ts";
import type { AgentSettings } from "./agent-settings.ts";

export function agentsOf(settings: AgentSettings, parts: { local: Agents; randomness: Randomness }): Agents {
  switch (settings.kind) {
    case "local":
      return parts.local;
    case "bedrock":
      return createBedrockAgents({
        ...parts,
        decisionAgent: settings.decisionAgent,
        deadline: (ms) => AbortSignal.timeout(ms),
        now: () => performance.now(),
      });
    default:
      return settings satisfies never;
  }
}
