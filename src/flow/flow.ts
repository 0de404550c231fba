/**
 * A flow as the engine runs it: the normalised, resolved definition that is stored by its content hash (D4).
 * Records have the YAML's own keys; durations are milliseconds. What people write is read by `flow-file.ts`.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ErrorName } from "./failure.ts";
import { canonicalJson, Json, JsonObject } from "./json.ts";
import { ApproverReference } from "./person.ts";

export const identifier = /^[a-z][a-z0-9_]{0,63}$/;
/** Names that would shadow a root of the expressions or a word of JSONata. */
export const reservedIds: ReadonlySet<string> = new Set(
  "customer input execution flow batch item index states and or in true false null".split(" "),
);
export const Identifier = z
  .string()
  .regex(identifier)
  .refine((id) => !reservedIds.has(id));

export const AgentName = z.enum(["data_agent", "decision_agent", "execution_agent"]);
export type AgentName = z.infer<typeof AgentName>;

const Milliseconds = z.number().int().nonnegative();

export const RetryPolicy = z.strictObject({
  /** Counts the first try; ASL's `MaxAttempts` counts retries. */
  max_attempts: z.number().int().positive(),
  interval_ms: Milliseconds,
  backoff_rate: z.number().min(1),
  max_interval_ms: Milliseconds,
  jitter: z.enum(["full", "none"]),
  /** Null: whatever may be retried at all. */
  on: z.array(ErrorName).nullable(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

export const Dependency = z.strictObject({ step: Identifier, optional: z.boolean() });
export type Dependency = z.infer<typeof Dependency>;

const stepFields = {
  id: Identifier,
  depends_on: z.array(Dependency),
  /** A whole `${…}` that gives a boolean. */
  when: z.string().nullable(),
  timeout_ms: Milliseconds.nullable(),
  // Definitions stored before these existed lack them (D4).
  /** The instant that the step was meant for, ISO 8601: a literal or a whole `${…}`; null: none. */
  due: z.string().nullable().default(null),
  /** What becomes of a step that is ready after `due`; `shift`: to the recipient's next working hour. */
  late: z.enum(["run", "skip", "shift"]).default("run"),
};

/** Runs once if the flow is taken back: with the step's own output as a root. */
export const Compensation = z.strictObject({
  agent: AgentName,
  action: z.string().min(1),
  parameters: JsonObject,
});
export type Compensation = z.infer<typeof Compensation>;

/** What a step may do for each item of a list, what follows its failure, and what takes it back. */
const repeatableFields = {
  on_error: z.enum(["fail", "continue", "compensate"]),
  /** A whole `${…}` that gives a list; null: the step runs once. */
  for_each: z.string().nullable().default(null),
  /** Items under way at once; null: as many as there are. */
  max_concurrency: z.number().int().positive().nullable().default(null),
  compensate: Compensation.nullable().default(null),
};

export const AgentStep = z.strictObject({
  kind: z.literal("agent"),
  ...stepFields,
  ...repeatableFields,
  agent: AgentName,
  action: z.string().min(1),
  /** Values may hold `${…}`. */
  parameters: JsonObject,
  retry: RetryPolicy,
});
export type AgentStep = z.infer<typeof AgentStep>;

export const DecisionWord = z.enum(["approve", "reject"]);
export type DecisionWord = z.infer<typeof DecisionWord>;

/** A3: a field of an earlier step's output that an approver may change before deciding. */
export const EditableField = z.strictObject({ step: Identifier, field: z.string().min(1) });
export type EditableField = z.infer<typeof EditableField>;

export const Escalation = z.strictObject({
  /** Null: only when nobody else can decide, or the time runs out. */
  after_ms: Milliseconds.nullable(),
  /** As `approvers`. */
  to: z.array(ApproverReference).min(1),
});
export type Escalation = z.infer<typeof Escalation>;

export const ApprovalStep = z.strictObject({
  kind: z.literal("approval"),
  ...stepFields,
  /** References, or whole `${…}` that give one, a list or null. */
  approvers: z.array(ApproverReference).min(1),
  quorum: z.number().int().positive(),
  reason_required: z.array(DecisionWord),
  requester_may_decide: z.boolean(),
  on_timeout: z.enum(["expire", "approve", "escalate"]),
  // Definitions stored before these existed lack them (D4).
  editable: z.array(EditableField).default([]),
  remind_after_ms: Milliseconds.nullable().default(null),
  escalate: Escalation.nullable().default(null),
});
export type ApprovalStep = z.infer<typeof ApprovalStep>;

/** Exactly one of the two is set. */
export const WaitStep = z.strictObject({
  kind: z.literal("wait"),
  ...stepFields,
  duration_ms: Milliseconds.nullable(),
  /** An instant, ISO 8601: a literal or a whole `${…}` that gives one. */
  until: z.string().nullable(),
});
export type WaitStep = z.infer<typeof WaitStep>;

/** A sub-flow: an execution of its own, whose end is this step's. */
export const FlowStep = z.strictObject({
  kind: z.literal("flow"),
  ...stepFields,
  ...repeatableFields,
  flow_id: Identifier,
  /** Values may hold `${…}`. */
  input: JsonObject,
});
export type FlowStep = z.infer<typeof FlowStep>;

export const Step = z.discriminatedUnion("kind", [AgentStep, ApprovalStep, WaitStep, FlowStep]);
export type Step = z.infer<typeof Step>;

export const InputType = z.enum(["string", "number", "integer", "boolean", "date", "datetime"]);
export const InputField = z.strictObject({
  type: InputType,
  enum: z.array(z.string()).nullable(),
  required: z.boolean(),
  default: Json,
  description: z.string().nullable(),
});
export type InputField = z.infer<typeof InputField>;

export const ScheduleTrigger = z.strictObject({
  type: z.literal("schedule"),
  /** `cron(…)`, `rate(…)` or `at(…)`; a bare cron is written as `cron(…)`. */
  schedule: z.string(),
  /** IANA; null: the app's own zone. */
  timezone: z.string().nullable(),
  catch_up: z.enum(["none", "latest", "all"]),
  overlap: z.enum(["skip", "queue", "allow"]),
  /** One PostgreSQL predicate, the list joined by AND; null: every customer. */
  filter: z.array(z.string()).nullable(),
  /** Each firing comes this much later at most, by a draw that is the same in every process. */
  jitter_ms: Milliseconds.default(0),
});
export type ScheduleTrigger = z.infer<typeof ScheduleTrigger>;

export const EventTrigger = z.strictObject({
  type: z.literal("event"),
  event: z.string().min(1),
  overlap: z.enum(["skip", "queue", "allow"]),
  filter: z.array(z.string()).nullable(),
});
export type EventTrigger = z.infer<typeof EventTrigger>;
export const ManualTrigger = z.strictObject({ type: z.literal("manual"), overlap: z.enum(["skip", "queue", "allow"]) });
export const Trigger = z.discriminatedUnion("type", [ScheduleTrigger, EventTrigger, ManualTrigger]);
export type Trigger = z.infer<typeof Trigger>;

export const Concurrency = z.strictObject({
  /** A text with `${…}`; what it gives is compared among the executions of this flow_id. */
  key: z.string().min(1),
  limit: z.number().int().positive(),
});
export type Concurrency = z.infer<typeof Concurrency>;

export const FlowDefinition = z.strictObject({
  flow_id: Identifier,
  version: z.string(),
  description: z.string().nullable(),
  /** Holds `customer_id` wherever the flow is about a customer, declared or not. */
  input: z.record(Identifier, InputField),
  triggers: z.array(Trigger),
  /** In the file's order; every dependency exists and there is no cycle. */
  steps: z.array(Step).min(1),
  /** A mail address or a whole `${…}` that gives one. */
  failure_notification: z.string().nullable(),
  /** Of the whole execution, its time in a queue included. */
  timeout_ms: Milliseconds.nullable(),
  /** How many executions with the same key may run at once; what is over the limit queues. */
  concurrency: Concurrency.nullable().default(null),
});
export type FlowDefinition = z.infer<typeof FlowDefinition>;

/** A definition is never changed once it is made, so its hash is worked out once. */
const hashes = new WeakMap<FlowDefinition, string>();

/** SHA-256 over the normalised definition, in hexadecimal. */
export function definitionHash(definition: FlowDefinition): string {
  const known = hashes.get(definition);
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(canonicalJson(definition)).digest("hex");
  hashes.set(definition, hash);
  return hash;
}

/** A flow is about a customer when it takes one. */
export function isAboutCustomer(definition: FlowDefinition): boolean {
  return "customer_id" in definition.input;
}

/** A flow that finds its customers by itself can be started for all of them. */
export function hasFilter(definition: FlowDefinition): boolean {
  return definition.triggers.some((trigger) => trigger.type !== "manual" && trigger.filter !== null);
}
