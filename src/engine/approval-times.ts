/**
 * What time does to an approval that nobody decides: a reminder, a hand-over, an end. Pure; each happens once.
 */
import type { ExecutionEvent } from "../flow/event.ts";
import type { ApprovalState } from "../flow/execution.ts";
import type { ApprovalStep } from "../flow/flow.ts";

export type ApprovalTime = "remind" | "escalate" | "expire";

/** Those still to come, earliest first; at the same instant the end comes first. */
function times(approval: ApprovalState): { time: ApprovalTime; at: number }[] {
  const { expiresAt, escalateAt, escalated, remindAt, remindedAt } = approval;
  const coming: { time: ApprovalTime; at: number | null }[] = [
    { time: "expire", at: expiresAt },
    { time: "escalate", at: escalated === null ? escalateAt : null },
    { time: "remind", at: remindedAt === null ? remindAt : null },
  ];
  return coming
    .flatMap(({ time, at }) => (at === null ? [] : [{ time, at }]))
    .toSorted((one, other) => one.at - other.at);
}

export function nextApprovalTime(approval: ApprovalState): number | null {
  return times(approval)[0]?.at ?? null;
}

/** What is due now, one at a time: the end overtakes a reminder that nobody saw in time. */
export function dueApprovalTime(approval: ApprovalState, now: number): ApprovalTime | null {
  if (approval.status !== "pending") return null;
  const due = times(approval).filter(({ at }) => at <= now);
  return due.find(({ time }) => time === "expire")?.time ?? due[0]?.time ?? null;
}

export function escalation(
  step: ApprovalStep,
  approval: ApprovalState,
  at: number,
  reason: "after" | "timeout" | "no_approver",
): ExecutionEvent {
  const { approvers, escalateTo } = approval;
  const added = escalateTo.filter(({ reference }) => !approvers.some((known) => known.reference === reference));
  return {
    type: "approval_escalated",
    at,
    step_id: step.id,
    reason,
    // Who was only late may still decide; who could not, or let the time run out, no more.
    approvers: reason === "after" ? [...approvers, ...added] : escalateTo,
    expires_at: reason === "timeout" && step.timeout_ms !== null ? at + step.timeout_ms : approval.expiresAt,
  };
}
