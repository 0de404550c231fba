/** The records beside the log: what lists, batches and the audit read. Each can be made again from the log. */
import { z } from "zod";
import { Driver, StartedBy } from "./event.ts";
import { Person } from "./person.ts";

export const ExecutionStatus = z.enum(["running", "succeeded", "failed", "timed_out", "aborted"]);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;
export const Outcome = z.enum(["completed", "rejected", "expired", "nothing_to_do"]);
export type Outcome = z.infer<typeof Outcome>;

/** What a parked execution waits for, in words that a person reads. */
export const WaitingFor = z.strictObject({
  kind: z.enum(["approval", "doubt", "retry", "held", "wait", "flow", "queue"]),
  step_id: z.string(),
  /** Names of people or roles; empty where nobody is waited for. */
  people: z.array(z.string()),
  since: z.number().int(),
  until: z.number().int().nullable(),
  /** Approver references (A2); empty where nobody is waited for. */
  references: z.array(z.string()).default([]),
  /** Who started it by hand and therefore doesn't decide. */
  requester_id: z.string().nullable().default(null),
  /** In its batch's list rather than on a card of its own. */
  listed: z.boolean().default(false),
  /** Of a sub-flow, or one that stands before it in the queue. */
  execution_id: z.string().nullable().default(null),
});
export type WaitingFor = z.infer<typeof WaitingFor>;

/** What listings know of an execution: an index, written at start, park and end. */
export const ExecutionHeader = z.strictObject({
  execution_id: z.string(),
  flow_id: z.string(),
  flow_version: z.string(),
  definition_hash: z.string(),
  customer_id: z.string().nullable(),
  customer_name: z.string().nullable(),
  batch_id: z.string().nullable(),
  status: ExecutionStatus,
  outcome: Outcome.nullable(),
  /** False once it has ended and its last message has been shown. */
  open: z.boolean(),
  /** When a driver must look at it: an instant in the past while it is being driven, null while only a person can move it. */
  wake_at: z.number().int().nullable(),
  owner: z.string(),
  started_at: z.number().int(),
  ended_at: z.number().int().nullable(),
  waiting_for: z.array(WaitingFor),
  /** Who started it by hand. */
  requester_id: z.string().nullable().default(null),
  /** Of the last assessment, 0 to 1; null: none was made. */
  risk_score: z.number().nullable().default(null),
  /** Of the execution whose `flow` step started it. */
  parent_id: z.string().nullable().default(null),
  /** Who decides what runs next; left out: an engine process of ours. What another drives, no engine starts, times or takes over. */
  driver: Driver.exactOptional(),
});
export type ExecutionHeader = z.infer<typeof ExecutionHeader>;

/** What one firing or one `/revops run` over many customers started. Its id is derived, so creating it is the claim to fire. */
export const Batch = z.strictObject({
  batch_id: z.string(),
  flow_id: z.string(),
  definition_hash: z.string(),
  started_by: StartedBy,
  started_at: z.number().int(),
  /** Matching customers, in the order of their ids; how many there were to choose from. */
  customer_ids: z.array(z.string()),
  customers_total: z.number().int(),
  /** Customers left out because an execution about them is running: id of the customer → id of that execution. */
  already_running: z.record(z.string(), z.string()),
  status: z.enum(["starting", "running", "ended"]),
  /** The one message that shows the progress. */
  channel: z.string(),
  message_ts: z.string().nullable(),
  /** Grows by one with each change: the condition of the write (D2). */
  revision: z.number().int(),
  /** The process that starts its executions and shows its progress (D5); null: written before owners were known. */
  owner: z.string().nullable().default(null),
  /** A service outside starts its executions; left out: its owner does. */
  driver: Driver.exactOptional(),
});
export type Batch = z.infer<typeof Batch>;

/** How far a schedule has fired. */
export const ScheduleCursor = z.strictObject({
  flow_id: z.string(),
  trigger: z.number().int(),
  /** The schedule and zone that it counts for; a changed one starts anew. */
  schedule: z.string(),
  fired_until: z.number().int(),
});
export type ScheduleCursor = z.infer<typeof ScheduleCursor>;

/**
 * Who holds a place under a key with a limit, and who waits for one: `concurrency`, `overlap` of a flow and customer, and how often
 * people are reached.
 */
export const Slots = z.strictObject({
  key: z.string(),
  holders: z.array(
    z.strictObject({
      execution_id: z.string(),
      since: z.number().int(),
      /** The key of an effect that reaches a person: it has its place for a week. */
      effect: z.string().exactOptional(),
    }),
  ),
  /** First come, first served. */
  queue: z.array(z.string()),
  /** Grows by one with each change, from 1: the condition of the write (D2). */
  revision: z.number().int().positive(),
});
export type Slots = z.infer<typeof Slots>;

/** What people have said about a flow as such, whatever its version. */
export const FlowControl = z.strictObject({
  flow_id: z.string(),
  /** Its triggers start nothing; null: they do. */
  paused: z.strictObject({ at: z.number().int(), by: Person.nullable() }).nullable(),
  revision: z.number().int().positive(),
});
export type FlowControl = z.infer<typeof FlowControl>;

/** T4: who did what, when. Append-only; outlives executions. */
export const AuditEvent = z.strictObject({
  audit_id: z.string(),
  at: z.number().int(),
  action: z.enum([
    "start",
    "approve",
    "reject",
    "edit",
    "refuse",
    "resolve_doubt",
    "update_crm",
    "redrive",
    "abort",
    "fire",
    "pause",
    "resume",
    "define",
    "case_opened",
    "case_worsened",
    "case_recovered",
    "case_closed",
    "snooze",
    "dismiss",
  ]),
  person: Person.nullable(),
  flow_id: z.string().nullable(),
  execution_id: z.string().nullable(),
  detail: z.string(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;
