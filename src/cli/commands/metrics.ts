/** `metrics`: figures per flow and step over a span of time, worked out from the logs. */
import { duration } from "../../bot/views/instant.ts";
import type { FlowMetrics, Metrics, Percentiles, StepMetrics } from "../../engine/metrics.ts";
import type { Command } from "../command.ts";
import { executions } from "../bulk.ts";
import { UsageError } from "../errors.ts";
import { iso, moment, readInstant } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { table } from "../table.ts";

export const metrics: Command = {
  word: "metrics",
  usage: ["metrics [FLOW] [--since T]"],
  purpose: "how often, how well and how fast: per flow and step, from the logs",
  options: { since: { type: "text", value: "T", about: "executions started since this instant or day (30 days)" } },
  examples: [
    { line: "metrics", about: "all flows over the last 30 days" },
    { line: "metrics renewal_management --since 2026-12-01", about: "one flow, with its steps" },
  ],
  run: async (call) => {
    const [flowId, ...others] = call.words;
    if (others.length > 0) throw new UsageError("This command takes one flow, or none.");
    const { inSession } = await import("../session.ts");
    return inSession(call, async ({ engine, timezone }) => {
      const text = call.options.text("since");
      const since = text === null ? null : readInstant(text, timezone);
      if (text !== null && since === null)
        throw new UsageError(`--since must be an instant or a day such as 2026-12-01, not "${text}".`);
      const found = await engine.metrics({
        ...(flowId === undefined ? {} : { flowId }),
        ...(since === null ? {} : { since }),
      });
      return {
        document: {
          ...found,
          since: iso(found.since, timezone),
          until: iso(found.until, timezone),
          flows: found.flows.map(documentOf),
        },
        text: (paper) => textOf(paper, { found, timezone, withSteps: flowId !== undefined }),
        problems: found.unreadable.map((id) => `${id}: its log can't be read, so it is in no figure`),
      };
    });
  },
};

function documentOf({ steps, duration_ms, effects, approvals, usage, outcomes, ...flow }: FlowMetrics) {
  return {
    ...flow,
    outcomes: { ...outcomes },
    ...workOf({ duration_ms, effects, approvals, usage }),
    steps: steps.map(stepOf),
  };
}

function stepOf({ duration_ms, effects, approvals, usage, ...step }: StepMetrics) {
  return { ...step, ...workOf({ duration_ms, effects, approvals, usage }) };
}

function workOf({
  duration_ms,
  effects,
  approvals,
  usage,
}: Pick<StepMetrics, "duration_ms" | "effects" | "approvals" | "usage">) {
  const { decided_age_ms, waiting_age_ms, ...counts } = approvals;
  return {
    duration_ms: { ...duration_ms },
    effects: { ...effects },
    usage: usage.map((one) => ({ ...one })),
    approvals: { ...counts, decided_age_ms: { ...decided_age_ms }, waiting_age_ms: { ...waiting_age_ms } },
  };
}

function textOf(paper: Paper, parameters: { found: Metrics; timezone: string; withSteps: boolean }): string {
  const { found, timezone, withSteps } = parameters;
  const cut = found.cut ? ", the newest of more" : "";
  const title = `${executions(found.executions)} since ${moment(found.since, timezone)}${cut}`;
  if (found.flows.length === 0) return title;
  const steps = withSteps ? found.flows.flatMap((flow) => ["", stepTable(paper, flow)]) : [];
  return [title, "", flowTable(paper, found.flows), ...steps].join("\n");
}

const workHeads = ["SUCCESS", "P50", "P95", "RETRIES", "DECIDED IN", "UNDECIDED"];
const flowHeads = ["FLOW", "COUNT", "RUNNING", "SUCCEEDED", "FAILED", "TIMED OUT", "ABORTED", ...workHeads];
const stepHeads = ["STEP", "COUNT", "OPEN", "SUCCEEDED", "FAILED", "CUT OFF", "SKIPPED", ...workHeads];

function flowTable(paper: Paper, flows: readonly FlowMetrics[]): string {
  const rows = flows.map((flow) => [
    flow.flow_id,
    ...[flow.count, flow.running, flow.succeeded].map(number),
    ...[flow.failed, flow.timed_out, flow.aborted].map(numberIfAny),
    ...workCells(flow),
  ]);
  return table(paper, { heads: flowHeads, rows, right: rightOf(flowHeads) });
}

function stepTable(paper: Paper, { steps }: FlowMetrics): string {
  const rows = steps.map((step) => [
    step.step_id,
    ...[step.count, step.open, step.succeeded].map(number),
    ...[step.failed, step.aborted, step.skipped].map(numberIfAny),
    ...workCells(step),
  ]);
  return table(paper, { heads: stepHeads, rows, right: rightOf(stepHeads) });
}

/** All but the name. */
function rightOf(heads: readonly string[]): number[] {
  return heads.map((_, column) => column).slice(1);
}

function workCells({ success_rate, duration_ms, retries, approvals }: FlowMetrics | StepMetrics): string[] {
  return [
    success_rate === null ? "" : `${Math.round(success_rate * 100)} %`,
    ...percentiles(duration_ms),
    numberIfAny(retries),
    approvals.decided_age_ms.p50 === null ? "" : duration(approvals.decided_age_ms.p50),
    numberIfAny(approvals.waiting),
  ];
}

function percentiles({ p50, p95 }: Percentiles): string[] {
  return [p50, p95].map((ms) => (ms === null ? "" : duration(ms)));
}

/** A column without any is left out. */
function numberIfAny(count: number): string {
  return count === 0 ? "" : number(count);
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
