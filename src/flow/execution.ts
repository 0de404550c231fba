/**
 * An execution's state as the fold of its log (D1).
 *
 * Job: `evolve` says what each event means. Non-job: it decides nothing and refuses nothing; what the log says has happened.
 */
import type { Customer } from "./customer.ts";
import { formatDuration } from "./duration.ts";
import { evolveEffect, plannedEffect, type StepEffect } from "./effect-state.ts";
import type { CaseNote, EventOf, ExecutionEvent, LogEntry, StartedBy } from "./event.ts";
import type { Failure } from "./failure.ts";
import type { FlowDefinition } from "./flow.ts";
import type { JsonObject } from "./json.ts";
import type { Person } from "./person.ts";
import type { ExecutionStatus, Outcome } from "./record.ts";
import { evolveService, freshService, redrivenService, type ServiceState } from "./service-state.ts";
import {
  evolveStep,
  freshStep,
  startAfterCompensation,
  startAgain,
  stopStep,
  type StepEvent,
  type StepState,
} from "./step-state.ts";
import { withUsage, type Usage } from "./usage.ts";
import { freshWork } from "./work-state.ts";

export type { ApprovalState, EditState, Vote } from "./approval-state.ts";
export type { StepEffect } from "./effect-state.ts";
export type { ItemState, StepState } from "./step-state.ts";
export type { AttemptState, StepStatus, Work } from "./work-state.ts";

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
  /** Keys under which it has a place or waits for one; the second list is what it still waits for. */
  slots: string[];
  queued: { keys: string[]; since: number } | null;
  /** It is to end so, once what it compensates is done. */
  stopping: { status: "aborted" | "timed_out"; by: Person | null; at: number; compensate: boolean } | null;
  /** The steps that are taken back, in that order; null: none has to be, or not yet. */
  compensating: string[] | null;
  steps: Record<string, StepState>;
  cards: Record<string, { channel: string; ts: string; at: number }>;
  /** What was found last about the case that it asked about. */
  caseNote: CaseNote | null;
  /** Of models, over all attempts, those before a redrive included. */
  usage: Usage[];
  /** Of one that a service outside drives; null: an engine process drives it. */
  service: ServiceState | null;
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
    slots: event.slots,
    queued: null,
    stopping: null,
    compensating: null,
    steps: freshSteps(definition),
    cards: {},
    caseNote: null,
    usage: [],
    service: event.driver === undefined ? null : freshService,
    owner: null,
    epoch: 0,
    sequence: 0,
  };
}

/** Of each definition: an event copies the step that it changes, so all executions begin with the same ones. */
const knownFreshSteps = new WeakMap<FlowDefinition, ExecutionState["steps"]>();

function freshSteps(definition: FlowDefinition): ExecutionState["steps"] {
  const known = knownFreshSteps.get(definition);
  if (known !== undefined) return known;
  const steps = Object.fromEntries(definition.steps.map(({ id }) => [id, freshStep(id)]));
  knownFreshSteps.set(definition, steps);
  return steps;
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
      return {
        ...state,
        status: "timed_out",
        failure: { stepId: null, failure: timedOut(state), at: event.at },
        redriven: null,
        endedAt: event.at,
      };
    case "execution_aborted":
      return { ...state, status: "aborted", endedAt: event.at };
    case "execution_queued":
      return { ...state, queued: { keys: event.keys, since: event.at } };
    case "execution_admitted":
      return { ...state, queued: null };
    case "stop_begun":
      return stop(state, event);
    case "compensation_begun":
      return {
        ...state,
        compensating: event.step_ids,
        steps: { ...state.steps, ...Object.fromEntries(event.step_ids.map((id) => [id, compensated(state, id)])) },
      };
    case "redriven":
      return redrive(state, event);
    case "card_posted":
      return {
        ...state,
        cards: { ...state.cards, [event.card]: { channel: event.channel, ts: event.ts, at: event.at } },
      };
    case "case_noted":
      return { ...state, caseNote: event.note };
    case "service_told":
    case "service_unheard":
    case "token_kept":
    case "token_answered":
      return { ...state, service: evolveService(state.service ?? freshService, event) };
    case "effect_begun":
    case "effect_performed":
    case "effect_failed":
    case "effect_doubted":
    case "effect_held":
    case "doubt_resolved":
      if (state.notice?.key === event.key) return { ...state, notice: evolveEffect(state.notice, event) };
      return withStep(state, event);
    case "effects_planned":
      if (event.effects[0]?.target === "#failure")
        return { ...state, notice: plannedEffect(noticeKey(state), event.effects[0]) };
      return withStep(state, event);
    case "step_skipped":
    case "step_started":
    case "items_found":
    case "wait_started":
    case "wait_ended":
    case "flow_started":
    case "flow_ended":
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
    case "approval_kept":
      return withStep(state, event);
    default:
      return event satisfies never;
  }
}

function withStep(state: ExecutionState, event: StepEvent): ExecutionState {
  const step = knownStep(state, event.step_id);
  const steps = { ...state.steps, [step.id]: evolveStep(state, step, event) };
  const used = "usage" in event ? event.usage : undefined;
  return used === undefined ? { ...state, steps } : { ...state, steps, usage: withUsage(state.usage, used) };
}

function knownStep(state: ExecutionState, stepId: string): StepState {
  const step = state.steps[stepId];
  if (step === undefined)
    throw new Error(`The log of ${state.executionId} names step ${stepId}, which its flow does not have.`);
  return step;
}

function timedOut({ definition }: ExecutionState): Failure {
  return {
    error: "Step.Timeout",
    cause: `The flow's own timeout of ${formatDuration(definition.timeout_ms ?? 0)} has passed.`,
  };
}

function stop(state: ExecutionState, { status, by, at, compensate }: EventOf<"stop_begun">): ExecutionState {
  const steps = Object.entries(state.steps).map(([id, step]) => [id, stopStep(step, at)] as const);
  return { ...state, queued: null, stopping: { status, by, at, compensate }, steps: Object.fromEntries(steps) };
}

function compensated(state: ExecutionState, stepId: string): StepState {
  const step = knownStep(state, stepId);
  return { ...step, compensation: { ...freshWork(), generation: step.generation } };
}

/**
 * A service goes on where it was cut off; what has failed there, or was taken back, stands in its own books, and the name of a
 * sub-flow is taken.
 */
function redrivenOf(state: ExecutionState, { steps, input }: EventOf<"redriven">): ServiceState | null {
  if (state.service === null) return null;
  const hasFailed = Object.values(state.steps).some(
    ({ status, compensation }) => status === "failed" || compensation !== null,
  );
  const hasSubFlows = state.definition.steps.some(({ kind }) => kind === "flow");
  const isWhole = steps === null && input === null && !hasFailed && !hasSubFlows;
  return redrivenService(state.service, { isWhole });
}

/** E1: what happened stays; what starts again is in the event, or is what had not succeeded. */
function redrive(state: ExecutionState, event: EventOf<"redriven">): ExecutionState {
  const chosen = event.steps === null ? null : new Set(event.steps);
  const restarts = (step: StepState) =>
    chosen === null
      ? step.status === "failed" || step.status === "aborted" || step.skipped === "upstream"
      : chosen.has(step.id);
  const again = (step: StepState) => {
    if (step.compensation?.status === "succeeded") return startAfterCompensation(step);
    return restarts(step) ? startAgain(step) : { ...step, compensation: null };
  };
  return {
    ...state,
    status: "running",
    outcome: null,
    notice: null,
    endedAt: null,
    input: event.input ?? state.input,
    stopping: null,
    compensating: null,
    redriven: { by: event.by, at: event.at },
    redrives: state.redrives + 1,
    service: redrivenOf(state, event),
    steps: Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, again(step)])),
  };
}
