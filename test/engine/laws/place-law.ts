/** Places (DESIGN §5, `overlap` and `concurrency`): never more under way with one key than its limit, in the order of all writes. */
import type { ExecutionEvent, LogEntry } from "../../../src/flow/event.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";

interface Under {
  keys: string[];
  limit: number;
}

const ends: ReadonlySet<ExecutionEvent["type"]> = new Set([
  "execution_succeeded",
  "execution_failed",
  "execution_timed_out",
  "execution_aborted",
]);

/** `entries`: of all executions, as they were written one after another. */
export function placeProblems(given: {
  entries: readonly LogEntry[];
  definitions: ReadonlyMap<string, FlowDefinition>;
}): string[] {
  const known = new Map<string, Under>();
  const underWay = new Set<string>();
  const problems: string[] = [];
  for (const { execution_id: id, events } of given.entries) {
    const definition = given.definitions.get(id);
    for (const event of events) {
      if (event.type === "execution_started")
        known.set(id, { keys: event.slots, limit: definition?.concurrency?.limit ?? 1 });
      if (event.type === "execution_started" || event.type === "redriven" || event.type === "execution_admitted")
        underWay.add(id);
      if (event.type === "execution_queued" || ends.has(event.type)) underWay.delete(id);
    }
    problems.push(...excess(known, underWay, id));
  }
  return problems;
}

function excess(known: ReadonlyMap<string, Under>, underWay: ReadonlySet<string>, id: string): string[] {
  const own = known.get(id);
  if (own === undefined || !underWay.has(id)) return [];
  return own.keys.flatMap((key) => {
    const limit = key.startsWith("overlap/") ? 1 : own.limit;
    const count = [...underWay].filter((other) => known.get(other)?.keys.includes(key) === true).length;
    return count > limit ? [`${count} under way with ${key}, of ${limit}: ${[...underWay].join(", ")}`] : [];
  });
}
