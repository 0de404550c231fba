/** "What happened to X", "what did we do for X": its newest executions, each with who decided and what was sent, and when. */
import type { ConversationFacts, CustomerFacts } from "../../conversation-facts.ts";
import { about, type Answer } from "./answer.ts";
import { executionLine } from "./customer-answers.ts";
import { moment } from "./when.ts";

const mostLines = 6;

export function happenedAnswer(customer: CustomerFacts, facts: ConversationFacts): Answer {
  const { name, executions, isCut } = customer;
  const suggestions = about(customer, facts);
  if (executions.length === 0) return { lines: [`No flow has run for ${name} yet.`], sources: [], suggestions };
  const lines = executions.flatMap((execution) => {
    const { happened, started_by } = execution;
    const left = happened.length - mostLines;
    return [
      `${executionLine(execution, facts)} (by ${started_by})`,
      ...(left > 0 ? [`• ${left} earlier things`] : []),
      ...happened.slice(-mostLines).map(({ at, text }) => `• ${moment(at, facts)}: ${text}`),
    ];
  });
  const sources = executions.map(({ execution_id, started_at }) => ({
    kind: "execution" as const,
    executionId: execution_id,
    at: started_at,
  }));
  return { lines: [`For ${name}:`, ...lines, ...(isCut ? ["There are older ones."] : [])], sources, suggestions };
}
