/** Small definitions for the engine's tests, written as the loader would make them. */
import {
  FlowDefinition,
  type FlowStep,
  type WaitStep,
  type AgentStep,
  type ApprovalStep,
  type EventTrigger,
  type RetryPolicy,
  type ScheduleTrigger,
  type Step,
} from "../../src/flow/flow.ts";

const retry: RetryPolicy = {
  max_attempts: 4,
  interval_ms: 1_000,
  backoff_rate: 2,
  max_interval_ms: 60_000,
  jitter: "full",
  on: null,
};

export function agentStep(
  id: string,
  action: string,
  overrides: Partial<AgentStep> & { after?: string[] } = {},
): AgentStep {
  const { after = [], ...rest } = overrides;
  return {
    kind: "agent",
    id,
    agent: action === "notify" || action === "book" ? "execution_agent" : "data_agent",
    action,
    depends_on: after.map((step) => ({ step, optional: false })),
    when: null,
    timeout_ms: null,
    parameters: {},
    retry,
    on_error: "fail",
    due: null,
    late: "run",
    for_each: null,
    max_concurrency: null,
    compensate: null,
    ...rest,
  };
}

export function approvalStep(id: string, overrides: Partial<ApprovalStep> & { after?: string[] } = {}): ApprovalStep {
  const { after = [], ...rest } = overrides;
  return {
    kind: "approval",
    id,
    depends_on: after.map((step) => ({ step, optional: false })),
    when: null,
    timeout_ms: 259_200_000,
    approvers: ["${customer.account_manager_email}", "role:revops_lead"],
    quorum: 1,
    reason_required: ["reject"],
    requester_may_decide: false,
    on_timeout: "expire",
    editable: [],
    remind_after_ms: null,
    escalate: null,
    due: null,
    late: "run",
    ...rest,
  };
}

export function waitStep(id: string, overrides: Partial<WaitStep> & { after?: string[] } = {}): WaitStep {
  const { after = [], ...rest } = overrides;
  return {
    kind: "wait",
    id,
    depends_on: after.map((step) => ({ step, optional: false })),
    when: null,
    timeout_ms: null,
    due: null,
    late: "run",
    duration_ms: rest.until === undefined ? 3_600_000 : null,
    until: null,
    ...rest,
  };
}

export function flowStep(
  id: string,
  flowId: string,
  overrides: Partial<FlowStep> & { after?: string[] } = {},
): FlowStep {
  const { after = [], ...rest } = overrides;
  return {
    kind: "flow",
    id,
    flow_id: flowId,
    depends_on: after.map((step) => ({ step, optional: false })),
    when: null,
    timeout_ms: null,
    due: null,
    late: "run",
    input: {},
    on_error: "fail",
    for_each: null,
    max_concurrency: null,
    compensate: null,
    ...rest,
  };
}

/** Daily at nine. */
export function scheduleTrigger(overrides: Partial<ScheduleTrigger> = {}): ScheduleTrigger {
  return {
    type: "schedule",
    schedule: "cron(0 9 * * ? *)",
    timezone: null,
    catch_up: "latest",
    overlap: "allow",
    filter: null,
    jitter_ms: 0,
    ...overrides,
  };
}

export function eventTrigger(event: string, overrides: Partial<EventTrigger> = {}): EventTrigger {
  return { type: "event", event, overlap: "skip", filter: null, ...overrides };
}

export function flow(steps: Step[], overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return FlowDefinition.parse({
    flow_id: "renewal",
    version: "1.0",
    description: "A renewal",
    input: { customer_id: { type: "string", enum: null, required: true, default: null, description: null } },
    triggers: [
      {
        type: "schedule",
        schedule: "cron(0 9 * * ? *)",
        timezone: null,
        catch_up: "latest",
        overlap: "skip",
        filter: ["customer.renewal_date between current_date and current_date + interval '30 days'"],
      },
    ],
    steps,
    failure_notification: null,
    timeout_ms: null,
    ...overrides,
  });
}

/** The shape of the standard renewal flow. */
export function renewalFlow(overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow(
    [
      agentStep("retrieve_data", "retrieve"),
      agentStep("assess", "assess", { after: ["retrieve_data"] }),
      approvalStep("approve", { after: ["assess"], when: "${assess.over_threshold}" }),
      agentStep("notify", "notify", { after: ["approve"], parameters: { to: "${customer.account_manager_email}" } }),
      agentStep("book", "book", { after: ["notify"] }),
    ],
    overrides,
  );
}

/** The seed's shape: the same without an approval. */
export function seedFlow(overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow(
    [
      agentStep("retrieve_data", "retrieve"),
      agentStep("assess", "assess", { after: ["retrieve_data"] }),
      agentStep("notify", "notify", { after: ["assess"], parameters: { to: "${customer.account_manager_email}" } }),
      agentStep("book", "book", { after: ["notify"] }),
    ],
    overrides,
  );
}
