/** Who plans and phrases: this process alone, or agents of Amazon Bedrock. */
import { type AgentAlias, readAgentAlias } from "../agents/bedrock/agent-alias.ts";
import { halfSet, type SettingsReader } from "./environment.ts";

export type AgentSettings =
  { kind: "local" } | { kind: "bedrock"; dataAgent: AgentAlias; decisionAgent: AgentAlias; executionAgent: AgentAlias };

const names = ["BEDROCK_DATA_AGENT", "BEDROCK_DECISION_AGENT", "BEDROCK_EXECUTION_AGENT"] as const;

export function readAgentSettings(reader: SettingsReader): AgentSettings {
  const kind = reader.text("REVOPS_AGENTS") ?? "local";
  const isSet = names.filter((name) => reader.text(name) !== null);
  const missing = names.filter((name) => reader.text(name) === null);
  reader.slips(names);
  if (kind !== "bedrock") {
    if (kind !== "local") reader.problems.push(`REVOPS_AGENTS must be local or bedrock, not ${kind}.`);
    else if (isSet.length > 0)
      reader.problems.push(`${isSet.join(" and ")} would do nothing. Set REVOPS_AGENTS=bedrock, or leave it out.`);
    return { kind: "local" };
  }
  if (missing.length > 0) reader.problems.push(halfSet({ isSet: ["REVOPS_AGENTS=bedrock", ...isSet], missing }));
  const [dataAgent, decisionAgent, executionAgent] = names.map((name) => alias(reader, name));
  if (!dataAgent || !decisionAgent || !executionAgent) return { kind: "local" };
  return { kind: "bedrock", dataAgent, decisionAgent, executionAgent };
}

function alias(reader: SettingsReader, name: string): AgentAlias | null {
  const text = reader.text(name);
  if (text === null) return null;
  const read = readAgentAlias(text);
  if (read === null)
    reader.problems.push(`${name} must be agentId/aliasId, such as ABCDE12345/TSTALIASID, not ${text}.`);
  return read;
}
