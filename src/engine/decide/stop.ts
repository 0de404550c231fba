/** An execution is ended before its end: aborted by a person, or timed out; its approvals are withdrawn. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Person } from "../../flow/person.ts";
import { accept, refuse, type Decided } from "./context.ts";

/** When its own timeout has passed; null: it has none. A redrive gives it its time once more. */
export function deadline({ definition, startedAt, redriven, redrives }: ExecutionState): number | null {
  if (definition.timeout_ms === null) return null;
  return (redrives > 0 && redriven !== null ? redriven.at : startedAt) + definition.timeout_ms;
}

export function abort(
  state: ExecutionState,
  { person, compensate }: { person: Person | null; compensate: boolean },
  at: number,
): Decided {
  if (state.stopping !== null) return refuse("already_decided");
  return accept([...withdrawals(state, at), { type: "stop_begun", at, status: "aborted", by: person, compensate }]);
}

export function timeOut(state: ExecutionState, at: number): ExecutionEvent[] {
  const due = deadline(state);
  if (due === null || due > at || state.stopping !== null) return [];
  return [...withdrawals(state, at), { type: "stop_begun", at, status: "timed_out", by: null, compensate: false }];
}

export function withdrawals(state: ExecutionState, at: number): ExecutionEvent[] {
  return Object.values(state.steps)
    .filter(({ approval }) => approval?.status === "pending")
    .map(({ id }) => ({ type: "approval_ended", at, step_id: id, status: "withdrawn" }));
}
