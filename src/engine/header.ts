/** The index record of an execution, and what it waits for, made from its state alone. */
import { isDeepStrictEqual } from "node:util";
import type { ApprovalState, ExecutionState, StepState, Work } from "../flow/execution.ts";
import { waitsForHeld } from "../flow/effect-state.ts";
import { peopleReached } from "../flow/hold.ts";
import { ExecutionHeader, type WaitingFor } from "../flow/record.ts";
import { allWorks } from "../flow/step-state.ts";
import { nextApprovalTime } from "./approval-times.ts";
import { notesOf } from "./case-notes.ts";
import { wantedCards } from "./cards.ts";
import { isUnderWay } from "./decide/work.ts";
import { nextCompensation } from "./decide/compensation.ts";
import { isNoticeDue } from "./decide/notice.ts";
import { childDeadline, orphans } from "./decide/sub-flow.ts";
import { deadline } from "./decide/stop.ts";
import { isHeld, isPassedOn, owedTo, passedOnAttempts } from "./owed.ts";
import { readyItems, readySteps, stepState } from "./readiness.ts";
import { requesterId } from "./requester.ts";
import { nextLook, releasedSlots } from "./slots.ts";

/** The next instant at which something is due by itself; null: only a person or an answer moves it. */
export function nextTimer(state: ExecutionState, now: number): number | null {
  if (state.status !== "running") return null;
  if (state.service !== null) return nextOfFollowed(state, now);
  const ofWorks = Object.values(state.steps).flatMap((step) =>
    allWorks(step).flatMap(({ work }) => [
      (work.status === "running" ? work.retryAt : null) ?? [],
      childDeadline(state, step.id, work) ?? [],
    ]),
  );
  const ofSteps = Object.values(state.steps).flatMap((step) => [
    (step.approval?.status === "pending" ? nextApprovalTime(step.approval) : null) ?? [],
    step.waitsUntil ?? [],
  ]);
  const own = state.stopping === null ? (deadline(state) ?? []) : [];
  const queue = state.queued === null ? [] : nextLook({ since: state.queued.since, now });
  const instants = [ofWorks, ofSteps, own, queue].flat(2);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** Of one that a service drives, it keeps the times itself but for what is said to people, and for what is left to us. */
function nextOfFollowed(state: ExecutionState, now: number): number | null {
  const instants = Object.values(state.steps).flatMap((step) => [
    (step.approval?.status === "pending" ? nextApprovalTime({ ...step.approval, expiresAt: null }) : null) ?? [],
    ...allWorks(step).map(({ part, work }) =>
      work.status === "running" && isPassedOn(state, { stepId: step.id, part }) ? (work.retryAt ?? []) : [],
    ),
  ]);
  const queue = state.queued === null ? [] : nextLook({ since: state.queued.since, now });
  const own = isHeld(state) && state.stopping === null ? (deadline(state) ?? []) : [];
  const all = [instants, queue, own].flat(2);
  return all.length === 0 ? null : Math.min(...all);
}

/** Work that the state itself shows: what a new owner would have to look at. */
export function hasWork(state: ExecutionState): boolean {
  if (state.status !== "running") return true;
  if (state.service !== null) return hasFollowing(state);
  for (const { id } of state.definition.steps) if (isUnderWay(stepState(state, id))) return true;
  if (orphans(state).length > 0 || readySteps(state).length > 0 || nextCompensation(state) !== null) return true;
  for (const { id } of state.definition.steps) if (readyItems(state, id).length > 0) return true;
  if (isNoticeDue(state) || state.notice?.state.status === "begun") return true;
  return wantedCards(state, 0).some(({ key }) => state.cards[key] === undefined);
}

function hasFollowing(state: ExecutionState): boolean {
  if (owedTo(state).length > 0 || wantedCards(state, 0).some(({ key }) => state.cards[key] === undefined)) return true;
  return passedOnAttempts(state).length > 0 || orphans(state).length > 0;
}

/** Something about it is still to be done: it runs, a message is to be shown, somebody is to be told of its end. */
export function isOpen(state: ExecutionState): boolean {
  if (state.status === "running" || wantedCards(state, 0).length > 0 || orphans(state).length > 0) return true;
  if (notesOf(state).length > 0 || owedTo(state).length > 0) return true;
  return state.startedBy.type === "flow" || releasedSlots(state).length > 0;
}

export function header(parameters: {
  state: ExecutionState;
  owner: string;
  /** Being driven: something is under way that a new owner would have to look at. */
  active: boolean;
  /** Something about it still has to be shown. */
  open: boolean;
  now: number;
}): ExecutionHeader {
  const { state, owner, active, open, now } = parameters;
  return {
    execution_id: state.executionId,
    flow_id: state.flowId,
    flow_version: state.flowVersion,
    definition_hash: state.definitionHash,
    customer_id: state.customer?.id ?? null,
    customer_name: state.customer?.name ?? null,
    batch_id: state.batchId,
    status: state.status,
    outcome: state.outcome,
    open,
    wake_at: active ? now : nextTimer(state, now),
    owner,
    started_at: state.startedAt,
    ended_at: state.endedAt,
    waiting_for: state.status === "running" ? waitingFor(state) : [],
    requester_id: requesterId(state),
    risk_score: riskScore(state),
    parent_id: state.startedBy.type === "flow" ? state.startedBy.execution_id : null,
    ...(state.service === null ? {} : { driver: "stepfunctions" }),
  };
}

export function waitingFor(state: ExecutionState): WaitingFor[] {
  if (state.queued !== null) {
    const step_id = state.definition.steps[0]?.id ?? "";
    return [{ ...nobody, kind: "queue", step_id, since: state.queued.since, until: null }];
  }
  // The service has yet to take it: it is throttled, or away.
  if (state.service?.name === null) {
    const step_id = state.definition.steps[0]?.id ?? "";
    return [{ ...nobody, kind: "queue", step_id, since: state.startedAt, until: null }];
  }
  const waiting: WaitingFor[] = [];
  for (const { id } of state.definition.steps) {
    const step = stepState(state, id);
    if (step.approval?.status === "pending") waiting.push(approvalOf(state, step, step.approval));
    if (step.waitsUntil !== null && step.status === "waiting") waiting.push(waitOf(state, step, step.waitsUntil));
    pushWork(waiting, state, step, step);
    for (const item of step.items ?? []) pushWork(waiting, state, step, item);
    if (step.compensation !== null) pushWork(waiting, state, step, step.compensation);
  }
  return waiting;
}

function approvalOf(state: ExecutionState, step: StepState, approval: ApprovalState): WaitingFor {
  const { approvers, requestedAt: since, expiresAt: until, listed } = approval;
  const people = approvers.map(({ label }) => label);
  const references = approvers.map(({ reference }) => reference);
  const definition = state.definition.steps.find(({ id }) => id === step.id);
  const mayDecide = definition?.kind === "approval" && definition.requester_may_decide;
  const requester_id = mayDecide ? null : requesterId(state);
  const asked = { people, references, requester_id, since, until, listed, execution_id: null };
  return { kind: "approval", step_id: step.id, ...asked };
}

function waitOf(state: ExecutionState, step: StepState, until: number): WaitingFor {
  return { ...nobody, kind: "wait", step_id: step.id, since: step.startedAt ?? state.startedAt, until };
}

function pushWork(waiting: WaitingFor[], state: ExecutionState, step: StepState, work: Work): void {
  if (work.status !== "waiting" && (work.status !== "running" || work.retryAt === null)) return;
  const found = workOf(state, step, work);
  if (found !== null) waiting.push(found);
}

function workOf(state: ExecutionState, step: StepState, work: Work): WaitingFor | null {
  const doubt =
    work.status === "waiting" ? work.effects?.find((effect) => effect.state.status === "doubtful") : undefined;
  if (doubt?.state.status === "doubtful")
    return { ...nobody, kind: "doubt", step_id: step.id, since: doubt.state.at, until: null };
  const since = work.attempts.at(-1)?.startedAt ?? work.startedAt ?? state.startedAt;
  if (work.status === "waiting" && work.child !== null && !work.child.hasEnded) {
    const until = childDeadline(state, step.id, work);
    return { ...nobody, kind: "flow", step_id: step.id, since, until, execution_id: work.child.executionId };
  }
  if (work.status !== "running" || work.retryAt === null) return null;
  if (waitsForHeld(work))
    return { ...nobody, kind: "held", step_id: step.id, since, until: work.retryAt, people: heldPeople(work) };
  return { ...nobody, kind: "retry", step_id: step.id, since, until: work.retryAt };
}

/** Whose working time it waits for. */
function heldPeople({ effects }: Work): string[] {
  const held = (effects ?? []).filter(({ state }) => state.status === "held" && state.hold.until !== null);
  return [...new Set(held.flatMap(({ planned }) => peopleReached(planned.effect)))];
}

/** What an execution has from its start on. */
const lastingFields = [
  "execution_id",
  "flow_id",
  "flow_version",
  "definition_hash",
  "customer_id",
  "customer_name",
  "batch_id",
  "started_at",
  "requester_id",
  "parent_id",
  "driver",
] as const;

/** Values that are compared as they are. */
const changingFields = ExecutionHeader.keyof().exclude([...lastingFields, "waiting_for"]).options;

/** Of one execution. At each append, so it stops at the first difference and makes nothing. */
export function isSameHeader(one: ExecutionHeader, other: ExecutionHeader): boolean {
  for (const field of changingFields) if (one[field] !== other[field]) return false;
  if (one.waiting_for.length === 0 && other.waiting_for.length === 0) return true;
  return isDeepStrictEqual(one.waiting_for, other.waiting_for);
}

const nobody = { people: [], references: [], requester_id: null, listed: false, execution_id: null };

/** Of the assessment that ended last. */
function riskScore(state: ExecutionState): number | null {
  let last: { score: number; at: number } | null = null;
  for (const { id } of state.definition.steps) {
    const { output, endedAt } = stepState(state, id);
    if (typeof output !== "object" || output === null || Array.isArray(output)) continue;
    const { risk_score: score = null } = output;
    const at = endedAt ?? 0;
    if (typeof score === "number" && (last === null || at > last.at)) last = { score, at };
  }
  return last?.score ?? null;
}
