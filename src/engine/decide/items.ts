/** A step that repeats ends when its items have: what it gives, and when it fails. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState, ItemState, StepState } from "../../flow/execution.ts";
import type { Json } from "../../flow/json.ts";
import { continuesAfterFailure, hasEnded, readyItems, stepState } from "../readiness.ts";

export function endedRepetitions(state: ExecutionState, at: number): ExecutionEvent[] {
  const ended: ExecutionEvent[] = [];
  for (const { id } of state.definition.steps) {
    const step = stepState(state, id);
    if (step.items === null || step.status !== "running" || state.stopping !== null) continue;
    ended.push(...(endOf(state, step, step.items, at) ?? []));
  }
  return ended;
}

function endOf(
  state: ExecutionState,
  { id: step_id }: StepState,
  items: ItemState[],
  at: number,
): ExecutionEvent[] | null {
  const isUnderWay = items.some((item) => item.status !== "pending" && !hasEnded(item));
  if (isUnderWay || readyItems(state, step_id).length > 0) return null;
  const failed = items
    .filter((item) => item.status === "failed")
    .toSorted((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0))[0];
  if (failed?.failure && !continuesAfterFailure(state, step_id)) {
    const { error, cause } = failed.failure;
    const failure = { error, cause: `Item ${failed.index + 1} of ${items.length}: ${cause}` };
    return [{ type: "step_failed", at, step_id, failure }];
  }
  return [{ type: "step_succeeded", at, step_id, output: items.map(outputOf) }];
}

function outputOf(item: ItemState): Json {
  return item.status === "failed" && item.failure !== null ? { ...item.failure } : item.output;
}
