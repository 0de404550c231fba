/** Answers that are lists: what is due, who is at risk, what waits for the asker. */
import type { AtRiskFact, ConversationFacts, DueFact } from "../../conversation-facts.ts";
import type { Question, Suggestion } from "../../answerer.ts";
import { dayInWords, money, plural } from "../phrase.ts";
import { crm, page, type Answer } from "./answer.ts";
import { score } from "./risk-answer.ts";
import { spanOf } from "./span.ts";
import { isAboutMine } from "./topic.ts";
import { dayFromToday, moment } from "./when.ts";

const mostSources = 3;
const mostAsks = 2;

export function dueAnswer({ text, facts, from }: Question): Answer {
  const { words, ...span } = spanOf(text, facts.today);
  const mine = isAboutMine(text);
  const all = facts.due.filter(({ date, isMine }) => date >= span.from && date <= span.to && (isMine || !mine));
  const due = all.filter(({ kind }) => isAsked(kind, text));
  const of = mine ? " of your customers" : "";
  const what = /\bnotice/i.test(text) ? "notice" : /\brenew/i.test(text) ? "renewal" : "date";
  const { dueSpan } = facts;
  const isBeyond = span.from < dueSpan.from || span.to > dueSpan.to;
  const bounds = [dayInWords(dueSpan.from, facts.today), dayInWords(dueSpan.to, facts.today)].join(" to ");
  const only = isBeyond ? [`I look at ${bounds} only.`] : [];
  if (due.length === 0) {
    return { lines: [`No ${what}${of} is due ${words}.`, ...only], sources: [crm(facts)], suggestions: [] };
  }
  const { lines, suggestions } = page(
    due.map((one) => dueRow(one, facts)),
    { from, question: text },
  );
  const heading = `${plural(due.length, what)}${of} due ${words}:`;
  const names = [...new Set(due.map(({ customer_name }) => customer_name))].slice(0, mostAsks);
  const asks = names.map((name) => whyAsk(name));
  return { lines: [heading, ...lines, ...only], sources: [crm(facts)], suggestions: [...suggestions, ...asks] };
}

/** A question after renewals alone, or notice dates alone. */
function isAsked(kind: DueFact["kind"], text: string): boolean {
  const [notice, renewal] = [/\bnotice/i.test(text), /\brenew/i.test(text)];
  if (notice === renewal) return true;
  return kind === (notice ? "notice" : "renewal");
}

function dueRow({ kind, date, customer_name, arr, currency }: DueFact, facts: ConversationFacts): string {
  const what = kind === "notice" ? "last day to give notice" : "renews";
  const worth = arr === null ? "" : `, ${money(arr, currency)}`;
  return `${dayFromToday(date, facts)}: ${customer_name} ${what}${worth}`;
}

export function atRiskAnswer({ text, facts, from }: Question): Answer {
  const mine = isAboutMine(text);
  const risky = facts.atRisk.filter(({ isMine }) => isMine || !mine);
  const of = mine ? "None of your customers" : "No customer";
  if (risky.length === 0)
    return {
      lines: [`${of} was at medium or high risk when it was last assessed.`],
      sources: [],
      suggestions: [{ kind: "help" }],
    };
  const { lines, suggestions } = page(
    risky.map((one) => riskRow(one, facts)),
    { from, question: text },
  );
  const shown = risky.slice(0, mostSources);
  const sources = shown.map(({ execution_id: executionId, at }) => ({ kind: "execution" as const, executionId, at }));
  const asks = shown.slice(0, mostAsks).map(({ customer_name }) => whyAsk(customer_name));
  const heading = `At medium or high risk when last assessed, the riskiest first (${risky.length}):`;
  return { lines: [heading, ...lines], sources, suggestions: [...suggestions, ...asks] };
}

function riskRow({ customer_name, risk_score, at }: AtRiskFact, facts: ConversationFacts): string {
  return `${customer_name}: ${score(risk_score)} on ${moment(at, facts)}`;
}

export function waitingAnswer({ text, facts, from }: Question): Answer {
  const { waiting } = facts;
  if (waiting.length === 0)
    return { lines: ["Nothing waits for your decision."], sources: [], suggestions: [{ kind: "help" }] };
  const rows = waiting.map(({ customer_name, flow_id, since, until }) => {
    const about = customer_name === null ? flow_id : `${customer_name}, ${flow_id}`;
    const end = until === null ? "" : `, expires ${moment(until, facts)}`;
    return `${about}: since ${moment(since, facts)}${end}`;
  });
  const { lines, suggestions } = page(rows, { from, question: text });
  const sources = waiting.slice(0, mostSources).map(({ execution_id, since }) => ({
    kind: "execution" as const,
    executionId: execution_id,
    at: since,
  }));
  const { waitingTotal: total } = facts;
  const heading = `${plural(total, "approval")} ${total === 1 ? "waits" : "wait"} for you:`;
  return { lines: [heading, ...lines], sources, suggestions: [{ kind: "approvals" }, ...suggestions] };
}

function whyAsk(name: string): Suggestion {
  return { kind: "ask", question: `why is ${name} at risk?`, from: 0, label: `Risk of ${name}` };
}
