/** Logs as records: one result of each thing, no gap, nothing changed, and read again they make the state that lived. */
import { fold, type ExecutionState } from "../../../src/flow/execution.ts";
import type { LogEntry } from "../../../src/flow/event.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { canonicalJson, Json } from "../../../src/flow/json.ts";

export interface Recorded {
  definition: FlowDefinition;
  /** As it is read, and as it was written. */
  entries: LogEntry[];
  written: LogEntry[];
}

export function recordProblems({ definition, entries, written }: Recorded): string[] {
  const problems: string[] = [];
  const sequences = entries.map(({ sequence }) => sequence);
  if (sequences.some((sequence, index) => sequence !== index + 1)) problems.push(`sequences ${sequences.join()}`);
  if (textOf(entries) !== textOf(written)) problems.push("the log is not what was written, in that order");
  if (textOf(fold({ definition, entries })) !== textOf(fold({ definition, entries: written })))
    problems.push("decoded, the log makes another state");
  const epochs = entries.map(({ epoch }) => epoch);
  if (epochs.some((epoch, index) => epoch < (epochs[index - 1] ?? 0))) problems.push(`epochs ${epochs.join()}`);
  return [...problems, ...resultProblems(entries)];
}

/** At most one result of a step, an item or a compensation between two redrives. */
function resultProblems(entries: LogEntry[]): string[] {
  const problems: string[] = [];
  let results = new Set<string>();
  for (const event of entries.flatMap(({ events }) => events)) {
    if (event.type === "redriven") results = new Set();
    const isOne =
      event.type === "step_succeeded" ||
      event.type === "step_failed" ||
      event.type === "step_skipped" ||
      event.type === "approval_ended" ||
      event.type === "approval_kept";
    if (!isOne) continue;
    const name = `${event.step_id}/${"part" in event ? (event.part ?? "") : ""}`;
    if (results.has(name)) problems.push(`${name} has a second result: ${event.type}`);
    results.add(name);
  }
  return problems;
}

/** As it was in a driver's memory, in the middle of its work. */
export function replayProblems(recorded: Recorded, live: ExecutionState): string[] {
  const { definition, entries } = recorded;
  const told = fold({ definition, entries: entries.filter(({ sequence }) => sequence <= live.sequence) });
  // Who started it is known to its process by the header alone.
  const owner = told?.owner ?? live.owner;
  return textOf({ ...told, owner }) === textOf(live) ? [] : [`replayed to ${live.sequence} it is another than it was`];
}

function textOf(value: object | null): string {
  const json: Json = Json.parse(JSON.parse(JSON.stringify(value)));
  return canonicalJson(json);
}
