/** What happened at an instant: a vote, an end without one, something sent. */
import type { ApprovalState, StepEffect } from "../../../flow/execution.ts";

export interface Mark {
  kind: "approve" | "reject" | "ended" | "effect";
  at: number;
}

export function approvalMarks(approval: ApprovalState | null): Mark[] {
  const votes: Mark[] = (approval?.votes ?? []).map(({ decision, at }) => ({ kind: decision, at }));
  const unvoted = approval?.endedAt ?? null;
  if (unvoted === null || votes.some(({ at }) => at === unvoted)) return votes;
  return [...votes, { kind: "ended", at: unvoted }];
}

export function effectMarks(effects: readonly StepEffect[]): Mark[] {
  return effects.flatMap(({ state }) => (state.status === "performed" ? [{ kind: "effect", at: state.at }] : []));
}
