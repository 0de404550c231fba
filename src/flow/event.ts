/**
 * The lines of an execution's append-only history (D1: the log is the only truth).
 * Every event says what happened and what was found at the time; nothing is computed again when the log is read.
 */
import { z } from "zod";
import { SetAside, Transition } from "./case.ts";
import { Customer } from "./customer.ts";
import { PlannedEffect, Receipt } from "./effect.ts";
import { Failure } from "./failure.ts";
import { DecisionWord, Identifier } from "./flow.ts";
import { Hold } from "./hold.ts";
import { Json, JsonObject } from "./json.ts";
import { Person } from "./person.ts";
import { Usage } from "./usage.ts";

const Instant = z.number().int();
const step_id = Identifier;
/**
 * What of a step an attempt or an effect belongs to: an item of a step that repeats (its index), or the step's compensation.
 * Left out: the step itself.
 */
export const StepPart = z.union([z.number().int().nonnegative(), z.literal("compensation")]);
export type StepPart = z.infer<typeof StepPart>;
const part = StepPart.optional();
/** Of the model, until the agent answered or failed; left out: none was asked. */
const usage = Usage.optional();

export const StartedBy = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("manual"), person: Person.nullable() }),
  z.strictObject({ type: z.literal("schedule"), trigger: z.number().int(), scheduled_at: Instant }),
  z.strictObject({ type: z.literal("event"), event: z.string(), event_id: z.string(), trigger: z.number().int() }),
  /** By a `flow` step. `requester`: who started the outermost one by hand (A2). */
  z.strictObject({
    type: z.literal("flow"),
    execution_id: z.string(),
    step_id,
    part: StepPart.nullable(),
    requester: Person.nullable(),
    /** How many flow steps lie above it; 1: its parent was started otherwise. */
    depth: z.number().int().positive(),
  }),
]);
export type StartedBy = z.infer<typeof StartedBy>;

/** A service outside that decides what runs next; our processes show it and pass on what people say. */
export const Driver = z.literal("stepfunctions");

/** What a service's token answers for: a decision, a word on a step's effects, or the execution's turn (of its first step). */
export const TokenFor = z.enum(["approval", "doubt", "turn"]);
export type TokenFor = z.infer<typeof TokenFor>;

/** A step's effects as planned when its approval was asked (A3): shown, hashed, performed, never planned again. */
export const StepPlan = z.strictObject({
  step_id,
  /** Of a step that repeats, one plan for each item: its index, and the item itself. */
  part: z.number().int().nonnegative().optional(),
  item: Json.optional(),
  parameters: JsonObject,
  output: Json,
  effects: z.array(PlannedEffect),
});
export type StepPlan = z.infer<typeof StepPlan>;

export const SkipReason = z.enum(["condition", "upstream", "late"]);
export type SkipReason = z.infer<typeof SkipReason>;

/** Who may decide, as resolved when the approval was asked; checked anew at each click (A2). */
export const Approver = z.strictObject({ reference: z.string(), label: z.string() });
export type Approver = z.infer<typeof Approver>;

/** A field's new value in an approval's eyes; the output in the log keeps the old one (A3). */
export const FieldEdit = z.strictObject({ step: Identifier, field: z.string(), value: Json });
export type FieldEdit = z.infer<typeof FieldEdit>;

/** An earlier execution of the same flow about the same customer, as an approver is shown it. */
export const PastExecution = z.strictObject({
  execution_id: z.string(),
  started_at: Instant,
  status: z.enum(["running", "succeeded", "failed", "timed_out", "aborted"]),
  outcome: z.enum(["completed", "rejected", "expired", "nothing_to_do"]).nullable(),
  risk_score: z.number().nullable(),
});
export type PastExecution = z.infer<typeof PastExecution>;

/** What a later execution found about the case that this one asked about. */
export const CaseNote = z.strictObject({
  case_id: z.string(),
  /** The execution that found it, and when. */
  from: z.string(),
  found_at: Instant,
  transition: Transition,
  /** It asks again, on a card of its own. */
  alert: z.boolean(),
  score: z.number().nullable(),
  opened_score: z.number().nullable(),
  /** Days since the case was opened, from 1. */
  day: z.number().int().positive(),
  note: z.string().nullable(),
});
export type CaseNote = z.infer<typeof CaseNote>;

export const ExecutionEvent = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("execution_started"),
    at: Instant,
    execution_id: z.string(),
    flow_id: Identifier,
    flow_version: z.string(),
    definition_hash: z.string(),
    started_by: StartedBy,
    batch_id: z.string().nullable(),
    input: JsonObject,
    customer: Customer.nullable(),
    variables: JsonObject,
    timezone: z.string(),
    /** The keys under which it has a place, or waits for one. Logs written before these existed lack them. */
    slots: z.array(z.string()).default([]),
    driver: Driver.exactOptional(),
  }),
  z.strictObject({ type: z.literal("taken_over"), at: Instant, owner: z.string(), epoch: z.number().int() }),

  /** Too many with its key run: it waits for its turn, and none of its steps starts. */
  z.strictObject({ type: z.literal("execution_queued"), at: Instant, keys: z.array(z.string()) }),
  z.strictObject({ type: z.literal("execution_admitted"), at: Instant }),

  z.strictObject({ type: z.literal("step_skipped"), at: Instant, step_id, reason: SkipReason }),
  z.strictObject({
    type: z.literal("step_started"),
    at: Instant,
    step_id,
    part,
    attempt: z.number().int(),
    parameters: JsonObject,
  }),
  /** What `for_each` gave. */
  z.strictObject({ type: z.literal("items_found"), at: Instant, step_id, items: z.array(Json) }),
  /** A `wait` step, or one that was late and is shifted. */
  z.strictObject({
    type: z.literal("wait_started"),
    at: Instant,
    step_id,
    until: Instant,
    /** The step begins behind it, a `wait` step too. */
    shifts: z.literal(true).optional(),
  }),
  /** A shifted step's time has come: it is looked at again. A `wait` step's own wait ends by `step_succeeded`. */
  z.strictObject({ type: z.literal("wait_ended"), at: Instant, step_id }),
  /** A `flow` step's execution; it exists already. */
  z.strictObject({ type: z.literal("flow_started"), at: Instant, step_id, part, execution_id: z.string() }),
  /** One whose step has been cut off has ended at last. */
  z.strictObject({ type: z.literal("flow_ended"), at: Instant, step_id, part, execution_id: z.string() }),
  z.strictObject({ type: z.literal("attempt_lost"), at: Instant, step_id, part, attempt: z.number().int() }),
  z.strictObject({
    type: z.literal("attempt_failed"),
    at: Instant,
    step_id,
    part,
    attempt: z.number().int(),
    failure: Failure,
    /** Null: no further attempt. */
    retry_at: Instant.nullable(),
    usage,
  }),
  z.strictObject({
    type: z.literal("effects_planned"),
    at: Instant,
    step_id,
    part,
    output: Json,
    effects: z.array(PlannedEffect),
    usage,
  }),
  z.strictObject({ type: z.literal("effect_begun"), at: Instant, step_id, part, key: z.string() }),
  z.strictObject({
    type: z.literal("effect_performed"),
    at: Instant,
    step_id,
    part,
    key: z.string(),
    receipt: Receipt.nullable(),
  }),
  z.strictObject({ type: z.literal("effect_failed"), at: Instant, step_id, part, key: z.string(), failure: Failure }),
  z.strictObject({ type: z.literal("effect_doubted"), at: Instant, step_id, part, key: z.string(), cause: z.string() }),
  /** It was begun, and not sent: somebody is not to be reached now, or at all. */
  z.strictObject({ type: z.literal("effect_held"), at: Instant, step_id, part, key: z.string(), hold: Hold }),
  z.strictObject({
    type: z.literal("doubt_resolved"),
    at: Instant,
    step_id,
    part,
    key: z.string(),
    answer: z.enum(["send_again", "arrived"]),
    by: Person,
  }),
  z.strictObject({ type: z.literal("step_succeeded"), at: Instant, step_id, part, output: Json, usage }),
  z.strictObject({ type: z.literal("step_failed"), at: Instant, step_id, part, failure: Failure }),

  z.strictObject({
    type: z.literal("approval_requested"),
    at: Instant,
    step_id,
    approvers: z.array(Approver),
    quorum: z.number().int(),
    expires_at: Instant.nullable(),
    plans: z.array(StepPlan),
    /** Steps whose effects can't be known yet. */
    later: z.array(Identifier),
    /** SHA-256 over definition, finished outputs and plans. */
    hash: z.string(),
    version: z.number().int(),
    // Logs written before these existed lack them.
    remind_at: Instant.nullable().default(null),
    escalate_at: Instant.nullable().default(null),
    escalate_to: z.array(Approver).default([]),
    history: z.array(PastExecution).default([]),
    /** In the batch's list rather than on a card of its own. */
    listed: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal("approval_edited"),
    at: Instant,
    step_id,
    by: Person,
    /** All that stand from now on, those of earlier edits included. */
    edits: z.array(FieldEdit),
    plans: z.array(StepPlan),
    later: z.array(Identifier),
    hash: z.string(),
    version: z.number().int(),
  }),
  z.strictObject({ type: z.literal("approval_reminded"), at: Instant, step_id }),
  z.strictObject({
    type: z.literal("approval_escalated"),
    at: Instant,
    step_id,
    reason: z.enum(["after", "timeout", "no_approver"]),
    approvers: z.array(Approver),
    expires_at: Instant.nullable(),
  }),
  z.strictObject({
    type: z.literal("vote_cast"),
    at: Instant,
    step_id,
    decision: DecisionWord,
    by: Person,
    reason: z.string().nullable(),
    /** The rejection set the case aside. */
    aside: SetAside.optional(),
  }),
  z.strictObject({
    type: z.literal("approval_ended"),
    at: Instant,
    step_id,
    status: z.enum(["approved", "rejected", "expired", "withdrawn"]),
  }),
  /** After a redrive nothing that was decided about has changed: the decision stands (E1). */
  z.strictObject({ type: z.literal("approval_kept"), at: Instant, step_id }),

  /** A card stands in Slack; a later version replaces it. `card` is a key such as `executionId/stepId#card`. */
  z.strictObject({
    type: z.literal("card_posted"),
    at: Instant,
    card: z.string(),
    channel: z.string(),
    ts: z.string(),
  }),

  z.strictObject({ type: z.literal("case_noted"), at: Instant, note: CaseNote }),

  /** The service that drives it was told to start it (once more after a redrive: under another name), or to stop. */
  z.strictObject({
    type: z.literal("service_told"),
    at: Instant,
    what: z.enum(["start", "stop"]),
    /** Of the service's execution. */
    name: z.string(),
    /** How often it had been redriven by then. */
    redrives: z.number().int().nonnegative(),
  }),
  /** The service could not be told what it is owed, and is told again: once for each reason. */
  z.strictObject({ type: z.literal("service_unheard"), at: Instant, failure: Failure }),
  /** The service waits until this is answered; shown to nobody. */
  z.strictObject({
    type: z.literal("token_kept"),
    at: Instant,
    step_id,
    part,
    for: TokenFor,
    token: z.string(),
  }),
  /** `late`: it no longer waited for it. */
  z.strictObject({
    type: z.literal("token_answered"),
    at: Instant,
    step_id,
    part,
    for: TokenFor,
    token: z.string(),
    late: z.boolean(),
  }),

  z.strictObject({
    type: z.literal("execution_succeeded"),
    at: Instant,
    outcome: z.enum(["completed", "rejected", "expired", "nothing_to_do"]),
  }),
  z.strictObject({
    type: z.literal("execution_failed"),
    at: Instant,
    step_id: Identifier.nullable(),
    failure: Failure,
  }),
  /** Nothing more of it begins; what was under way is cut off. Its compensations, if any, run before it ends. */
  z.strictObject({
    type: z.literal("stop_begun"),
    at: Instant,
    status: z.enum(["aborted", "timed_out"]),
    by: Person.nullable(),
    compensate: z.boolean(),
  }),
  /** In the order in which they run. */
  z.strictObject({ type: z.literal("compensation_begun"), at: Instant, step_ids: z.array(Identifier) }),
  z.strictObject({ type: z.literal("execution_timed_out"), at: Instant }),
  z.strictObject({ type: z.literal("execution_aborted"), at: Instant, by: Person.nullable() }),
  z.strictObject({
    type: z.literal("redriven"),
    at: Instant,
    by: Person.nullable(),
    // Logs written before these existed lack them.
    /** The steps that start again; null: those that had not succeeded. */
    steps: z.array(Identifier).nullable().default(null),
    /** The whole input from now on; null: as it was. */
    input: JsonObject.nullable().default(null),
  }),
]);
export type ExecutionEvent = z.infer<typeof ExecutionEvent>;
export type EventOf<T extends ExecutionEvent["type"]> = Extract<ExecutionEvent, { type: T }>;

/** One append: events that became true together. `sequence` starts at 1 and has no gap (D2). */
export const LogEntry = z.strictObject({
  execution_id: z.string(),
  sequence: z.number().int().positive(),
  epoch: z.number().int(),
  events: z.array(ExecutionEvent).min(1),
});
export type LogEntry = z.infer<typeof LogEntry>;
