/** "Why is X at risk": the score as of now, what makes it up, what isn't known, what would help, and what was said before. */
import type { Source } from "../../answerer.ts";
import type { ConversationFacts, CustomerFacts, RiskFact } from "../../conversation-facts.ts";
import { dayInWords } from "../phrase.ts";
import { about, crm, type Answer } from "./answer.ts";
import { moment } from "./when.ts";

const mostReasons = 8;

export function riskAnswer(customer: CustomerFacts, facts: ConversationFacts): Answer {
  const { name, risk, executions } = customer;
  const suggestions = about(customer, facts);
  const earlier = executions.find(({ risk_score }) => risk_score !== null);
  const sources: Source[] = [
    crm(facts),
    ...(earlier === undefined
      ? []
      : [{ kind: "execution" as const, executionId: earlier.execution_id, at: earlier.started_at }]),
  ];
  const said =
    earlier === undefined
      ? []
      : [`${earlier.flow_id} said ${score(earlier.risk_score ?? 0)} on ${moment(earlier.started_at, facts)}.`];
  if (risk === null) {
    const lines = [`The risk of ${name} can't be told now: its data can't be read.`, ...said];
    return { lines, sources, suggestions };
  }
  return { lines: [heading(name, risk), ...reasons(risk, facts), ...beyond(risk), ...said], sources, suggestions };
}

function heading(name: string, { risk_score, risk_level, threshold, confidence }: RiskFact): string {
  const is = risk_score >= threshold ? "is at risk" : "is not over the threshold";
  const bar = risk_score >= threshold ? "" : ` of ${score(threshold)}`;
  return `${name} ${is}${bar}: risk ${score(risk_score)} (${risk_level}), confidence ${confidence}.`;
}

function reasons({ reasons: all }: RiskFact, { today }: ConversationFacts): string[] {
  const rows = all.slice(0, mostReasons).map(({ text, points, date }) => {
    const since = date === null ? "" : `, evidence of ${dayInWords(date, today)}`;
    return `• ${text} (${signed(points)}${since})`;
  });
  return all.length > mostReasons ? [...rows, `and ${all.length - mostReasons} weaker reasons`] : rows;
}

function beyond({ missing, what_would_help, threshold }: RiskFact): string[] {
  const unknown = missing.length === 0 ? [] : [`Not known: ${missing.join("; ")}.`];
  const help = what_would_help.map(({ text, risk_score }) => `${text} (${score(risk_score)})`);
  return [...unknown, ...(help.length === 0 ? [] : [`Under ${score(threshold)} if: ${help.join("; or ")}.`])];
}

export function score(value: number): string {
  return value.toFixed(2);
}

function signed(points: number): string {
  return `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(2)}`;
}
