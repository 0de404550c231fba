/** `limits` of revops.yml: how much of each agent is used at once and in a second. */
import type { AgentLimit } from "../../engine/agent-limits.ts";
import { AgentName } from "../../flow/flow.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import type { SourceNode } from "../../flow/flow-file/source.ts";

export type AgentLimitsByName = Partial<Record<AgentName, AgentLimit>>;

/** An agent that isn't named has none. */
export function readLimits(node: SourceNode | null, reader: Reader): AgentLimitsByName {
  // `contacts` is of DESIGN §6, but for later: said rather than ignored.
  const sections =
    node === null ? null : reader.fields(node, { what: "limits", keys: ["agents"], later: ["contacts"] });
  const agents = sections?.get("agents") ?? null;
  const fields = agents === null ? null : reader.fields(agents, { what: "agents", keys: AgentName.options });
  const pairs = AgentName.options.flatMap((name) => {
    const limit = fields?.get(name) ?? null;
    return limit === null ? [] : [[name, readLimit(name, limit, reader)] as const];
  });
  return Object.fromEntries(pairs);
}

function readLimit(name: AgentName, node: SourceNode, reader: Reader): AgentLimit {
  const fields = reader.fields(node, { what: `the limits of ${name}`, keys: ["per_second", "concurrent"] });
  const read = (key: "per_second" | "concurrent") => {
    const value = fields?.get(key) ?? null;
    return value === null ? null : reader.wholeNumber(value, { what: `${key} of ${name}`, min: 1, max: 10_000 });
  };
  return { perSecond: read("per_second"), concurrent: read("concurrent") };
}
