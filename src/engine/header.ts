/** The index record of an execution, and what it waits for, made from its state alone. */
import type { ExecutionState, StepState } from "../flow/execution.ts";
import type { ExecutionHeader, WaitingFor } from "../flow/record.ts";

/** The next instant at which something is due by itself; null: only a person or an answer moves it. */
export function nextTimer(state: ExecutionState): number | null {
  if (state.status !== "running") return null;
  const instants = Object.values(state.steps).flatMap((step) => {
    if (step.approval?.status === "pending") return step.approval.expiresAt ?? [];
    return step.status === "running" ? (step.retryAt ?? []) : [];
  });
  return instants.length === 0 ? null : Math.min(...instants);
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
    wake_at: active ? now : nextTimer(state),
    owner,
    started_at: state.startedAt,
    ended_at: state.endedAt,
    waiting_for: state.status === "running" ? waitingFor(state) : [],
  };
}

export function waitingFor(state: ExecutionState): WaitingFor[] {
  return Object.values(state.steps).flatMap((step) => waitingOf(state, step));
}

function waitingOf(state: ExecutionState, step: StepState): WaitingFor[] {
  if (step.approval?.status === "pending") {
    const people = step.approval.approvers.map(({ label }) => label);
    return [
      { kind: "approval", step_id: step.id, people, since: step.approval.requestedAt, until: step.approval.expiresAt },
    ];
  }
  const doubt =
    step.status === "waiting" ? step.effects?.find((effect) => effect.state.status === "doubtful") : undefined;
  if (doubt?.state.status === "doubtful") {
    return [{ kind: "doubt", step_id: step.id, people: [], since: doubt.state.at, until: null }];
  }
  if (step.status !== "running" || step.retryAt === null) return [];
  const since = step.attempts.at(-1)?.startedAt ?? step.startedAt ?? state.startedAt;
  return [{ kind: "retry", step_id: step.id, people: [], since, until: step.retryAt }];
}
