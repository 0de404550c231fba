/** What became of a step, in a few words: the same in the graph, in the timeline and in the alternative text. */
import { formatDuration } from "../../../flow/duration.ts";
import type { ApprovalState, StepState } from "../../../flow/execution.ts";
import { oneLine } from "../escape.ts";
import { count, list } from "../format.ts";

const namesShown = 4;

export function stepWords(step: StepState, now: number): string {
  switch (step.status) {
    case "pending":
      return step.attempts.length === 0 ? "not started" : "to be tried again";
    case "running":
      return runningWords(step, now);
    case "waiting":
      return step.approval?.status === "pending"
        ? `waits for ${approverNames(step.approval)}`
        : "waits for a word on an effect in doubt";
    case "succeeded":
      return step.approval === null ? doneWords(step) : decisionWords(step.approval);
    case "failed":
      return failedWords(step);
    case "skipped":
      return skippedWords(step);
    case "aborted":
      return step.approval === null ? "stopped" : "withdrawn";
    default:
      return step.status satisfies never;
  }
}

export function approverNames({ approvers }: ApprovalState): string {
  const names = approvers.slice(0, namesShown).map(({ label }) => oneLine(label, 60));
  const left = approvers.length - names.length;
  return names.length === 0 ? "an approver" : list(left === 0 ? names : [...names, `${left} more`], "or");
}

/** "approved by Dana Reyes after 2 days 3 h". */
function decisionWords(approval: ApprovalState): string {
  const { status, votes, requestedAt, endedAt } = approval;
  const after = endedAt === null ? "" : ` after ${formatDuration(endedAt - requestedAt)}`;
  if (status !== "approved" && status !== "rejected") return `${status}${after}`;
  const deciding = votes.filter(({ decision }) => decision === (status === "approved" ? "approve" : "reject"));
  const names = deciding.slice(0, namesShown).map(({ by }) => oneLine(by.name, 60));
  return `${status}${names.length === 0 ? " when the time ran out" : ` by ${list(names, "and")}`}${after}`;
}

function runningWords(step: StepState, now: number): string {
  const tried = step.attempts.length;
  if (step.retryAt !== null) return `tries again after ${count(tried, "attempt")}`;
  const since = step.attempts.at(-1)?.startedAt ?? step.startedAt;
  const attempt = tried > 1 ? `attempt ${tried}, ` : "";
  return since === null ? "running" : `${attempt}running for ${formatDuration(Math.max(0, now - since))}`;
}

function doneWords(step: StepState): string {
  const { attempts, endedAt } = step;
  const first = attempts[0]?.startedAt ?? step.startedAt;
  const took = endedAt === null || first === null ? "done" : `done in ${formatDuration(endedAt - first)}`;
  return attempts.length > 1 ? `${took}, at attempt ${attempts.length}` : took;
}

function failedWords({ attempts, failure }: StepState): string {
  const after = attempts.length > 1 ? ` after ${count(attempts.length, "attempt")}` : "";
  return failure === null ? `failed${after}` : `failed${after}: ${failure.error}`;
}

function skippedWords({ skipped }: StepState): string {
  switch (skipped) {
    case "condition":
      return "skipped: its condition was not met";
    case "upstream":
      return "skipped: not reached";
    case "late":
      return "skipped: it came too late";
    case null:
      return "skipped";
    default:
      return skipped satisfies never;
  }
}
