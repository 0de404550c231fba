/** The work that commands and events name: a step's, an item's, a compensation's; and what it has under way. */
import type { PlannedEffect } from "../../flow/effect.ts";
import type { ExecutionEvent, StepPart } from "../../flow/event.ts";
import { evolve, type ExecutionState, type StepState, type Work } from "../../flow/execution.ts";
import { workOf } from "../../flow/step-state.ts";
import { hasEnded, stepState } from "../readiness.ts";
import type { DecideContext } from "./context.ts";

/** What of a step is meant; null: the step itself. */
export interface Of {
  stepId: string;
  part: StepPart | null;
}

/** As events name it. */
export function named({ stepId, part }: Of): { step_id: string; part?: StepPart } {
  return part === null ? { step_id: stepId } : { step_id: stepId, part };
}

export function workAt(state: ExecutionState, { stepId, part }: Of): Work | null {
  return workOf(stepState(state, stepId), part);
}

/** An attempt that has not ended and still has something to do. */
export function hasActiveAttempt(work: Work): boolean {
  const last = work.attempts.at(-1);
  return work.status === "running" && last !== undefined && last.endedAt === null && isUnsettled(work);
}

/** The step itself, one of its items or its compensation. */
export function isUnderWay(step: StepState): boolean {
  if (hasActiveAttempt(step) || (step.compensation !== null && hasActiveAttempt(step.compensation))) return true;
  return step.items?.some(hasActiveAttempt) === true;
}

export function isCurrent(work: Work | null, attempt: number): work is Work {
  const last = work?.attempts.at(-1);
  return work !== null && !hasEnded(work) && last?.number === attempt && last.endedAt === null;
}

export function isUnsettled({ effects }: Work): boolean {
  return effects === null || effects.some(({ state }) => state.status === "planned" || state.status === "begun");
}

export function beginEffects(
  of: Of,
  effects: readonly { key: string; planned: PlannedEffect }[],
  context: DecideContext,
): ExecutionEvent[] {
  return effects
    .filter(({ planned }) => context.idempotency[planned.effect.kind] !== "native")
    .map(({ key }) => ({ type: "effect_begun", at: context.now, ...named(of), key }));
}

/** The state that these events make of it. */
export function after(state: ExecutionState, events: ExecutionEvent[]): ExecutionState {
  return events.reduce(evolve, state);
}
