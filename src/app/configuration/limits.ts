/** `limits` of revops.yml: how much of each agent is used at once and in a second, and how often people are reached. */
import type { AgentLimit } from "../../engine/agent-limits.ts";
import { AgentName } from "../../flow/flow.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import type { SourceNode } from "../../flow/flow-file/source.ts";
import { readContacts, type ContactLimits } from "./contacts.ts";

export type AgentLimitsByName = Partial<Record<AgentName, AgentLimit>>;

export interface Limits {
  /** An agent that isn't named has none. */
  limits: AgentLimitsByName;
  contacts: ContactLimits;
}

export function readLimits(node: SourceNode | null, reader: Reader): Limits {
  const sections = node === null ? null : reader.fields(node, { what: "limits", keys: ["agents", "contacts"] });
  const agents = sections?.get("agents") ?? null;
  const fields = agents === null ? null : reader.fields(agents, { what: "agents", keys: AgentName.options });
  const pairs = AgentName.options.flatMap((name) => {
    const limit = fields?.get(name) ?? null;
    return limit === null ? [] : [[name, readLimit(name, limit, reader)] as const];
  });
  return { limits: Object.fromEntries(pairs), contacts: readContacts(sections?.get("contacts") ?? null, reader) };
}

function readLimit(name: AgentName, node: SourceNode, reader: Reader): AgentLimit {
  const fields = reader.fields(node, { what: `the limits of ${name}`, keys: ["per_second", "concurrent"] });
  const read = (key: "per_second" | "concurrent") => {
    const value = fields?.get(key) ?? null;
    return value === null ? null : reader.wholeNumber(value, { what: `${key} of ${name}`, min: 1, max: 10_000 });
  };
  return { perSecond: read("per_second"), concurrent: read("concurrent") };
}
