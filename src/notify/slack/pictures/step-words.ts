/** What became of a step, in a few words: the same in the graph, in the timeline and in the alternative text. */
import { waitsForHeld } from "../../../flow/effect-state.ts";
import { formatDuration } from "../../../flow/duration.ts";
import type { ApprovalState, ItemState, StepState, Work } from "../../../flow/execution.ts";
import { oneLine } from "../escape.ts";
import { count, list } from "../format.ts";

const namesShown = 4;

export function stepWords(step: StepState, now: number): string {
  const words = ownWords(step, now);
  return step.compensation === null ? words : `${words}, ${compensationWords(step.compensation)}`;
}

function ownWords(step: StepState, now: number): string {
  switch (step.status) {
    case "pending":
      return step.attempts.length === 0 ? "not started" : "to be tried again";
    case "running":
      return runningWords(step, now);
    case "waiting":
      return waitingWords(step, now);
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

function waitingWords({ approval, waitsUntil, child }: StepState, now: number): string {
  if (approval?.status === "pending") return `waits for ${approverNames(approval)}`;
  if (waitsUntil !== null)
    return waitsUntil > now ? `waits for another ${formatDuration(waitsUntil - now)}` : "goes on";
  return child === null ? "waits for a word on an effect in doubt" : "waits for the other flow";
}

function compensationWords({ status, failure }: Work): string {
  if (status === "succeeded") return "then taken back";
  if (status === "failed") return `not taken back: ${failure?.error ?? "failed"}`;
  return status === "aborted" ? "not taken back: stopped" : "being taken back";
}

/** "3 of 5 done in 4 s, 1 failed". */
function itemsWords(items: readonly ItemState[], done = "done"): string {
  const number = (isMeant: (item: ItemState) => boolean) => items.filter(isMeant).length;
  const failed = number(({ status }) => status === "failed");
  const doubtful = number(({ status, child }) => status === "waiting" && child === null);
  return [
    `${number(({ status }) => status === "succeeded")} of ${items.length} ${done}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(doubtful === 0 ? [] : [`${doubtful} in doubt`]),
  ].join(", ");
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
  if (waitsForHeld(step)) return `held back for another ${formatDuration(Math.max(0, (step.retryAt ?? now) - now))}`;
  if (step.retryAt !== null) return `tries again after ${count(tried, "attempt")}`;
  const since = step.attempts.at(-1)?.startedAt ?? step.startedAt;
  const attempt = tried > 1 ? `attempt ${tried}, ` : "";
  if (step.items !== null) return itemsWords(step.items);
  return since === null ? "running" : `${attempt}running for ${formatDuration(Math.max(0, now - since))}`;
}

function doneWords(step: StepState): string {
  const { attempts, endedAt, items } = step;
  if (items?.length === 0) return "nothing to do: its list is empty";
  const first = attempts[0]?.startedAt ?? step.startedAt;
  const took = endedAt === null || first === null ? "done" : `done in ${formatDuration(endedAt - first)}`;
  if (items !== null) return itemsWords(items, took);
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
