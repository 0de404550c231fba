/** What an execution waits for, step by step, or why it ended as it did, as a report. */
import type { EndReason, Explanation, StepExplanation } from "../../engine/explain.ts";
import { dotted } from "../../notify/slack/format.ts";
import type { Report } from "./report.ts";
import { ending } from "./status-list.ts";
import { code, shown } from "./text.ts";

export function explanationReport(explanation: Explanation): Report {
  const { execution_id, flow_id, flow_version, customer_name, summary, steps, reasons } = explanation;
  const title = dotted([
    `*${shown(flow_id)}* ${shown(flow_version, 40)}`,
    customer_name === null ? null : shown(customer_name),
    `*${ending(explanation)}*`,
    code(execution_id),
  ]);
  return {
    title: "Explanation",
    head: [title, shown(summary, 1_000)],
    rows: [...steps.map(stepRow), ...reasons.map(reasonRow)],
    noun: "step",
    nothing: "There is no more to say about it.",
  };
}

function stepRow({ step_id, status, waits_for }: StepExplanation): string {
  const waits = waits_for.map(({ text }) => `    ${shown(text, 400)}`);
  return [`• *${shown(step_id)}* · ${status}`, ...waits].join("\n");
}

function reasonRow({ step_id, text, because }: EndReason): string {
  const from = because.length === 0 ? "" : ` (because of ${because.map((step) => shown(step)).join(" ← ")})`;
  return `• ${step_id === null ? "" : `*${shown(step_id)}* · `}${shown(text, 400)}${from}`;
}
