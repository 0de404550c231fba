/** What a person is told whose click changes nothing (A1): private, truthful, and who can. */
import type { SetAside } from "../flow/case.ts";
import type { ApprovalState, ExecutionState } from "../flow/execution.ts";
import type { RefusalReason } from "./engine.ts";

export function refusalMessage(parameters: { reason: RefusalReason; state: ExecutionState; stepId: string }): string {
  const { reason, state, stepId } = parameters;
  const approval = state.steps[stepId]?.approval ?? null;
  switch (reason) {
    case "unknown":
      return "This approval does not exist any more. Nothing changed.";
    case "already_decided":
      return `${decided(state, approval)} Nothing changed.`;
    case "already_voted":
      return "Your decision is recorded already; it counts once. Nothing changed.";
    case "not_an_approver":
      return `You can't decide this: ${who(approval)} can. Nothing changed.`;
    case "requester":
      return `You started this execution, so somebody else decides: ${who(approval)}. Nothing changed.`;
    case "overtaken":
      return `${overtaken(approval)} Nothing changed.`;
    case "expired":
      return `The time for this decision ran out${approval?.expiresAt ? ` on ${instant(approval.expiresAt, state)}` : ""}. Nothing changed.`;
    case "withdrawn":
      return "This execution was ended before a decision. Nothing changed.";
    case "reason_missing":
      return "Please give a reason. Nothing changed yet.";
    case "not_an_operator":
      return "An operator or an approver of this flow can do this. Nothing changed.";
    case "already_running":
      return "Another execution of this flow about this customer runs. Nothing changed.";
    case "no_case":
      return "There is no open case about this any more. Nothing changed.";
    case "bad_date":
      return "A snooze ends in the future, within a year. Nothing changed.";
    default:
      return reason satisfies never;
  }
}

/** The card is edited in place; only a lost one is posted again, further down. */
function overtaken(approval: ApprovalState | null): string {
  const last = approval?.edited.at(-1);
  if (last === undefined) return "A newer version of this card stands below: please decide there.";
  return `${last.by.name} has edited this since: please look at what the card says now, then decide.`;
}

function decided(state: ExecutionState, approval: ApprovalState | null): string {
  const last = approval?.votes.at(-1);
  if (last === undefined) return "This has been decided.";
  const word =
    last.aside === undefined ? (last.decision === "approve" ? "approved" : "rejected") : asideWords(last.aside, state);
  return `${last.by.name} ${word} this on ${instant(last.at, state)}.`;
}

function who(approval: ApprovalState | null): string {
  const labels = approval?.approvers.map(({ label }) => label) ?? [];
  return labels.length === 0 ? "nobody" : new Intl.ListFormat("en", { type: "disjunction" }).format(labels);
}

function asideWords(aside: SetAside, state: { timezone: string }): string {
  return aside.kind === "snooze"
    ? `snoozed (until ${instant(aside.until, state)})`
    : `dismissed (as ${aside.why.replaceAll("_", " ")})`;
}

export function instant(at: number, state: { timezone: string }): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: state.timezone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(at);
}
