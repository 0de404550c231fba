/** One execution: who started it, how it stands, and each step with its times. */
import { costWords } from "../../bot/views/cost.ts";
import { duration } from "../../bot/views/instant.ts";
import type { ExecutionReport } from "../../engine/engine.ts";
import type { StepReport } from "../../flow/card.ts";
import { exactMoment, isoOrNull } from "../moment.ts";
import type { Mark, Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";
import { executionDocument, statusMark, statusWords, waitingWords } from "./executions.ts";

export function reportDocument(report: ExecutionReport, timezone: string) {
  const { header, steps, startedBy, failure, unheard, cost } = report;
  return {
    ...executionDocument(header, timezone),
    started_by: startedBy,
    failure,
    ...(unheard === undefined ? {} : { unheard }),
    cost: cost === null ? null : { ...cost },
    steps: steps.map((step) => ({
      step_id: step.stepId,
      label: step.label,
      status: step.status,
      skipped: step.skipped,
      started_at: isoOrNull(step.startedAt, timezone),
      ended_at: isoOrNull(step.endedAt, timezone),
      attempts: step.attempts,
      retry_at: isoOrNull(step.retryAt, timezone),
      waiting_for: step.waitingFor,
      failure: step.failure,
      held_back: (step.held ?? []).map((one) => ({ ...one, until: isoOrNull(one.until, timezone) })),
    })),
  };
}

export function reportText(
  paper: Paper,
  { header, steps, startedBy, failure, unheard, cost }: ExecutionReport,
  timezone: string,
): string {
  const about = header.customer_name ?? header.customer_id;
  const title = [`${header.flow_id} ${plain(header.flow_version)}`, ...(about === null ? [] : [plain(about)])].join(
    " · ",
  );
  const took = header.ended_at === null ? "" : `, took ${duration(header.ended_at - header.started_at)}`;
  return [
    `${paper.mark("bold", title)} · ${paper.mark(statusMark(header), statusWords(header))}`,
    `${header.execution_id}, started by ${plain(startedBy)} ${exactMoment(header.started_at, timezone)}${took}`,
    ...(header.parent_id === null ? [] : [`A sub-flow of ${header.parent_id}`]),
    ...(failure === null ? [] : [paper.mark("red", `Failed: ${plain(failure)}`)]),
    ...(unheard === undefined ? [] : [`${plain(unheard)} It is tried again`]),
    ...(cost === null ? [] : [`Cost: ${costWords(cost)}`]),
    ...header.waiting_for.map((wait) => `Waits for ${waitingWords(wait, timezone)}`),
    "",
    stepTable(paper, steps, timezone),
  ].join("\n");
}

function stepTable(paper: Paper, steps: readonly StepReport[], timezone: string): string {
  const rows = steps.map((step) => [
    step.stepId,
    kindOf(step),
    paper.mark(stepMarks[step.status], step.skipped === null ? step.status : skips[step.skipped]),
    exactMoment(step.startedAt, timezone),
    step.startedAt === null || step.endedAt === null ? "" : duration(step.endedAt - step.startedAt),
    step.attempts > 1 ? String(step.attempts) : "",
    noteOf(step, timezone),
  ]);
  return table(paper, { heads: ["STEP", "KIND", "STATUS", `STARTED (${timezone})`, "TOOK", "ATTEMPTS", ""], rows });
}

/** "data_agent", "decision_agent generate_renewal_recommendations", "approval": what the step's id doesn't say. */
function kindOf({ stepId, label }: StepReport): string {
  return plain(label === stepId || label.endsWith(` ${stepId}`) ? label.slice(0, -stepId.length).trim() : label);
}

function noteOf({ failure, retryAt, waitingFor, status, held = [] }: StepReport, timezone: string): string {
  if (failure !== null) return plain(`${failure.error}: ${failure.cause}`);
  const [first] = held;
  if (first !== undefined) return plain(`${heldWords(held.length, first.until, timezone)}: ${first.cause}`);
  if (retryAt !== null) return `tries again ${exactMoment(retryAt, timezone)}`;
  return status === "waiting" ? plain(waitingFor.join(", ")) : "";
}

function heldWords(count: number, until: number | null, timezone: string): string {
  return `${count} held back${until === null ? "" : ` until ${exactMoment(until, timezone)}`}`;
}

export const stepMarks: Readonly<Record<StepReport["status"], Mark>> = {
  pending: "dim",
  running: "yellow",
  waiting: "yellow",
  succeeded: "green",
  failed: "red",
  skipped: "dim",
  aborted: "red",
};

const skips: Readonly<Record<NonNullable<StepReport["skipped"]>, string>> = {
  condition: "skipped by its condition",
  upstream: "skipped: what it depends on did not succeed",
  late: "skipped: too late",
};
