/**
 * A step within an execution, as the log tells it. What attempts and effects belong to is its work: the step's own, that of
 * each item of a step that repeats, and that of its compensation.
 */
import { decisionOutput, evolveApproval, requestedApproval, type ApprovalState } from "./approval-state.ts";
import type { EventOf, ExecutionEvent, SkipReason, StepPart } from "./event.ts";
import type { Json } from "./json.ts";
import { evolveWork, freshWork, stopWork, workAgain, type Work, type WorkEvent } from "./work-state.ts";

export interface ItemState extends Work {
  index: number;
  value: Json;
}

export interface StepState extends Work {
  id: string;
  skipped: SkipReason | null;
  approval: ApprovalState | null;
  /** The decision of before a redrive: it stands if what was decided about comes out the same. */
  priorApproval: ApprovalState | null;
  /** Of a step that repeats, once its list is known. */
  items: ItemState[] | null;
  /** A `wait` step, or one that is shifted. */
  waitsUntil: number | null;
  /** Was late, and waits for its working hour. */
  isShifting: boolean;
  /** Has waited for it. */
  isShifted: boolean;
  compensation: Work | null;
}

export type StepEvent = Exclude<
  Extract<ExecutionEvent, { step_id: string }>,
  { type: "token_kept" | "token_answered" }
>;

/** Whose event it is: what keys are made of. */
interface Within {
  executionId: string;
}

export function freshStep(id: string): StepState {
  return {
    ...freshWork(),
    id,
    skipped: null,
    approval: null,
    priorApproval: null,
    items: null,
    waitsUntil: null,
    isShifting: false,
    isShifted: false,
    compensation: null,
  };
}

/** Null: the step has no such item, or is not being compensated. */
export function workOf(step: StepState, part: StepPart | null): Work | null {
  if (part === null) return step;
  return part === "compensation" ? step.compensation : (step.items?.[part] ?? null);
}

/** The step's own, its items', its compensation's. */
export function allWorks(step: StepState): { part: StepPart | null; work: Work }[] {
  if (step.items === null && step.compensation === null) return [{ part: null, work: step }];
  const items = (step.items ?? []).map((work, part) => ({ part, work }));
  const compensation = step.compensation === null ? [] : [{ part: "compensation" as const, work: step.compensation }];
  return [{ part: null, work: step }, ...items, ...compensation];
}

export function evolveStep(within: Within, step: StepState, event: StepEvent): StepState {
  switch (event.type) {
    case "step_skipped":
      return { ...step, status: "skipped", skipped: event.reason, endedAt: event.at };
    case "items_found":
      return {
        ...step,
        status: "running",
        startedAt: step.startedAt ?? event.at,
        // Those kept over a redrive go on; after a compensation they send as another generation (E1).
        items:
          step.items ??
          event.items.map((value, index) => ({ ...freshWork(), generation: step.generation, index, value })),
      };
    case "wait_started":
      return {
        ...step,
        status: "waiting",
        startedAt: step.startedAt ?? event.at,
        waitsUntil: event.until,
        isShifting: event.shifts === true,
      };
    case "wait_ended":
      return { ...step, status: "pending", waitsUntil: null, isShifting: false, isShifted: true };
    case "approval_requested":
      return {
        ...step,
        status: "waiting",
        startedAt: step.startedAt ?? event.at,
        retryAt: null,
        failure: null,
        approval: requestedApproval(event),
      };
    case "approval_kept":
      return keepApproval(step, event);
    case "approval_edited":
    case "approval_reminded":
    case "approval_escalated":
    case "vote_cast":
      return step.approval === null ? step : { ...step, approval: evolveApproval(step.approval, event) };
    case "approval_ended":
      return endApproval(step, event);
    case "step_started":
    case "attempt_lost":
    case "attempt_failed":
    case "effects_planned":
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "effect_held":
    case "doubt_resolved":
    case "flow_started":
    case "flow_ended":
    case "step_succeeded":
    case "step_failed":
      return evolvePart(within, step, event);
    default:
      return event satisfies never;
  }
}

function evolvePart(within: Within, step: StepState, event: WorkEvent): StepState {
  const { part = null } = event;
  const origin = { ...within, stepId: step.id, part };
  if (part === null) {
    const evolved = evolveWork(origin, step, event);
    return evolved.waitsUntil === null ? evolved : { ...evolved, waitsUntil: null };
  }
  if (part === "compensation") {
    if (step.compensation === null) return step;
    return { ...step, compensation: evolveWork(origin, step.compensation, event) };
  }
  const item = step.items?.[part];
  if (item === undefined || step.items === null) return step;
  return { ...step, items: step.items.with(part, evolveWork(origin, item, event)) };
}

function keepApproval(step: StepState, event: EventOf<"approval_kept">): StepState {
  const approval = step.priorApproval;
  if (approval === null) return step;
  const output = decisionOutput(approval, approval.endedAt ?? event.at);
  return { ...step, status: "succeeded", approval, startedAt: step.startedAt ?? event.at, endedAt: event.at, output };
}

function endApproval(step: StepState, event: EventOf<"approval_ended">): StepState {
  if (step.approval === null) return step;
  const approval: ApprovalState = { ...step.approval, status: event.status, endedAt: event.at };
  if (event.status === "withdrawn") return { ...step, approval, status: "aborted", endedAt: event.at };
  // Whatever was decided, the wait has succeeded; what lets dependents run is the decision (readiness.ts).
  return { ...step, approval, status: "succeeded", endedAt: event.at, output: decisionOutput(approval, event.at) };
}

/** Cut off where it has not ended. */
export function stopStep(step: StepState, at: number): StepState {
  const { compensation } = step;
  return {
    ...stopWork(step, at),
    waitsUntil: null,
    items: step.items?.map((item) => stopWork(item, at)) ?? null,
    compensation: compensation === null ? null : stopWork(compensation, at),
  };
}

/** Once more from its beginning. What may have reached the world stays as it is, and is never planned anew (E1). */
export function startAgain(step: StepState): StepState {
  const items = step.items?.map(itemAgain) ?? null;
  const isKept = items !== null && items.some((item) => item.status === "succeeded" || item.effects !== null);
  return {
    ...freshStep(step.id),
    ...workAgain(step),
    ...(isKept ? { items } : {}),
    priorApproval: step.approval ?? step.priorApproval,
  };
}

function itemAgain(item: ItemState): ItemState {
  return item.status === "succeeded"
    ? item
    : { ...freshWork(), ...workAgain(item), index: item.index, value: item.value };
}

/** Taken back by its compensation: it starts again, and what it sends then is another generation (E1). */
export function startAfterCompensation(step: StepState): StepState {
  const again = freshStep(step.id);
  const highest = Math.max(
    ...allWorks(step).flatMap(({ work }) => [
      work.generation,
      ...(work.effects ?? []).map((effect) => effect.generation),
    ]),
  );
  return { ...again, attempts: step.attempts, generation: highest + 1, priorApproval: step.approval };
}
