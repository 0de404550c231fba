/** Approvals: asked, kept over a redrive, edited, reminded of, handed over, voted on, expired (A1 to A3). */
import type { ExecutionEvent } from "../../flow/event.ts";
import { evolve, type ApprovalState, type ExecutionState } from "../../flow/execution.ts";
import type { ApprovalStep } from "../../flow/flow.ts";
import { dueApprovalTime, escalation } from "../approval-times.ts";
import type { Asking, Command } from "../command.ts";
import type { RefusalReason } from "../engine.ts";
import { hasEnded, stepDefinition, stepState } from "../readiness.ts";
import { requesterId } from "../requester.ts";
import { accept, refuse, type Decided } from "./context.ts";

export function askApproval(state: ExecutionState, stepId: string, asking: Asking, at: number): ExecutionEvent[] {
  const step = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (definition.kind !== "approval" || hasEnded(step) || step.approval !== null) return [];
  const after = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : at + ms);
  const { approvers, escalateTo, isEscalated, plans, later, hash, history, listed } = asking;
  const prior = step.priorApproval;
  // E1: what was approved is the same to the last character, so nobody is asked twice.
  if (prior?.status === "approved" && prior.hash === hash) return [{ type: "approval_kept", at, step_id: stepId }];
  const requested: ExecutionEvent = {
    type: "approval_requested",
    at,
    step_id: stepId,
    approvers,
    plans,
    later,
    hash,
    quorum: definition.quorum,
    expires_at: after(definition.timeout_ms),
    // Buttons of a card from before a redrive are overtaken.
    version: (prior?.version ?? 0) + 1,
    remind_at: after(definition.remind_after_ms),
    escalate_at: escalateTo.length === 0 ? null : after(definition.escalate?.after_ms),
    escalate_to: escalateTo,
    history,
    listed,
  };
  const { approval } = stepState(evolve(state, requested), stepId);
  if (!isEscalated || approval === null) return [requested];
  return [requested, escalation(definition, approval, at, "no_approver")];
}

/** A3: the edit and what is planned for it become true together; buttons of the version before are overtaken. */
export function edit(state: ExecutionState, command: Extract<Command, { type: "edit" }>, at: number): Decided {
  const refusal = voteRefusal(state, { ...command, decision: "approve", reason: null }, at, { voting: false });
  if (refusal !== null) return refuse(refusal);
  const { stepId, person, edits, proposal, version } = command;
  const { plans, later, hash } = proposal;
  const edited = { at, step_id: stepId, by: person, edits, plans, later, hash, version: version + 1 };
  return accept([{ type: "approval_edited", ...edited }]);
}

export function remindApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  if (approval === null || dueApprovalTime(approval, at) !== "remind") return [];
  return [{ type: "approval_reminded", at, step_id: stepId }];
}

export function escalateApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (approval === null || definition.kind !== "approval" || dueApprovalTime(approval, at) !== "escalate") return [];
  return [escalation(definition, approval, at, "after")];
}

/** A1: each person's first valid vote counts; the first rejection ends, or `quorum` approvals. */
export function vote(state: ExecutionState, command: Extract<Command, { type: "vote" }>, now: number): Decided {
  const refusal = voteRefusal(state, command, now);
  if (refusal !== null) return refuse(refusal);
  const { stepId, person, decision, reason, aside } = command;
  const approval = stepState(state, stepId).approval;
  const approvals = (approval?.votes ?? []).filter((cast) => cast.decision === "approve").length + 1;
  const events: ExecutionEvent[] = [
    {
      type: "vote_cast",
      at: now,
      step_id: stepId,
      decision,
      by: person,
      reason,
      ...(aside === undefined ? {} : { aside }),
    },
  ];
  if (decision === "reject") events.push({ type: "approval_ended", at: now, step_id: stepId, status: "rejected" });
  else if (approvals >= (approval?.quorum ?? 1)) {
    events.push({ type: "approval_ended", at: now, step_id: stepId, status: "approved" });
  }
  return accept(events);
}

/** The part of A1 and A2 that the log alone can answer; whether the person is an approver is asked of the workspace. */
export function voteRefusal(
  state: ExecutionState,
  command: {
    stepId: string;
    version: number;
    person: { user_id: string };
    decision: "approve" | "reject";
    reason: string | null;
  },
  now: number,
  { reasonGiven = true, voting = true }: { reasonGiven?: boolean; voting?: boolean } = {},
): RefusalReason | null {
  const step = state.steps[command.stepId];
  const definition = state.definition.steps.find(({ id }) => id === command.stepId);
  if (!step?.approval || definition?.kind !== "approval") return "unknown";
  const { approval } = step;
  if (approval.status === "expired" || approval.status === "withdrawn") return approval.status;
  if (approval.status !== "pending") return "already_decided";
  if (approval.expiresAt !== null && now >= approval.expiresAt && !willBeHandedOver(definition, approval))
    return "expired";
  if (command.version !== approval.version) return "overtaken";
  if (voting && approval.votes.some(({ by }) => by.user_id === command.person.user_id)) return "already_voted";
  if (!definition.requester_may_decide && requesterId(state) === command.person.user_id) return "requester";
  const reasonMissing = reasonGiven && definition.reason_required.includes(command.decision) && !command.reason?.trim();
  return reasonMissing ? "reason_missing" : null;
}

/** The timer that hands it over may ring a moment late; a click in that moment isn't too late. */
function willBeHandedOver({ on_timeout }: ApprovalStep, { escalateTo, escalated }: ApprovalState): boolean {
  return on_timeout === "escalate" && escalateTo.length > 0 && escalated?.reason !== "timeout";
}

export function expireApproval(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval } = stepState(state, stepId);
  const definition = stepDefinition(state, stepId);
  if (approval === null || definition.kind !== "approval" || dueApprovalTime(approval, at) !== "expire") return [];
  const handsOver = definition.on_timeout === "escalate" && approval.escalateTo.length > 0;
  if (handsOver && approval.escalated?.reason !== "timeout") return [escalation(definition, approval, at, "timeout")];
  const status = definition.on_timeout === "approve" ? "approved" : "expired";
  return [{ type: "approval_ended", at, step_id: stepId, status }];
}
