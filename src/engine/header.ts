/** The index record of an execution, and what it waits for, made from its state alone. */
import type { ExecutionState, StepState } from "../flow/execution.ts";
import type { ExecutionHeader, WaitingFor } from "../flow/record.ts";
import { nextApprovalTime } from "./approval-times.ts";
import { requesterId } from "./decide.ts";

/** The next instant at which something is due by itself; null: only a person or an answer moves it. */
export function nextTimer(state: ExecutionState): number | null {
  if (state.status !== "running") return null;
  const instants = Object.values(state.steps).flatMap((step) => {
    if (step.approval?.status === "pending") return nextApprovalTime(step.approval) ?? [];
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
    requester_id: requesterId(state),
    risk_score: riskScore(state),
    parent_id: state.startedBy.type === "flow" ? state.startedBy.execution_id : null,
  };
}

export function waitingFor(state: ExecutionState): WaitingFor[] {
  return Object.values(state.steps).flatMap((step) => waitingOf(state, step));
}

function waitingOf(state: ExecutionState, step: StepState): WaitingFor[] {
  if (step.approval?.status === "pending") {
    const { approvers, requestedAt: since, expiresAt: until, listed } = step.approval;
    const people = approvers.map(({ label }) => label);
    const references = approvers.map(({ reference }) => reference);
    const definition = state.definition.steps.find(({ id }) => id === step.id);
    const mayDecide = definition?.kind === "approval" && definition.requester_may_decide;
    const requester_id = mayDecide ? null : requesterId(state);
    const asked = { people, references, requester_id, since, until, listed, execution_id: null };
    return [{ kind: "approval", step_id: step.id, ...asked }];
  }
  const doubt =
    step.status === "waiting" ? step.effects?.find((effect) => effect.state.status === "doubtful") : undefined;
  if (doubt?.state.status === "doubtful") {
    return [{ ...nobody, kind: "doubt", step_id: step.id, since: doubt.state.at, until: null }];
  }
  if (step.status !== "running" || step.retryAt === null) return [];
  const since = step.attempts.at(-1)?.startedAt ?? step.startedAt ?? state.startedAt;
  return [{ ...nobody, kind: "retry", step_id: step.id, since, until: step.retryAt }];
}

const nobody = { people: [], references: [], requester_id: null, listed: false, execution_id: null };

/** Of the assessment that ended last. */
function riskScore(state: ExecutionState): number | null {
  const assessed = Object.values(state.steps)
    .flatMap(({ output, endedAt }) => {
      const score =
        typeof output === "object" && output !== null && !Array.isArray(output) ? output["risk_score"] : null;
      return typeof score === "number" ? [{ score, at: endedAt ?? 0 }] : [];
    })
    .toSorted((one, other) => other.at - one.at);
  return assessed[0]?.score ?? null;
}
