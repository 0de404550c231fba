/**
 * Taking back what has been done (DESIGN §5): each succeeded step's `compensate` once, the one that ended last first, each
 * after the one before has ended; one that fails is reported and stops no other.
 */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import { end, hasEnded, isToBeTakenBack, stepState } from "../readiness.ts";

/** The order is fixed once every other branch has ended; null: not now, or nothing. */
export function beginCompensation(state: ExecutionState, at: number): ExecutionEvent | null {
  if (state.compensating !== null || !isWanted(state)) return null;
  const step_ids = state.definition.steps
    .filter((step) => "compensate" in step && step.compensate !== null)
    .map(({ id }, place) => ({ step: stepState(state, id), place }))
    .filter(({ step }) => step.status === "succeeded" && step.compensation === null)
    .toSorted((one, other) => (other.step.endedAt ?? 0) - (one.step.endedAt ?? 0) || other.place - one.place)
    .map(({ step }) => step.id);
  return step_ids.length === 0 ? null : { type: "compensation_begun", at, step_ids };
}

function isWanted(state: ExecutionState): boolean {
  if (state.stopping !== null) return state.stopping.compensate;
  return end(state)?.status === "failed" && isToBeTakenBack(state);
}

/** The step whose compensation may begin now. */
export function nextCompensation(state: ExecutionState): string | null {
  if (state.status !== "running") return null;
  for (const stepId of state.compensating ?? []) {
    const work = stepState(state, stepId).compensation;
    if (work === null || hasEnded(work)) continue;
    return work.status === "pending" ? stepId : null;
  }
  return null;
}

export function isCompensating(state: ExecutionState): boolean {
  return (state.compensating ?? []).some((stepId) => {
    const work = stepState(state, stepId).compensation;
    return work !== null && !hasEnded(work);
  });
}
