/**
 * An execution's state as the fold of its log (D1).
 *
 * Job: `evolve` says what each event means. Non-job: it decides nothing and refuses nothing; what the log says has happened.
 */
import type { Customer } from "./customer.ts";
import { effectKey, type EffectState, type PlannedEffect } from "./effect.ts";
import type {
  Approver,
  EventOf,
  ExecutionEvent,
  FieldEdit,
  LogEntry,
  PastExecution,
  SkipReason,
  StartedBy,
  StepPlan,
} from "./event.ts";
import type { Failure } from "./failure.ts";
import type { DecisionWord, FlowDefinition } from "./flow.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Person } from "./person.ts";
import type { ExecutionStatus, Outcome } from "./record.ts";

export interface AttemptState {
  number: number;
  startedAt: number;
  endedAt: number | null;
  failure: Failure | null;
  lost: boolean;
}

export interface Vote {
  decision: DecisionWord;
  by: Person;
  at: number;
  reason: string | null;
}

/** One edit as the log tells it: who changed what, from which version to the next. */
export interface EditState {
  by: Person;
  at: number;
  version: number;
  edits: FieldEdit[];
}

export interface ApprovalState {
  approvers: Approver[];
  quorum: number;
  requestedAt: number;
  expiresAt: number | null;
  plans: StepPlan[];
  later: string[];
  hash: string;
  version: number;
  /** Of this version: an edit asks anew (A3). */
  votes: Vote[];
  edits: FieldEdit[];
  edited: EditState[];
  remindAt: number | null;
  remindedAt: number | null;
  escalateAt: number | null;
  escalateTo: Approver[];
  escalated: { at: number; reason: EventOf<"approval_escalated">["reason"] } | null;
  history: PastExecution[];
  listed: boolean;
  status: "pending" | "approved" | "rejected" | "expired" | "withdrawn";
  endedAt: number | null;
}

export interface StepEffect {
  key: string;
  /** From 1; a person's "send again" makes the next (E1). */
  generation: number;
  planned: PlannedEffect;
  state: EffectState;
  resolution: { answer: "send_again" | "arrived"; by: Person; at: number } | null;
  /** When it was last begun, and in which attempt: one begun earlier may have arrived (E2). */
  begunAt: number | null;
  begunAttempt: number;
}

export type StepStatus = "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "aborted";

export interface StepState {
  id: string;
  status: StepStatus;
  skipped: SkipReason | null;
  startedAt: number | null;
  endedAt: number | null;
  parameters: JsonObject | null;
  attempts: AttemptState[];
  /** Since the start or the last redrive; lost ones are counted apart (D3). */
  failedAttempts: number;
  lostAttempts: number;
  retryAt: number | null;
  output: Json;
  failure: Failure | null;
  /** Null until planned. */
  effects: StepEffect[] | null;
  plannedOutput: Json;
  approval: ApprovalState | null;
}

export interface ExecutionState {
  definition: FlowDefinition;
  executionId: string;
  flowId: string;
  flowVersion: string;
  definitionHash: string;
  startedBy: StartedBy;
  batchId: string | null;
  input: JsonObject;
  customer: Customer | null;
  variables: JsonObject;
  timezone: string;
  startedAt: number;
  endedAt: number | null;
  status: ExecutionStatus;
  outcome: Outcome | null;
  /** The last one, kept over a redrive: its card then says who redrove it. */
  failure: { stepId: string | null; failure: Failure; at: number } | null;
  /** The mail about a failure; planned once, settled before the execution ends. */
  notice: StepEffect | null;
  redriven: { by: Person | null; at: number } | null;
  redrives: number;
  steps: Record<string, StepState>;
  cards: Record<string, { channel: string; ts: string; at: number }>;
  owner: string | null;
  epoch: number;
  /** Of the last entry folded in. */
  sequence: number;
}

/** Key of the mail that reports a failure: its own suffix, so that no step's effect can have it. */
export function noticeKey(parts: { executionId: string; redrives: number }): string {
  return `${parts.executionId}/#failure${parts.redrives === 0 ? "" : `-${parts.redrives + 1}`}`;
}

export function fold({
  definition,
  entries,
}: {
  definition: FlowDefinition;
  entries: LogEntry[];
}): ExecutionState | null {
  let state: ExecutionState | null = null;
  for (const entry of entries) {
    for (const event of entry.events) {
      state = state === null ? begin({ definition, event }) : evolve(state, event);
    }
    if (state !== null) state = { ...state, sequence: entry.sequence };
  }
  return state;
}

/** The first event makes the state; any other first event is a broken log. */
export function begin({ definition, event }: { definition: FlowDefinition; event: ExecutionEvent }): ExecutionState {
  if (event.type !== "execution_started") throw new Error(`A log starts with execution_started, not ${event.type}.`);
  return {
    definition,
    executionId: event.execution_id,
    flowId: event.flow_id,
    flowVersion: event.flow_version,
    definitionHash: event.definition_hash,
    startedBy: event.started_by,
    batchId: event.batch_id,
    input: event.input,
    customer: event.customer,
    variables: event.variables,
    timezone: event.timezone,
    startedAt: event.at,
    endedAt: null,
    status: "running",
    outcome: null,
    failure: null,
    notice: null,
    redriven: null,
    redrives: 0,
    steps: Object.fromEntries(definition.steps.map((step) => [step.id, freshStep(step.id)])),
    cards: {},
    owner: null,
    epoch: 0,
    sequence: 0,
  };
}

function freshStep(id: string): StepState {
  return {
    id,
    status: "pending",
    skipped: null,
    startedAt: null,
    endedAt: null,
    parameters: null,
    attempts: [],
    failedAttempts: 0,
    lostAttempts: 0,
    retryAt: null,
    output: null,
    failure: null,
    effects: null,
    plannedOutput: null,
    approval: null,
  };
}

export function evolve(state: ExecutionState, event: ExecutionEvent): ExecutionState {
  switch (event.type) {
    case "execution_started":
      throw new Error("A log holds execution_started once.");
    case "taken_over":
      return { ...state, owner: event.owner, epoch: event.epoch };
    case "execution_succeeded":
      return { ...state, status: "succeeded", outcome: event.outcome, endedAt: event.at };
    case "execution_failed":
      return {
        ...state,
        status: "failed",
        failure: { stepId: event.step_id, failure: event.failure, at: event.at },
        redriven: null,
        endedAt: event.at,
      };
    case "execution_timed_out":
      return { ...state, status: "timed_out", endedAt: event.at };
    case "execution_aborted":
      return { ...state, status: "aborted", endedAt: event.at };
    case "redriven":
      return redrive(state, event);
    case "card_posted":
      return {
        ...state,
        cards: { ...state.cards, [event.card]: { channel: event.channel, ts: event.ts, at: event.at } },
      };
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "doubt_resolved":
      if (state.notice?.key === event.key) return { ...state, notice: evolveEffect(state.notice, event) };
      return withStep(state, event.step_id, (step) => evolveStep(state, step, event));
    case "effects_planned":
      if (event.effects[0]?.target === "#failure") return { ...state, notice: plannedNotice(state, event.effects[0]) };
      return withStep(state, event.step_id, (step) => evolveStep(state, step, event));
    case "step_skipped":
    case "step_started":
    case "attempt_lost":
    case "attempt_failed":
    case "step_succeeded":
    case "step_failed":
    case "approval_requested":
    case "approval_edited":
    case "approval_reminded":
    case "approval_escalated":
    case "vote_cast":
    case "approval_ended":
      return withStep(state, event.step_id, (step) => evolveStep(state, step, event));
    default:
      return event satisfies never;
  }
}

type EffectEvent = EventOf<"effect_begun" | "effect_performed" | "effect_failed" | "effect_doubted" | "doubt_resolved">;
type StepEvent = Extract<ExecutionEvent, { step_id: string }>;

function withStep(state: ExecutionState, stepId: string, change: (step: StepState) => StepState): ExecutionState {
  const step = state.steps[stepId];
  if (step === undefined)
    throw new Error(`The log of ${state.executionId} names step ${stepId}, which its flow does not have.`);
  return { ...state, steps: { ...state.steps, [stepId]: change(step) } };
}

function evolveStep(state: ExecutionState, step: StepState, event: StepEvent): StepState {
  switch (event.type) {
    case "step_skipped":
      return { ...step, status: "skipped", skipped: event.reason, endedAt: event.at };
    case "step_started":
      return startAttempt(step, event);
    case "attempt_lost":
      return { ...endAttempt(step, event.at, { lost: true, failure: null }), lostAttempts: step.lostAttempts + 1 };
    case "attempt_failed":
      return {
        ...endAttempt(step, event.at, { lost: false, failure: event.failure }, event.attempt),
        status: "running",
        startedAt: step.startedAt ?? event.at,
        failedAttempts: step.failedAttempts + 1,
        retryAt: event.retry_at,
        failure: event.failure,
      };
    case "effects_planned":
      return {
        ...step,
        plannedOutput: event.output,
        effects: event.effects.map((planned) => plannedEffect(state, step.id, planned)),
      };
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "doubt_resolved":
      return settleDoubt({
        ...step,
        effects: (step.effects ?? []).map((effect) =>
          effect.key === event.key
            ? evolveEffect(effect, event, { attempt: step.attempts.length, nextKey: nextKey(state, step.id, effect) })
            : effect,
        ),
      });
    case "step_succeeded":
      return {
        ...endAttempt(step, event.at, { lost: false, failure: null }),
        status: "succeeded",
        output: event.output,
        failure: null,
        endedAt: event.at,
      };
    case "step_failed":
      return {
        ...endAttempt(step, event.at, { lost: false, failure: event.failure }),
        status: "failed",
        failure: event.failure,
        retryAt: null,
        endedAt: event.at,
      };
    case "approval_requested":
      return requestApproval(step, event);
    case "approval_edited":
    case "approval_reminded":
    case "approval_escalated":
    case "vote_cast":
      return step.approval === null ? step : { ...step, approval: evolveApproval(step.approval, event) };
    case "approval_ended":
      return endApproval(step, event);
    default:
      return step;
  }
}

function startAttempt(step: StepState, event: EventOf<"step_started">): StepState {
  const attempt: AttemptState = {
    number: event.attempt,
    startedAt: event.at,
    endedAt: null,
    failure: null,
    lost: false,
  };
  return {
    ...step,
    status: "running",
    startedAt: step.startedAt ?? event.at,
    parameters: event.parameters,
    attempts: [...step.attempts.map((earlier) => ({ ...earlier, endedAt: earlier.endedAt ?? event.at })), attempt],
    effects: step.effects?.map(plannedAgain) ?? null,
    retryAt: null,
  };
}

/** A failed effect certainly did not happen, so the next attempt performs it. */
function plannedAgain(effect: StepEffect): StepEffect {
  return effect.state.status === "failed" ? { ...effect, state: { status: "planned" } } : effect;
}

function endAttempt(
  step: StepState,
  at: number,
  end: { lost: boolean; failure: Failure | null },
  number?: number,
): StepState {
  const last = step.attempts.at(-1);
  // Asking for an approval has no step_started of its own: its failed attempts are known by their end alone.
  if (last === undefined || last.endedAt !== null) {
    if (number === undefined) return step;
    return { ...step, attempts: [...step.attempts, { number, startedAt: at, endedAt: at, ...end }] };
  }
  return { ...step, attempts: [...step.attempts.slice(0, -1), { ...last, endedAt: at, ...end }] };
}

function plannedEffect(state: ExecutionState, stepId: string, planned: PlannedEffect): StepEffect {
  const key = effectKey({ executionId: state.executionId, stepId, target: planned.target });
  return {
    key,
    generation: 1,
    planned,
    state: { status: "planned" },
    resolution: null,
    begunAt: null,
    begunAttempt: 0,
  };
}

function plannedNotice(state: ExecutionState, planned: PlannedEffect): StepEffect {
  const key = noticeKey(state);
  return {
    key,
    generation: 1,
    planned,
    state: { status: "planned" },
    resolution: null,
    begunAt: null,
    begunAttempt: 0,
  };
}

function nextKey(state: ExecutionState, stepId: string, effect: StepEffect): string {
  const target = effect.planned.target;
  return effectKey({ executionId: state.executionId, stepId, target, generation: effect.generation + 1 });
}

function evolveEffect(
  effect: StepEffect,
  event: EffectEvent,
  within: { attempt: number; nextKey: string } = { attempt: 1, nextKey: effect.key },
): StepEffect {
  switch (event.type) {
    case "effect_begun":
      return { ...effect, state: { status: "begun", at: event.at }, begunAt: event.at, begunAttempt: within.attempt };
    case "effect_performed":
      return { ...effect, state: { status: "performed", at: event.at, receipt: event.receipt } };
    case "effect_failed":
      return { ...effect, state: { status: "failed", at: event.at, failure: event.failure } };
    case "effect_doubted":
      return { ...effect, state: { status: "doubtful", at: event.at, cause: event.cause } };
    case "doubt_resolved": {
      const resolution = { answer: event.answer, by: event.by, at: event.at };
      if (event.answer === "arrived") {
        return { ...effect, resolution, state: { status: "performed", at: event.at, receipt: null } };
      }
      return {
        ...effect,
        resolution,
        key: within.nextKey,
        generation: effect.generation + 1,
        state: { status: "planned" },
      };
    }
    default:
      return event satisfies never;
  }
}

/** A step waits while one of its effects is in doubt and no attempt is under way (E2). */
function settleDoubt(step: StepState): StepState {
  if (step.status !== "running" && step.status !== "waiting") return step;
  const doubtful = (step.effects ?? []).some((effect) => effect.state.status === "doubtful");
  const begun = (step.effects ?? []).some((effect) => effect.state.status === "begun");
  return { ...step, status: doubtful && !begun ? "waiting" : "running" };
}

function requestApproval(step: StepState, event: EventOf<"approval_requested">): StepState {
  const { approvers, quorum, plans, later, hash, version, history, listed } = event;
  return {
    ...step,
    status: "waiting",
    startedAt: step.startedAt ?? event.at,
    retryAt: null,
    failure: null,
    approval: {
      approvers,
      quorum,
      plans,
      later,
      hash,
      version,
      requestedAt: event.at,
      expiresAt: event.expires_at,
      votes: [],
      edits: [],
      edited: [],
      remindAt: event.remind_at,
      remindedAt: null,
      escalateAt: event.escalate_at,
      escalateTo: event.escalate_to,
      escalated: null,
      history,
      listed,
      status: "pending",
      endedAt: null,
    },
  };
}

function evolveApproval(
  approval: ApprovalState,
  event: EventOf<"approval_edited" | "approval_reminded" | "approval_escalated" | "vote_cast">,
): ApprovalState {
  switch (event.type) {
    case "approval_edited": {
      const { by, at, edits, plans, later, hash, version } = event;
      const edited = [...approval.edited, { by, at, version, edits }];
      // What was approved so far was another version.
      return { ...approval, edits, edited, plans, later, hash, version, votes: [] };
    }
    case "approval_reminded":
      return { ...approval, remindedAt: event.at };
    case "approval_escalated": {
      const { approvers, expires_at: expiresAt, at, reason } = event;
      return { ...approval, approvers, expiresAt, escalated: { at, reason } };
    }
    case "vote_cast":
      return { ...approval, votes: [...approval.votes, voteOf(event)] };
    default:
      return event satisfies never;
  }
}

function voteOf(event: EventOf<"vote_cast">): Vote {
  return { decision: event.decision, by: event.by, at: event.at, reason: event.reason };
}

function endApproval(step: StepState, event: EventOf<"approval_ended">): StepState {
  if (step.approval === null) return step;
  const approval: ApprovalState = { ...step.approval, status: event.status, endedAt: event.at };
  if (event.status === "withdrawn") return { ...step, approval, status: "aborted", endedAt: event.at };
  // Whatever was decided, the wait has succeeded; what lets dependents run is the decision (readiness.ts).
  return { ...step, approval, status: "succeeded", endedAt: event.at, output: decisionOutput(approval, event) };
}

function decisionOutput(approval: ApprovalState, event: EventOf<"approval_ended">): Json {
  const deciding = approval.votes.findLast(
    (vote) => vote.decision === (event.status === "rejected" ? "reject" : "approve"),
  );
  return {
    decision: event.status,
    by: approval.votes.map((vote) => vote.by.email ?? vote.by.user_id),
    at: new Date(event.at).toISOString(),
    reason: deciding?.reason ?? null,
    edits: approval.edits,
  };
}

/** Keeps what succeeded; what failed, was skipped for it or was cut off starts again (E1: effects that happened stay). */
function redrive(state: ExecutionState, event: EventOf<"redriven">): ExecutionState {
  return {
    ...state,
    status: "running",
    outcome: null,
    notice: null,
    endedAt: null,
    redriven: { by: event.by, at: event.at },
    redrives: state.redrives + 1,
    steps: Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, startAgain(step)])),
  };
}

function startAgain(step: StepState): StepState {
  const restart = step.status === "failed" || step.status === "aborted" || step.skipped === "upstream";
  if (!restart) return step;
  const kept = { attempts: step.attempts, effects: step.effects, plannedOutput: step.plannedOutput };
  return { ...freshStep(step.id), ...kept };
}
