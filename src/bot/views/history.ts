/** All that happened to an execution, in the order of time; the newest executions of a flow. As reports. */
import type { History, HistoryLine, RecentExecution, Shown } from "../../engine/timeline-line.ts";
import { count, dotted } from "../../notify/slack/format.ts";
import { duration, exactInstant, instant } from "./instant.ts";
import type { Report } from "./report.ts";
import { ending } from "./status-list.ts";
import { aboutOf, code, shown } from "./text.ts";

const valueShown = 200;

/** `withValues`: with what went into steps and came out, secrets left out. */
export function historyReport(
  history: History,
  { timezone, withValues }: { timezone: string; withValues: boolean },
): Report {
  const { execution_id, flow_id, flow_version, customer_name, lines } = history;
  const title = dotted([
    `*${shown(flow_id)}* ${shown(flow_version, 40)}`,
    customer_name === null ? null : shown(customer_name),
    `*${ending(history)}*`,
    code(execution_id),
  ]);
  return {
    title: "History",
    head: [title],
    rows: lines.map((line) => lineRow(line, { timezone, withValues })),
    noun: "line",
    nothing: "Nothing has happened yet.",
  };
}

function lineRow(line: HistoryLine, { timezone, withValues }: { timezone: string; withValues: boolean }): string {
  const text = dotted([exactInstant({ at: line.at, timezone }), ...said(line)]);
  const values = withValues ? [...valueLine("in", line.input), ...valueLine("out", line.output)] : [];
  return [`• ${text}`, ...values].join("\n");
}

/** Its step stands out where the text names it, else before it. */
function said({ text, step_id: stepId }: HistoryLine): string[] {
  const words = shown(text, 400);
  if (stepId === null) return [words];
  const parts = words.split(/(?<![&\w])(\w+)/);
  const named = parts.indexOf(stepId);
  if (named === -1) return [`*${shown(stepId)}*`, words];
  return [parts.with(named, `*${shown(stepId)}*`).join("")];
}

function valueLine(word: string, value: Shown | null): string[] {
  if (value === null) return [];
  return [`    ${word}: ${shown(value.capped ? `${value.beginning}…` : JSON.stringify(value.value), valueShown)}`];
}

export function recentReport(parameters: {
  /** Null: of all flows. */
  flowId: string | null;
  executions: readonly RecentExecution[];
  timezone: string;
}): Report {
  const { flowId, executions, timezone } = parameters;
  const of = flowId === null ? "" : ` of ${shown(flowId)}`;
  return {
    title: "Executions",
    head: [`*${count(executions.length, "execution")}${of}*, newest first`],
    rows: executions.map((execution) => executionRow(execution, timezone)),
    noun: "execution",
    nothing: "There is none yet.",
  };
}

function executionRow(execution: RecentExecution, timezone: string): string {
  const about = aboutOf(execution);
  const took = duration(execution.duration_ms);
  return `• ${dotted([
    about === null ? null : shown(about),
    `${shown(execution.flow_id)} ${shown(execution.flow_version, 40)}`,
    ending(execution),
    `${instant({ at: execution.started_at, timezone })}, ${execution.ended_at === null ? "for" : "took"} ${took}`,
    code(execution.execution_id),
  ])}`;
}
