/** Figures per flow, and of one flow per step, as a report: how often, how well, how fast, how long people took. */
import type { FlowMetrics, Metrics, StepMetrics } from "../../engine/metrics.ts";
import { costOf, noPrices } from "../../flow/usage.ts";
import { count, dotted, number } from "../../notify/slack/format.ts";
import { duration, instant } from "./instant.ts";
import type { Report } from "./report.ts";
import { shown } from "./text.ts";

/** What flows and steps have in common. */
type WorkMetrics = Pick<StepMetrics, "duration_ms" | "retries" | "lost_attempts" | "effects" | "approvals" | "usage">;
type Percentiles = WorkMetrics["duration_ms"];

/** `flowId`: with its steps; null: all flows. */
export function metricsReport(parameters: { metrics: Metrics; flowId: string | null; timezone: string }): Report {
  const { metrics, flowId, timezone } = parameters;
  const cut = metrics.cut ? ", the newest of more" : "";
  const lost = metrics.unreadable.length;
  const unread =
    lost === 0 ? [] : [`${count(lost, "execution")} can't be read and ${lost === 1 ? "is" : "are"} in no figure`];
  const of = flowId === null ? "" : ` of ${shown(flowId)}`;
  const flows = metrics.flows.map(flowRow);
  return {
    title: "Metrics",
    head: [
      `*${count(metrics.executions, "execution")}${of}* since ${instant({ at: metrics.since, timezone })}${cut}`,
      ...unread,
    ],
    rows: flowId === null ? flows : [...flows, ...metrics.flows.flatMap(({ steps }) => steps.map(stepRow))],
    noun: flowId === null ? "flow" : "row",
    nothing: "Nothing has started in this time.",
  };
}

function flowRow(flow: FlowMetrics): string {
  const bad = flow.failed + flow.timed_out + flow.aborted;
  const counts = [
    some(flow.running, "running"),
    `${number(flow.succeeded)} succeeded${rate(flow.success_rate)}`,
    some(bad, "failed, timed out or aborted"),
  ];
  return `• *${shown(flow.flow_id)}* · ${count(flow.count, "execution")}: ${joined(counts)}${work(flow)}`;
}

function stepRow(step: StepMetrics): string {
  const counts = [
    some(step.open, "open"),
    `${number(step.succeeded)} succeeded${rate(step.success_rate)}`,
    some(step.failed + step.aborted, "failed or cut off"),
    some(step.skipped, "skipped"),
  ];
  return `• *${shown(step.step_id)}* · ${number(step.count)}: ${joined(counts)}${work(step)}`;
}

function work({ duration_ms, retries, lost_attempts, effects, approvals, usage }: WorkMetrics): string {
  const facts = dotted([
    percentiles("took", duration_ms),
    some(retries, "tried again"),
    some(lost_attempts, "lost"),
    some(effects.performed, "sent"),
    some(effects.doubtful, "in doubt"),
    percentiles("decided in", approvals.decided_age_ms),
    approvals.waiting === 0 ? null : waiting(approvals),
    asked(usage),
  ]);
  return facts === "" ? "" : `\n    ${facts}`;
}

function waiting({ waiting: open, waiting_age_ms }: WorkMetrics["approvals"]): string {
  const age = waiting_age_ms.p50 === null ? "" : `, for ${duration(waiting_age_ms.p50)} so far (median)`;
  return `${number(open)} ${open === 1 ? "approval waits" : "approvals wait"}${age}`;
}

function asked(usage: WorkMetrics["usage"]): string | null {
  const cost = costOf(usage, noPrices);
  if (cost === null) return null;
  return `${count(cost.calls, "model call")}, ${number(cost.input_tokens + cost.output_tokens)} tokens`;
}

/** "took 3 s (median), 95 % within 2 min". */
function percentiles(word: string, { p50, p95 }: Percentiles): string | null {
  if (p50 === null) return null;
  return `${word} ${duration(p50)} (median)${p95 === null ? "" : `, 95 % within ${duration(p95)}`}`;
}

function some(value: number, word: string): string | null {
  return value === 0 ? null : `${number(value)} ${word}`;
}

function rate(value: number | null): string {
  return value === null ? "" : ` (${Math.round(value * 100)} %)`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(", ");
}
