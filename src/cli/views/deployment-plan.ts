/** A plan of a deployment in words: stack by stack what changes, flow by flow what it is on Step Functions. */
import type { Plan } from "../../app/deployment/plan.ts";
import type { Mark, Paper } from "../paper.ts";

type StackPlan = Plan["stacks"][number];
type FlowPlan = Plan["flows"][number];

export function planText(paper: Paper, plan: Plan): string {
  const { name, engine, compared_with, stacks, flows, standing_cost } = plan;
  const since =
    compared_with === null
      ? "Nothing was deployed from this folder yet, so everything is new."
      : `Compared with what was deployed from this folder at ${compared_with}.`;
  return [
    `${paper.mark("bold", name)}: ${engine === "embedded" ? "the bot with its own engine" : "flows on Step Functions, and the bot"}`,
    since,
    "",
    ...stacks.flatMap((stack) => stackLines(paper, stack)),
    ...flows.flatMap((flow) => ["", ...flowLines(paper, flow)]),
    "",
    `What stands there costs about ${dollars(standing_cost)} a month (us-east-1); what runs comes on top: docs/costs.md.`,
  ].join("\n");
}

const marks: Record<StackPlan["change"], Mark> = { new: "green", changed: "yellow", unchanged: "dim", gone: "red" };

function stackLines(paper: Paper, { stack, change, added, changed, removed }: StackPlan): string[] {
  const counts = [
    [added.length, "added"],
    [changed.length, "changed"],
    [removed.length, "removed"],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const about = change === "gone" ? staying : counts.join(", ");
  const head = `${paper.mark(marks[change], change.padEnd(9))} ${stack}${about === "" ? "" : `: ${about}`}`;
  if (change !== "changed") return [head];
  return [
    head,
    ...added.map((id) => `            + ${id}`),
    ...changed.map((id) => `            ~ ${id}`),
    ...removed.map((id) => `            - ${id}`),
  ];
}

const staying = "stays on AWS, and its schedules fire, until it is deleted there: docs/upgrading.md";

function flowLines(paper: Paper, flow: FlowPlan): string[] {
  const { flow_id, version, machine, change, schedules, added_waits, notes } = flow;
  return [
    `${paper.mark("bold", `${flow_id} ${version}`)}, ${change}: machine ${machine}`,
    ...schedules.map(
      ({ expression, timezone, starts }) =>
        `  ${expression} in ${timezone} starts ${starts === "batch" ? "an execution for each customer of its filter" : "one execution"}`,
    ),
    ...added_waits.map(({ waits, for: what }) => `  ${waits} waits for ${what}, which the flow doesn't ask for`),
    ...notes.map(({ step, message }) => `  ${step === null ? "" : `${step}: `}${message}`),
    `  an execution: up to ${flow.transitions} transitions and ${flow.events} events; the machine has ${Math.ceil(flow.definition_bytes / 1024)} KiB`,
    `  a thousand executions: up to ${dollars(flow.cost_per_thousand)} of Step Functions`,
  ];
}

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
