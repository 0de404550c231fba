/** One execution: who started it, how it stands, each step with its times, and buttons for its pictures. */
import type { KnownBlock } from "@slack/types";
import type { ExecutionReport } from "../../engine/engine.ts";
import type { StepReport } from "../../flow/card.ts";
import { actionIds, encodeExecution } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { count, dotted, number } from "../../notify/slack/format.ts";
import { riskActions } from "../../notify/slack/known-outputs.ts";
import { costWords } from "./cost.ts";
import { doubtBlocks, type Doubt } from "./doubts.ts";
import { duration, exactInstant } from "./instant.ts";
import type { Message } from "./message.ts";
import { context, listBlocks, section } from "./rows.ts";
import { ending } from "./status-list.ts";
import { aboutOf, anyOf, code, shown } from "./text.ts";

const childrenShown = 5;

export function executionStatus(parameters: {
  report: ExecutionReport;
  /** Its effects in doubt, with buttons to settle them. */
  doubts?: readonly Doubt[];
  timezone: string;
}): Message {
  const { report, doubts = [], timezone } = parameters;
  const asking = doubtBlocks(doubts, timezone);
  const rows = report.steps.map((step) => stepRow(step, timezone));
  const { blocks, left } = listBlocks([{ heading: null, rows }], JSON.stringify(asking).length);
  const more = left === 0 ? [] : [context(`and ${left} more steps`)];
  const { header } = report;
  const text = `${header.flow_id} ${ending(header)}: ${header.execution_id}`;
  const shownBlocks = [section(heading(report, timezone)), ...asking, ...blocks, ...more, pictureButtons(report)];
  return { text: shown(text, 300), blocks: shownBlocks };
}

function pictureButtons({ header, steps }: ExecutionReport): KnownBlock {
  const value = encodeExecution({ executionId: header.execution_id });
  const assessed = steps.some(
    ({ label, status }) => status === "succeeded" && riskActions.some((action) => label.endsWith(action)),
  );
  return actions("pictures", [
    button({ actionId: actionIds.timeline, label: "Timeline", value }),
    button({ actionId: actionIds.executionGraph, label: "Graph", value }),
    ...(assessed ? [button({ actionId: actionIds.executionRisk, label: "Risk", value })] : []),
  ]);
}

function heading(report: ExecutionReport, timezone: string): string {
  const { header, startedBy, failure, cost } = report;
  const about = aboutOf(header);
  const title = dotted([
    `*${shown(header.flow_id)}* ${shown(header.flow_version, 40)}`,
    about === null ? null : shown(about),
    `*${ending(header)}*`,
  ]);
  const started = `Started by ${shown(startedBy, 200)} ${exactInstant({ at: header.started_at, timezone })}`;
  const took = header.ended_at === null ? "" : `, took ${duration(header.ended_at - header.started_at)}`;
  const failed = failure === null ? [] : [`Failed: ${shown(failure, 500)}`];
  return [
    title,
    `${started}${took}`,
    ...parent(header),
    ...queued(report, timezone),
    ...unheard(report),
    ...failed,
    ...(cost === null ? [] : [`Cost: ${costWords(cost)}`]),
    code(header.execution_id),
  ].join("\n");
}

function parent({ parent_id: parentId }: ExecutionReport["header"]): string[] {
  return parentId === null ? [] : [`A sub-flow of ${follow(parentId)}`];
}

function queued({ header }: ExecutionReport, timezone: string): string[] {
  const queue = header.waiting_for.find(({ kind }) => kind === "queue");
  if (queue === undefined) return [];
  const behind = queue.execution_id === null ? "" : ` behind ${follow(queue.execution_id)}`;
  return [`Queued since ${exactInstant({ at: queue.since, timezone })}${behind}: it waits for its turn`];
}

/** Of one that a service drives, and could not be told about. */
function unheard({ unheard: cause }: ExecutionReport): string[] {
  return cause === undefined ? [] : [`${shown(cause, 500)} It is tried again`];
}

function follow(executionId: string): string {
  return `\`/revops status ${shown(executionId)}\``;
}

function stepRow(step: StepReport, timezone: string): string {
  const facts = dotted([statusText(step), items(step), until(step, timezone), times(step, timezone), attempts(step)]);
  const below = [
    ...(step.failure === null ? [] : [`${code(step.failure.error)} ${shown(step.failure.cause, 300)}`]),
    ...heldBack(step, timezone),
    ...children(step),
    ...takenBack(step),
  ];
  return [`• *${shown(step.stepId)}*${kind(step)} · ${facts}`, ...below.map((line) => `    ${line}`)].join("\n");
}

/** " (data_agent)", " (decision_agent generate_renewal_recommendations)", " (approval)": what the step's id doesn't say. */
function kind({ stepId, label }: StepReport): string {
  const rest = label === stepId || label.endsWith(` ${stepId}`) ? label.slice(0, -stepId.length).trim() : label;
  return rest === "" ? "" : ` (${shown(rest)})`;
}

const skips: Readonly<Record<NonNullable<StepReport["skipped"]>, string>> = {
  condition: "skipped: its condition was not met",
  upstream: "skipped: what it depends on did not succeed",
  late: "skipped: it came too late",
};

function statusText(step: StepReport): string {
  if (step.skipped !== null) return skips[step.skipped];
  const isOpen = step.status === "waiting" || step.status === "running";
  if (isOpen && step.waitingFor.length > 0) return `waiting for ${anyOf(step.waitingFor)}`;
  return step.status;
}

/** "3 of 12 done, 1 failed". */
function items({ items: found }: StepReport): string | null {
  if (found === null) return null;
  const failed = found.failed === 0 ? "" : `, ${number(found.failed)} failed`;
  return `${number(found.succeeded)} of ${number(found.total)} done${failed}`;
}

function until({ waitsUntil }: StepReport, timezone: string): string | null {
  return waitsUntil === null ? null : `until ${exactInstant({ at: waitsUntil, timezone })}`;
}

function heldBack({ held = [] }: StepReport, timezone: string): string[] {
  const rows = held.slice(0, childrenShown).map(({ summary, cause, until: end }) => {
    const when = end === null ? "held back" : `held back until ${exactInstant({ at: end, timezone })}`;
    return `${when}: ${shown(summary, 200)}. ${shown(cause, 300)}`;
  });
  const left = held.length - rows.length;
  return left === 0 ? rows : [...rows, `and ${number(left)} more held back`];
}

/** Those that run first: they are what somebody wants to open. */
function children({ children: all }: StepReport): string[] {
  const inOrder = all.toSorted((one, other) => Number(one.hasEnded) - Number(other.hasEnded));
  const rows = inOrder
    .slice(0, childrenShown)
    .map(({ executionId, hasEnded }) => `sub-flow ${hasEnded ? "ended" : "runs"}: ${follow(executionId)}`);
  const left = all.length - rows.length;
  return left === 0 ? rows : [...rows, `and ${count(left, "more sub-flow")}`];
}

function takenBack({ compensation }: StepReport): string[] {
  if (compensation === null) return [];
  const { status, failure } = compensation;
  if (failure !== null) return [`*not taken back*: ${code(failure.error)} ${shown(failure.cause, 300)}`];
  return [status === "succeeded" ? "taken back" : status === "aborted" ? "not taken back" : "being taken back"];
}

function times(step: StepReport, timezone: string): string | null {
  const { startedAt, endedAt, retryAt } = step;
  if (startedAt === null) return null;
  const begun = exactInstant({ at: startedAt, timezone });
  if (endedAt !== null) return `${begun}, took ${duration(endedAt - startedAt)}`;
  const again = retryAt === null ? "" : `, tries again ${exactInstant({ at: retryAt, timezone })}`;
  return `since ${begun}${again}`;
}

function attempts(step: StepReport): string | null {
  return step.attempts > 1 ? `${step.attempts} attempts` : null;
}
