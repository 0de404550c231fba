/** Records that stores are tested with: valid, small, and different where a test says so. */
import type { Case } from "../../src/flow/case.ts";
import type { ExecutionEvent, LogEntry } from "../../src/flow/event.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { AuditEvent, Batch, ExecutionHeader, FlowControl, ScheduleCursor, Slots } from "../../src/flow/record.ts";

export const start = 1_765_000_000_000;

export function sampleHeader(changes: Partial<ExecutionHeader> = {}): ExecutionHeader {
  return {
    execution_id: "e-1",
    flow_id: "renewal_management",
    flow_version: "2.0",
    definition_hash: "hash-1",
    customer_id: "cust-12345",
    customer_name: "Acme Robotics",
    batch_id: null,
    status: "running",
    outcome: null,
    open: true,
    wake_at: null,
    owner: "owner-1",
    started_at: start,
    ended_at: null,
    waiting_for: [],
    requester_id: null,
    risk_score: null,
    parent_id: null,
    ...changes,
  };
}

export function stepSucceeded(output: string): ExecutionEvent {
  return { type: "step_succeeded", at: start, step_id: "assess", output };
}

export function sampleEntry(changes: Partial<LogEntry> = {}): LogEntry {
  return { execution_id: "e-1", sequence: 1, epoch: 1, events: [stepSucceeded("done")], ...changes };
}

export function sampleBatch(changes: Partial<Batch> = {}): Batch {
  return {
    batch_id: "b-1",
    flow_id: "renewal_management",
    definition_hash: "hash-1",
    started_by: { type: "schedule", trigger: 0, scheduled_at: start },
    started_at: start,
    customer_ids: ["cust-12345", "cust-low-usage"],
    customers_total: 40,
    already_running: {},
    status: "starting",
    channel: "#revops",
    message_ts: null,
    revision: 1,
    owner: "owner-1",
    ...changes,
  };
}

export function sampleAudit(changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    audit_id: "a-1",
    at: start,
    action: "start",
    person: { user_id: "U1", email: "dana@example.com", name: "Dana Reyes" },
    flow_id: "renewal_management",
    execution_id: "e-1",
    detail: "started from Slack",
    ...changes,
  };
}

export function sampleCursor(changes: Partial<ScheduleCursor> = {}): ScheduleCursor {
  return {
    flow_id: "renewal_management",
    trigger: 0,
    schedule: "cron(0 9 * * ? *)",
    fired_until: start,
    ...changes,
  };
}

export function sampleSlots(changes: Partial<Slots> = {}): Slots {
  return { key: "renewal/acme", holders: [], queue: [], revision: 1, ...changes };
}

export function sampleControl(changes: Partial<FlowControl> = {}): FlowControl {
  const by = { user_id: "U1", email: "dana@example.com", name: "Dana Reyes" };
  return { flow_id: "renewal_management", paused: { at: start, by }, revision: 1, ...changes };
}

export function sampleCase(changes: Partial<Case> = {}): Case {
  return {
    reason: "renewal_risk",
    customer: {
      id: "cust-12345",
      name: "Acme Robotics",
      owner: "dana@example.com",
      arr: 84_000,
      currency: "USD",
      renewal_date: "2026-12-18",
    },
    revision: 1,
    version: 1,
    status: "open",
    opened_at: start,
    opened_score: 0.78,
    known_score: 0.78,
    score: 0.78,
    assessed_at: start,
    calm: null,
    snooze: null,
    dismissal: null,
    closed: null,
    asked_in: "e-1",
    findings: [],
    ...changes,
  };
}

export const sampleDefinition: FlowDefinition = {
  flow_id: "renewal_management",
  version: "2.0",
  description: null,
  input: { customer_id: { type: "string", enum: null, required: true, default: null, description: null } },
  triggers: [{ type: "manual", overlap: "skip" }],
  steps: [
    {
      kind: "agent",
      id: "assess",
      depends_on: [],
      when: null,
      timeout_ms: null,
      agent: "decision_agent",
      action: "assess_renewal_risk",
      parameters: { threshold: 0.7 },
      retry: {
        max_attempts: 3,
        interval_ms: 1000,
        backoff_rate: 2,
        max_interval_ms: 60_000,
        jitter: "full",
        on: null,
      },
      on_error: "fail",
      due: null,
      late: "run",
      for_each: null,
      max_concurrency: null,
      compensate: null,
    },
  ],
  failure_notification: null,
  timeout_ms: null,
  concurrency: null,
};
