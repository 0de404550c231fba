/** The rows below a step: its sub-flow, its items as far as they tell something of their own, and what takes it back. */
import { waitsForHeld } from "../../../flow/effect-state.ts";
import { formatDuration } from "../../../flow/duration.ts";
import type { ExecutionState, ItemState, StepState, Work } from "../../../flow/execution.ts";
import { count, dotted } from "../format.ts";
import { effectWords } from "./effect-words.ts";
import type { Row } from "./timeline-rows.ts";
import { effectMarks } from "./timeline-marks.ts";
import { attemptStays, doubtStays } from "./timeline-stays.ts";

/** More would push the other steps out of sight. */
const mostItems = 6;

export function partRows(execution: ExecutionState, step: StepState, now: number): Row[] {
  const { child, compensation } = step;
  return [
    ...(child === null ? [] : [wordsRow(step, `execution ${child.executionId}`)]),
    ...itemRows(execution, step, now),
    ...(compensation === null ? [] : [workRow({ execution, step, work: compensation, now, label: "taking back" })]),
  ];
}

function itemRows(execution: ExecutionState, step: StepState, now: number): Row[] {
  const begun = (step.items ?? []).filter(({ status }) => status !== "pending");
  // "And 1 more" takes the room that the one would.
  const shown = begun.length <= mostItems + 1 ? begun : tellingItems(begun);
  const rows = shown.map((work) => workRow({ execution, step, work, now, label: `item ${work.index + 1}` }));
  const left = begun.length - shown.length;
  return left === 0 ? rows : [...rows, wordsRow(step, `and ${count(left, "more item")}`)];
}

/** Those that failed or go on say more than those that are done; of these, those that took longest. */
function tellingItems(items: readonly ItemState[]): ItemState[] {
  const first = items.toSorted((one, other) => weight(other) - weight(one) || lasted(other) - lasted(one));
  return first.slice(0, mostItems).toSorted((one, other) => one.index - other.index);
}

function weight({ status, attempts }: ItemState): number {
  if (status !== "succeeded") return 2;
  return attempts.length > 1 ? 1 : 0;
}

function lasted({ startedAt, endedAt }: Work): number {
  return startedAt === null || endedAt === null ? Infinity : endedAt - startedAt;
}

/** Without a bar of its own. */
function wordsRow({ id }: StepState, label: string): Row {
  return { stepId: id, label, isPart: true, face: null, words: "", stays: [], marks: [] };
}

function workRow(of: { execution: ExecutionState; step: StepState; work: Work; now: number; label: string }): Row {
  const { execution, step, work, now, label } = of;
  const effects = work.effects ?? [];
  return {
    stepId: step.id,
    label,
    isPart: true,
    face: work.status,
    words: dotted([workWords(work, now), effectWords(effects)]),
    stays: [...attemptStays(execution, work, now), ...doubtStays(effects, now)],
    marks: effectMarks(effects),
  };
}

function workWords(work: Work, now: number): string {
  const { attempts, failure, child } = work;
  const tried = attempts.length > 1 ? ` after ${count(attempts.length, "attempt")}` : "";
  const from = attempts[0]?.startedAt ?? work.startedAt;
  const took = from === null ? "" : formatDuration(Math.max(0, (work.endedAt ?? now) - from));
  switch (work.status) {
    case "pending":
      return "not started";
    case "running":
      if (waitsForHeld(work)) return "held back until working time";
      return work.retryAt === null ? `running for ${took}` : `tries again${tried === "" ? " after 1 attempt" : tried}`;
    case "waiting":
      return child === null ? "in doubt" : `waits for ${child.executionId}`;
    case "succeeded":
      return `done in ${took}${attempts.length > 1 ? `, at attempt ${attempts.length}` : ""}`;
    case "failed":
      return `failed${tried}: ${failure?.error ?? "failed"}`;
    case "skipped":
      return "skipped";
    case "aborted":
      return "stopped";
    default:
      return work.status satisfies never;
  }
}
