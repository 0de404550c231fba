/** What is said in the thread of an approval's card: edits with their difference, reminders, hand-overs. Data, from the state alone. */
import type { ApprovalCard, NoteCard } from "../flow/card.ts";
import type { ApprovalState, ExecutionState } from "../flow/execution.ts";
import { fieldChanges } from "../flow/field-change.ts";
import type { Json } from "../flow/json.ts";
import { cardPlans } from "./card-plans.ts";
import { requesterId } from "./requester.ts";
import { stepDefinition } from "./readiness.ts";
import { finishedAncestors, outputOf } from "./roots.ts";

export interface ApprovalNote {
  /** Of the note's key, below the card's. */
  suffix: string;
  /** Says the same for ever. */
  isFinal: boolean;
  note: NoteCard;
}

export function approvalNotes(state: ExecutionState, stepId: string, approval: ApprovalState): ApprovalNote[] {
  const { executionId, timezone } = state;
  const make = (suffix: string, at: number, note: NoteCard["note"], isFinal = true): ApprovalNote => ({
    suffix,
    isFinal,
    note: { kind: "note", executionId, stepId, timezone, at, note },
  });
  const { escalated, remindedAt, approvers, escalateTo, expiresAt } = approval;
  const call = { requesterId: excludedRequester(state, stepId), expiresAt };
  const plans = cardPlans(approval.plans);
  const edits = editsOf(state, stepId, approval);
  const newest = edits.at(-1)?.version;
  return [
    ...edits.map(({ by, at, version, changes }) => {
      const isNewest = version === newest;
      // What an edit overtaken by the next would have sent is history.
      const leaves = isNewest ? { plans, later: approval.later } : { plans: [], later: [] };
      return make(`edit-${version}`, at, { type: "edited", by, changes, ...leaves, quorum: approval.quorum }, isNewest);
    }),
    ...(remindedAt === null
      ? []
      : [make("reminder", remindedAt, { type: "reminded", waitingFor: approvers, ...call })]),
    ...(escalated === null
      ? []
      : [
          make("escalation", escalated.at, {
            type: "escalated",
            reason: escalated.reason,
            waitingFor: escalateTo,
            ...call,
          }),
        ]),
  ];
}

/** Null where whoever started it may decide as well. */
function excludedRequester(state: ExecutionState, stepId: string): string | null {
  const definition = stepDefinition(state, stepId);
  const mayDecide = definition.kind === "approval" && definition.requester_may_decide;
  return mayDecide ? null : requesterId(state);
}

export function editsOf(state: ExecutionState, stepId: string, approval: ApprovalState): ApprovalCard["edits"] {
  const outputs: Record<string, Json> = Object.fromEntries(
    finishedAncestors(state, stepId).map((step) => [step.id, outputOf(step)]),
  );
  return approval.edited.map(({ by, at, version, edits }, index) => {
    const before = approval.edited[index - 1]?.edits ?? [];
    return { by, at, version, changes: fieldChanges({ outputs, before, after: edits }) };
  });
}
