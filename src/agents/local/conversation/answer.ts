/** An answer made by code: lines, what they rest on, and what somebody may want to press next. */
import type { Source, Suggestion } from "../../answerer.ts";
import type { ConversationFacts, CustomerFacts } from "../../conversation-facts.ts";

export interface Answer {
  lines: string[];
  sources: Source[];
  suggestions: Suggestion[];
}

/** Rows of a list in one answer. */
export const rowsShown = 12;

export function crm({ now }: Pick<ConversationFacts, "now">): Source {
  return { kind: "crm", at: now };
}

/** The rows from there on, how many there are, and the way to the next ones. */
export function page(
  rows: readonly string[],
  { from, question }: { from: number; question: string },
): Pick<Answer, "lines" | "suggestions"> {
  const start = from < rows.length ? from : 0;
  const shown = rows.slice(start, start + rowsShown).map((row) => `• ${row}`);
  const next = start + shown.length;
  if (start === 0 && next >= rows.length) return { lines: shown, suggestions: [] };
  const position = `${start + 1} to ${next} of ${rows.length}`;
  if (next >= rows.length) return { lines: [...shown, position], suggestions: [] };
  const label = `Next ${Math.min(rowsShown, rows.length - next)}`;
  return { lines: [...shown, position], suggestions: [{ kind: "ask", question, from: next, label }] };
}

/** "Show X", and starting what is usual for it where nothing of it runs. */
export function about({ id, name, executions }: CustomerFacts, { flows }: ConversationFacts): Suggestion[] {
  const startable = flows.filter(({ needsOnlyCustomer }) => needsOnlyCustomer).map(({ flow_id }) => flow_id);
  const [open] = executions.filter(({ status }) => status === "running");
  const usual = executions.find(({ flow_id }) => startable.includes(flow_id))?.flow_id;
  const flowId = usual ?? startable.find((flow) => /renew/.test(flow));
  const isRunning = executions.some(({ flow_id, status }) => flow_id === flowId && status === "running");
  return [
    ...(open === undefined
      ? []
      : [
          {
            kind: "status" as const,
            executionId: open.execution_id,
            about: `${open.flow_id.replaceAll("_", " ")} for ${name}`,
          },
        ]),
    ...(flowId === undefined || isRunning
      ? []
      : [{ kind: "run" as const, flowId, customerId: id, customerName: name }]),
    { kind: "show", customerId: id, customerName: name },
  ];
}
