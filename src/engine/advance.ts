/**
 * Whatever follows without waiting for anybody: conditions and expressions of what is ready, all for the same append.
 * Non-job: nothing is started here; what the events make possible begins once they are durable (V1).
 */
import type { ExecutionEvent } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Step } from "../flow/flow.ts";
import type { Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import type { Of } from "./decide/work.ts";
import { nextCompensation } from "./decide/compensation.ts";
import { isNoticeDue } from "./decide/notice.ts";
import { decide, type Decided } from "./decide.ts";
import { planNotice } from "./failure-notice.ts";
import { look, lookAtCompensation, lookAtItem, lookAtOnce, type Looked } from "./look.ts";
import { readyItems, readySteps, stepState } from "./readiness.ts";

export interface Draft {
  state: ExecutionState;
  events: ExecutionEvent[];
  /** Approvals to ask once the events are durable. */
  asking: string[];
}

export interface Busy {
  /** It is being asked or attempted: nothing of it begins again. */
  isUnderWay: (of: Of) => boolean;
  /** What is recorded as begun and never was would be a doubt to the next process (F2, E2). */
  isStopping: () => boolean;
}

export function decideInto(context: RunningContext, draft: Draft, command: Command): Decided {
  const { clock, randomness, idempotency } = context;
  const decided = decide(draft.state, command, { now: clock.now(), fraction: randomness.fraction(), idempotency });
  draft.events.push(...decided.events);
  draft.state = decided.state;
  return decided;
}

/** Where nothing is to be evaluated or planned. False: `advance` must go on with the draft. */
export function advanceAtOnce(context: RunningContext, draft: Draft, busy: Busy): boolean {
  while (!busy.isStopping()) {
    const before = draft.events.length;
    for (const step of readySteps(draft.state)) {
      if (!isToBegin(draft, busy, step)) continue;
      const found = lookAtOnce(draft.state, step);
      if (found === null) return false;
      take(context, draft, step, found);
    }
    if (hasItems(draft.state) || nextCompensation(draft.state) !== null || isNoticeDue(draft.state)) return false;
    if (draft.events.length === before) return true;
  }
  return true;
}

function isToBegin({ asking }: Draft, { isUnderWay }: Busy, { id: stepId }: Step): boolean {
  return !asking.includes(stepId) && !isUnderWay({ stepId, part: null });
}

function take(context: RunningContext, draft: Draft, { id: stepId }: Step, found: Looked): void {
  if (found.kind === "ask") draft.asking.push(stepId);
  else decideInto(context, draft, { type: "begin", stepId, part: null, found });
}

export async function advance(context: RunningContext, draft: Draft, busy: Busy): Promise<void> {
  while (!busy.isStopping()) {
    const before = draft.events.length;
    for (const step of readySteps(draft.state)) {
      if (!isToBegin(draft, busy, step)) continue;
      const { state } = draft;
      const found = lookAtOnce(state, step) ?? (await look({ context, state, step, now: context.clock.now() }));
      take(context, draft, step, found);
    }
    if (hasItems(draft.state)) await beginItems(context, draft, busy);
    if (nextCompensation(draft.state) !== null) await beginCompensations(context, draft);
    if (isNoticeDue(draft.state)) {
      const effect = await planNotice({ state: draft.state, now: context.clock.now() });
      decideInto(context, draft, { type: "plan_notice", effect });
    }
    if (draft.events.length === before) return;
  }
}

function hasItems(state: ExecutionState): boolean {
  for (const { id } of state.definition.steps) if (stepState(state, id).items !== null) return true;
  return false;
}

async function beginItems(context: RunningContext, draft: Draft, { isUnderWay }: Busy): Promise<void> {
  for (const { id: stepId } of draft.state.definition.steps) {
    if (stepState(draft.state, stepId).items === null) continue;
    for (const { index } of readyItems(draft.state, stepId)) {
      const of = { stepId, part: index };
      if (isUnderWay(of)) continue;
      const found = await lookAtItem({ state: draft.state, now: context.clock.now(), stepId, index });
      decideInto(context, draft, { type: "begin", ...of, found });
    }
  }
}

async function beginCompensations(context: RunningContext, draft: Draft): Promise<void> {
  for (let stepId = nextCompensation(draft.state); stepId !== null; stepId = nextCompensation(draft.state)) {
    const found = await lookAtCompensation({ state: draft.state, now: context.clock.now(), stepId });
    decideInto(context, draft, { type: "begin", stepId, part: "compensation", found });
  }
}
