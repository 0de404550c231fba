/** An approval as the log tells it: who was asked, what would leave, who voted, how it ended. */
import type { SetAside } from "./case.ts";
import type { Approver, EventOf, FieldEdit, PastExecution, StepPlan } from "./event.ts";
import type { DecisionWord } from "./flow.ts";
import type { Json } from "./json.ts";
import type { Person } from "./person.ts";

export interface Vote {
  decision: DecisionWord;
  by: Person;
  at: number;
  reason: string | null;
  /** The rejection set the case aside; left out: it is a plain vote. */
  aside?: SetAside;
}

/** One edit as the log tells it: who changed what, from which version to the next. */
export interface EditState {
  by: Person;
  at: number;
  version: number;
  edits: FieldEdit[];
}

export interface ApprovalState {
  approvers: Approver[];
  quorum: number;
  requestedAt: number;
  expiresAt: number | null;
  plans: StepPlan[];
  later: string[];
  hash: string;
  version: number;
  /** Of this version: an edit asks anew (A3). */
  votes: Vote[];
  edits: FieldEdit[];
  edited: EditState[];
  remindAt: number | null;
  remindedAt: number | null;
  escalateAt: number | null;
  escalateTo: Approver[];
  escalated: { at: number; reason: EventOf<"approval_escalated">["reason"] } | null;
  history: PastExecution[];
  listed: boolean;
  status: "pending" | "approved" | "rejected" | "expired" | "withdrawn";
  endedAt: number | null;
}

export function requestedApproval(event: EventOf<"approval_requested">): ApprovalState {
  const { approvers, quorum, plans, later, hash, version, history, listed } = event;
  return {
    approvers,
    quorum,
    plans,
    later,
    hash,
    version,
    requestedAt: event.at,
    expiresAt: event.expires_at,
    votes: [],
    edits: [],
    edited: [],
    remindAt: event.remind_at,
    remindedAt: null,
    escalateAt: event.escalate_at,
    escalateTo: event.escalate_to,
    escalated: null,
    history,
    listed,
    status: "pending",
    endedAt: null,
  };
}

export function evolveApproval(
  approval: ApprovalState,
  event: EventOf<"approval_edited" | "approval_reminded" | "approval_escalated" | "vote_cast">,
): ApprovalState {
  switch (event.type) {
    case "approval_edited": {
      const { by, at, edits, plans, later, hash, version } = event;
      const edited = [...approval.edited, { by, at, version, edits }];
      // What was approved so far was another version.
      return { ...approval, edits, edited, plans, later, hash, version, votes: [] };
    }
    case "approval_reminded":
      return { ...approval, remindedAt: event.at };
    case "approval_escalated": {
      const { approvers, expires_at: expiresAt, at, reason } = event;
      return { ...approval, approvers, expiresAt, escalated: { at, reason } };
    }
    case "vote_cast":
      return { ...approval, votes: [...approval.votes, voteOf(event)] };
    default:
      return event satisfies never;
  }
}

function voteOf(event: EventOf<"vote_cast">): Vote {
  const { decision, by, at, reason, aside } = event;
  return { decision, by, at, reason, ...(aside === undefined ? {} : { aside }) };
}

/** The step's output: what dependents and expressions see of the decision. */
export function decisionOutput(approval: ApprovalState, at: number): Json {
  const word: DecisionWord = approval.status === "rejected" ? "reject" : "approve";
  const deciding = approval.votes.findLast((vote) => vote.decision === word);
  return {
    decision: approval.status,
    by: approval.votes.map((vote) => vote.by.email ?? vote.by.user_id),
    at: new Date(at).toISOString(),
    reason: deciding?.reason ?? null,
    edits: approval.edits,
  };
}
