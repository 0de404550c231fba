/** What is known of one customer, without its risk's reasons: its dates, its owner, all in a few lines. */
import type { ConversationFacts, CustomerFacts, ExecutionFact } from "../../conversation-facts.ts";
import { money, plural } from "../phrase.ts";
import { about, crm, type Answer } from "./answer.ts";
import { score } from "./risk-answer.ts";
import { dayFromToday, moment } from "./when.ts";

export function datesAnswer(customer: CustomerFacts, facts: ConversationFacts): Answer {
  return { lines: [dates(customer, facts)], sources: [crm(facts)], suggestions: about(customer, facts) };
}

export function ownerAnswer(customer: CustomerFacts, facts: ConversationFacts): Answer {
  const { name, account_manager_name: manager } = customer;
  const line =
    manager === null || manager === ""
      ? `The CRM names no account manager of ${name}.`
      : `${manager} is the account manager of ${name}.`;
  return { lines: [line], sources: [crm(facts)], suggestions: about(customer, facts) };
}

export function customerAnswer(customer: CustomerFacts, facts: ConversationFacts): Answer {
  const { name, segment, region, status, arr, currency, seats, risk, executions } = customer;
  const kind = [segment, region, status].filter((part) => part !== null && part !== "");
  const size = [
    arr === null ? null : `${money(arr, currency)} a year`,
    seats === null ? null : plural(seats, "seat"),
  ].filter((part) => part !== null);
  const [newest] = executions;
  const lines = [
    `${name}: ${[...kind, ...size].join(", ") || "the CRM says little"}.`,
    dates(customer, facts),
    ...ownerAnswer(customer, facts).lines,
    ...(risk === null ? [] : [`Risk ${score(risk.risk_score)} (${risk.risk_level}).`]),
    newest === undefined ? `No flow has run for ${name} yet.` : `Last: ${executionLine(newest, facts)}.`,
  ];
  const last =
    newest === undefined
      ? []
      : [{ kind: "execution" as const, executionId: newest.execution_id, at: newest.started_at }];
  return { lines, sources: [crm(facts), ...last], suggestions: about(customer, facts) };
}

function dates({ name, renewal_date, notice_date, auto_renew }: CustomerFacts, facts: ConversationFacts): string {
  if (renewal_date === null) return `The CRM has no renewal date of ${name}.`;
  const verb = renewal_date < facts.today ? "was to renew" : "renews";
  const notice = notice_date === null ? "" : `; notice by ${dayFromToday(notice_date, facts)}`;
  const itself = auto_renew === null ? "" : auto_renew ? "; by itself" : "; not by itself";
  return `${name} ${verb} ${dayFromToday(renewal_date, facts)}${notice}${itself}.`;
}

/** "renewal_management, started 24 Nov 10:00, waits for Dana Reyes". */
export function executionLine(execution: ExecutionFact, facts: ConversationFacts): string {
  return `${execution.flow_id}, started ${moment(execution.started_at, facts)}, ${standing(execution, facts)}`;
}

function standing({ status, outcome, ended_at, waiting_for }: ExecutionFact, facts: ConversationFacts): string {
  if (status === "running") {
    const [wait] = waiting_for;
    if (wait === undefined) return "running";
    const until = wait.until === null ? "" : ` until ${moment(wait.until, facts)}`;
    return wait.people.length > 0
      ? `waits for ${wait.people.join(" or ")}${until}`
      : `${waits[wait.kind] ?? "waits"}${until}`;
  }
  const how = outcome === null || outcome === "completed" ? "" : `: ${outcome.replaceAll("_", " ")}`;
  return `${status.replaceAll("_", " ")}${how}${ended_at === null ? "" : ` ${moment(ended_at, facts)}`}`;
}

const waits: Readonly<Partial<Record<string, string>>> = {
  approval: "waits for a decision",
  doubt: "waits for a word on what may have been sent",
  retry: "tries again",
  held: "is held back for now",
  wait: "waits for a time",
  flow: "waits for a sub-flow",
  queue: "waits for its turn",
};
