/** The flows that are measured: DESIGN §7's five steps that do nothing, and flows that wait. */
import { type AgentStep, type ApprovalStep, FlowDefinition, type Step, type WaitStep } from "../src/flow/flow.ts";
import type { Person } from "../src/flow/person.ts";

export const stepsPerFlow = 5;
export const noOp = "no_op";

/** Decides about what waits for an approval. */
export const owner: Person = { user_id: "UOWNER", email: "owner@example.com", name: "The owner" };

const dayMs = 86_400_000;
/** Nothing of it falls due while anybody measures. */
const longMs = 300 * dayMs;

export const fiveSteps = flow({
  flow_id: "five_steps",
  steps: Array.from({ length: stepsPerFlow }, (_, index) => noOpStep(index + 1)),
});

export const waitsForApproval = flow({
  flow_id: "waits_for_approval",
  steps: [noOpStep(1), approval(owner.email ?? ""), { ...noOpStep(2), ...after("approve") }],
});

export const waitsForTime = flow({ flow_id: "waits_for_time", steps: [noOpStep(1), wait()] });

/** Fires daily at nine, for each customer; the account manager is asked. */
export const firing = flow({
  flow_id: "firing",
  input: { customer_id: { type: "string", enum: null, required: true, default: null, description: null } },
  triggers: [
    {
      type: "schedule",
      schedule: "cron(0 9 * * ? *)",
      timezone: "UTC",
      catch_up: "latest",
      overlap: "skip",
      filter: ["customer.status = 'active'"],
      jitter_ms: 0,
    },
  ],
  steps: [noOpStep(1), approval("${customer.account_manager_email}"), { ...noOpStep(2), ...after("approve") }],
});

function flow(parts: Partial<FlowDefinition> & Pick<FlowDefinition, "flow_id" | "steps">): FlowDefinition {
  const rest = { version: "1.0", description: null, input: {}, triggers: [], failure_notification: null };
  return FlowDefinition.parse({ ...rest, timeout_ms: null, ...parts });
}

/** Of every kind of step; it comes after the one before it. */
function common(id: string, previous: string | null): Pick<Step, "id" | "depends_on" | "when" | "due" | "late"> {
  return { id, when: null, due: null, late: "run", ...(previous === null ? { depends_on: [] } : after(previous)) };
}

function after(step: string): Pick<Step, "depends_on"> {
  return { depends_on: [{ step, optional: false }] };
}

function noOpStep(number: number): AgentStep {
  return {
    ...common(`step_${number}`, number === 1 ? null : `step_${number - 1}`),
    kind: "agent",
    agent: "data_agent",
    action: noOp,
    timeout_ms: null,
    parameters: {},
    retry: { max_attempts: 1, interval_ms: 0, backoff_rate: 1, max_interval_ms: 0, jitter: "none", on: null },
    on_error: "fail",
    for_each: null,
    max_concurrency: null,
    compensate: null,
  };
}

function approval(approver: string): ApprovalStep {
  return {
    ...common("approve", "step_1"),
    kind: "approval",
    timeout_ms: longMs,
    approvers: [approver],
    quorum: 1,
    reason_required: [],
    requester_may_decide: true,
    on_timeout: "expire",
    editable: [],
    remind_after_ms: null,
    escalate: null,
  };
}

function wait(): WaitStep {
  return { ...common("rest", "step_1"), kind: "wait", timeout_ms: null, duration_ms: longMs, until: null };
}
