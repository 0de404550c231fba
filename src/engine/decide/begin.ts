/** A ready step, item or compensation begins, with what the driver found when it looked at it (D1). */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState, Work } from "../../flow/execution.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { Found } from "../command.ts";
import { gate, readyItems, stepState } from "../readiness.ts";
import { startAttempt } from "./attempts.ts";
import { after, named, workAt, type Of } from "./work.ts";
import { nextCompensation } from "./compensation.ts";
import type { DecideContext } from "./context.ts";
import { endOfEffects, planWithin } from "./effects.ts";

export function begin(state: ExecutionState, of: Of, found: Found, context: DecideContext): ExecutionEvent[] {
  return mayBegin(state, of) ? beginAnyway(state, of, found, context) : [];
}

/** For whoever knows that its time has come: a machine decides by the same rules, and knows some ends before the log does. */
export function beginAnyway(state: ExecutionState, of: Of, found: Found, context: DecideContext): ExecutionEvent[] {
  const work = workAt(state, of);
  if (work === null) return [];
  const at = context.now;
  const { stepId: step_id } = of;
  switch (found.kind) {
    case "condition_false":
      return [{ type: "step_skipped", at, step_id, reason: "condition" }];
    case "too_late":
      return [{ type: "step_skipped", at, step_id, reason: "late" }];
    case "shift":
      return [{ type: "wait_started", at, step_id, until: found.until, shifts: true }];
    case "wait":
      return beginWait(step_id, found.until, at);
    case "items":
      return [{ type: "items_found", at, step_id, items: found.items }];
    case "failure":
      return [{ type: "step_failed", at, ...named(of), failure: found.failure }];
    case "parameters":
      return goOn(state, { of, work, parameters: found.parameters }, context);
    case "plan":
      return beginPlanned(state, { of, work, plan: found.plan }, context);
    default:
      return found satisfies never;
  }
}

function mayBegin(state: ExecutionState, of: Of): boolean {
  if (of.part === "compensation") return nextCompensation(state) === of.stepId;
  if (of.part !== null) return readyItems(state, of.stepId).some(({ index }) => index === of.part);
  return stepState(state, of.stepId).status === "pending" && gate(state, of.stepId) === "open";
}

function beginWait(step_id: string, until: number, at: number): ExecutionEvent[] {
  const started: ExecutionEvent = { type: "wait_started", at, step_id, until };
  return until > at ? [started] : [started, waited(step_id, until, at)];
}

function waited(step_id: string, until: number, at: number): ExecutionEvent {
  return { type: "step_succeeded", at, step_id, output: { waited_until: new Date(until).toISOString() } };
}

/** A `wait` step's time has come, or that of a step that was shifted. */
export function endWait(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { status, waitsUntil, isShifting } = stepState(state, stepId);
  if (status !== "waiting" || waitsUntil === null || waitsUntil > at) return [];
  const isWait = state.definition.steps.some(({ id, kind }) => id === stepId && kind === "wait");
  return isWait && !isShifting ? [waited(stepId, waitsUntil, at)] : [{ type: "wait_ended", at, step_id: stepId }];
}

/** After a redrive all of it may have happened already. */
function goOn(
  state: ExecutionState,
  { of, work, parameters }: { of: Of; work: Work; parameters: JsonObject },
  context: DecideContext,
): ExecutionEvent[] {
  const started = startAttempt(of, work, context, { parameters });
  if (work.effects === null) return started;
  const attempt = { ...of, attempt: work.attempts.length + 1, retryAfterMs: null };
  return [...started, ...endOfEffects(after(state, started), attempt, context)];
}

/** A3: as planned when the approval was asked; what may have reached the world already isn't planned anew. */
function beginPlanned(
  state: ExecutionState,
  { of, work, plan }: { of: Of; work: Work; plan: Extract<Found, { kind: "plan" }>["plan"] },
  context: DecideContext,
): ExecutionEvent[] {
  const { parameters, output, effects } = plan;
  if (work.effects !== null) return goOn(state, { of, work, parameters }, context);
  const attempt = work.attempts.length + 1;
  const started: ExecutionEvent = { type: "step_started", at: context.now, ...named(of), attempt, parameters };
  return planWithin(state, [started], { ...of, output, effects }, context);
}
