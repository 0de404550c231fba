/** An approval's life as lines of a history: who was asked, who changed what, who said what and why. */
import type { EventOf } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Json } from "../flow/json.ts";
import { summary } from "./cards.ts";
import { either, unended } from "./explain-words.ts";
import { instant } from "./refusal.ts";
import type { Told } from "./timeline-line.ts";

export type ApprovalEvent = EventOf<
  | "approval_requested"
  | "approval_edited"
  | "approval_reminded"
  | "approval_escalated"
  | "vote_cast"
  | "approval_ended"
  | "approval_kept"
>;

export function tellApproval(event: ApprovalEvent, after: ExecutionState): Told {
  const { step_id: name } = event;
  switch (event.type) {
    case "approval_requested":
      return tellRequest(event, after);
    case "approval_edited":
      return tellEdit(event);
    case "approval_reminded":
      return { text: `${name}: those who decide were reminded.` };
    case "approval_escalated": {
      const people = event.approvers.map(({ label }) => label);
      const text = `${name}: ${escalations[event.reason]}; now ${either(people)} may decide.`;
      return { text, details: { reason: event.reason, approvers: people, expires_at: event.expires_at } };
    }
    case "vote_cast": {
      const { by, decision, reason, aside } = event;
      const because = reason === null ? "" : `, because: ${unended(reason)}`;
      const word = aside === undefined ? decision : aside.kind;
      const did = { approve: "approved", reject: "rejected", snooze: "snoozed", dismiss: "dismissed" }[word];
      return { text: `${by.name} ${did} ${name}${because}.`, details: { by: { ...by }, decision, reason } };
    }
    case "approval_ended":
      return { text: `${name} is ${event.status}.`, details: { status: event.status } };
    case "approval_kept":
      return { text: `${name}: nothing that was decided about has changed, so the decision stands.` };
    default:
      return event satisfies never;
  }
}

const escalations: Readonly<Record<EventOf<"approval_escalated">["reason"], string>> = {
  after: "nobody decided in time",
  timeout: "its time ran out",
  no_approver: "nobody of those named can decide",
};

function tellRequest(event: EventOf<"approval_requested">, after: ExecutionState): Told {
  const { step_id, quorum, expires_at, version, hash, later } = event;
  const people = event.approvers.map(({ label }) => label);
  const until = expires_at === null ? "" : `, until ${instant(expires_at, after)}`;
  const many = quorum === 1 ? "" : `, ${quorum} of them`;
  const plans = plansOf(event);
  const text = `${step_id} asks ${either(people)} to decide${many}${until}.`;
  return { text, details: { approvers: people, quorum, expires_at, version, hash, plans, later } };
}

/** Under its own name each value is redacted as that name asks. */
function tellEdit(event: EventOf<"approval_edited">): Told {
  const { step_id, by, version, hash, edits } = event;
  const input = Object.fromEntries(edits.map(({ step, field, value }) => [`${step}.${field}`, value]));
  const fields = Object.keys(input).join(", ");
  const text = `${by.name} edited what ${step_id} is about: ${fields}. What was approved before counts no more.`;
  return { text, input, details: { by: { ...by }, version, hash, plans: plansOf(event) } };
}

function plansOf({ plans }: EventOf<"approval_requested" | "approval_edited">): Json {
  return plans.map(({ step_id, effects }) => ({ step_id, effects: effects.map(({ effect }) => summary(effect)) }));
}
