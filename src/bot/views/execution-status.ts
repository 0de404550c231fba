/** One execution: who started it, how it stands, each step with its times, and buttons for its pictures. */
import type { KnownBlock } from "@slack/types";
import type { ExecutionReport } from "../../engine/engine.ts";
import type { StepReport } from "../../flow/card.ts";
import { actionIds, encodeExecution } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { dotted } from "../../notify/slack/format.ts";
import { riskAction } from "../../notify/slack/known-outputs.ts";
import { duration, exactInstant } from "./instant.ts";
import type { Message } from "./message.ts";
import { context, listBlocks, section } from "./rows.ts";
import { ending } from "./status-list.ts";
import { aboutOf, anyOf, code, shown } from "./text.ts";

export function executionStatus(parameters: { report: ExecutionReport; timezone: string }): Message {
  const { report, timezone } = parameters;
  const { blocks, left } = listBlocks([{ heading: null, rows: report.steps.map((step) => stepRow(step, timezone)) }]);
  const more = left === 0 ? [] : [context(`and ${left} more steps`)];
  const { header } = report;
  const text = `${header.flow_id} ${ending(header)}: ${header.execution_id}`;
  const shownBlocks = [section(heading(report, timezone)), ...blocks, ...more, pictureButtons(report)];
  return { text: shown(text, 300), blocks: shownBlocks };
}

function pictureButtons({ header, steps }: ExecutionReport): KnownBlock {
  const value = encodeExecution({ executionId: header.execution_id });
  const assessed = steps.some(({ label, status }) => status === "succeeded" && label.endsWith(riskAction));
  return actions("pictures", [
    button({ actionId: actionIds.timeline, label: "Timeline", value }),
    button({ actionId: actionIds.executionGraph, label: "Graph", value }),
    ...(assessed ? [button({ actionId: actionIds.executionRisk, label: "Risk", value })] : []),
  ]);
}

function heading(report: ExecutionReport, timezone: string): string {
  const { header, startedBy, failure } = report;
  const about = aboutOf(header);
  const title = dotted([
    `*${shown(header.flow_id)}* ${shown(header.flow_version, 40)}`,
    about === null ? null : shown(about),
    `*${ending(header)}*`,
  ]);
  const started = `Started by ${shown(startedBy, 200)} ${exactInstant({ at: header.started_at, timezone })}`;
  const took = header.ended_at === null ? "" : `, took ${duration(header.ended_at - header.started_at)}`;
  const failed = failure === null ? [] : [`Failed: ${shown(failure, 500)}`];
  return [title, `${started}${took}`, ...failed, code(header.execution_id)].join("\n");
}

function stepRow(step: StepReport, timezone: string): string {
  const facts = dotted([statusText(step), times(step, timezone), attempts(step)]);
  const failure = step.failure === null ? "" : `\n    ${code(step.failure.error)} ${shown(step.failure.cause, 300)}`;
  return `• *${shown(step.stepId)}*${kind(step)} · ${facts}${failure}`;
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
  if (step.status === "waiting" && step.waitingFor.length > 0) return `waiting for ${anyOf(step.waitingFor)}`;
  return step.status;
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
