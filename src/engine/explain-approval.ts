/** An approval in sentences: whose decision is waited for, what becomes of it when nobody decides, how it ended. */
import type { ApprovalState, ExecutionState } from "../flow/execution.ts";
import { nobody, type Waiting } from "./explain-waiting.ts";
import { either, unended } from "./explain-words.ts";
import { stepDefinition } from "./readiness.ts";
import { instant } from "./refusal.ts";
import { requesterId } from "./requester.ts";

export function approvalWait(state: ExecutionState, stepId: string, approval: ApprovalState): Waiting {
  const people = labels(approval);
  const sentences = [
    `Waits for a decision by ${people.length === 0 ? "an approver" : either(people)}${quorumWords(approval)}.`,
    requesterWords(state, stepId),
    timeWords(state, stepId, approval),
  ];
  const text = sentences.filter((words) => words !== "").join(" ");
  return { ...nobody, kind: "approval", text, until: approval.expiresAt, people };
}

function quorumWords({ quorum, votes }: ApprovalState): string {
  const approved = votes.filter(({ decision }) => decision === "approve").length;
  return quorum === 1 ? "" : `; ${approved} of ${quorum} have approved`;
}

function requesterWords(state: ExecutionState, stepId: string): string {
  const step = stepDefinition(state, stepId);
  if (requesterId(state) === null || (step.kind === "approval" && step.requester_may_decide)) return "";
  return "Whoever started it does not decide.";
}

function timeWords(state: ExecutionState, stepId: string, approval: ApprovalState): string {
  if (approval.expiresAt === null) return "";
  return `After ${instant(approval.expiresAt, state)} ${lateWords(state, stepId, approval)}.`;
}

function lateWords(state: ExecutionState, stepId: string, { escalateTo, escalated }: ApprovalState): string {
  const step = stepDefinition(state, stepId);
  if (step.kind !== "approval" || step.on_timeout === "expire") return "it counts as not approved";
  if (step.on_timeout === "approve") return "it counts as approved";
  if (escalateTo.length === 0 || escalated?.reason === "timeout") return "it counts as not approved";
  return `it goes to ${either(escalateTo.map(({ label }) => label))}`;
}

export function rejectedWords(state: ExecutionState, stepId: string, approval: ApprovalState): string {
  const vote = approval.votes.findLast(({ decision }) => decision === "reject");
  if (vote === undefined) return `${stepId} was rejected.`;
  const reason = vote.reason === null ? "" : `, because: ${unended(vote.reason)}`;
  return `${vote.by.name} rejected ${stepId} ${instant(vote.at, state)}${reason}.`;
}

export function expiredWords(state: ExecutionState, stepId: string, { expiresAt }: ApprovalState): string {
  return expiresAt === null ? `Nobody decided ${stepId}.` : `Nobody decided ${stepId} by ${instant(expiresAt, state)}.`;
}

export function labels({ approvers }: Pick<ApprovalState, "approvers">): string[] {
  return approvers.map(({ label }) => label);
}
