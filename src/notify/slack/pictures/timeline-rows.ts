/** What a timeline shows of each step, read from the execution's state: attempts, waits, and what happened at an instant. */
import type { ApprovalState, ExecutionState, StepEffect, StepState } from "../../../flow/execution.ts";
import { allWorks } from "../../../flow/step-state.ts";
import { upcoming } from "../format.ts";
import { effectWords } from "./effect-words.ts";
import type { Shown } from "./shown.ts";
import { faceOf, type Face } from "./step-face.ts";
import { stepWords } from "./step-words.ts";
import { approvalMarks, effectMarks, type Mark } from "./timeline-marks.ts";
import { partRows } from "./timeline-parts.ts";
import { attemptStays, doubtStays, type Stay } from "./timeline-stays.ts";

export type { Mark } from "./timeline-marks.ts";
export type { Stay } from "./timeline-stays.ts";

export interface Row {
  /** Null: the execution as a whole. */
  stepId: string | null;
  label: string;
  /** Of the step above it: smaller, and set in. */
  isPart: boolean;
  /** Null: it has no sign. */
  face: Face | null;
  words: string;
  /** In the order of time; a wait lies between two attempts, or after the last. */
  stays: Stay[];
  marks: Mark[];
}

export function timelineRows(shown: Shown, timezone: string): Row[] {
  const { execution, now } = shown;
  const rows = execution.definition.steps.flatMap(({ id, kind }): Row[] => {
    const step = execution.steps[id];
    if (step === undefined) return [];
    const stays = [
      ...waitStays({ step, isWait: kind === "wait", now }),
      ...(step.items === null ? attemptStays(execution, step, now) : itemsStays(step, now)),
      ...approvalStays(step.approval, now),
      ...doubtStays(effectsOf(step), now),
    ];
    const marks = [...approvalMarks(step.approval), ...effectMarks(effectsOf(step))];
    const words = rowWords({ step, now, timezone });
    const own = { stepId: id, label: id, isPart: false, face: faceOf(step), words, stays, marks };
    return [own, ...partRows(execution, step, now)];
  });
  return [...queueRows(execution, now), ...rows];
}

/** While it waits for its turn none of its steps has anything to show. */
function queueRows({ queued }: ExecutionState, now: number): Row[] {
  if (queued === null) return [];
  const stays: Stay[] = [{ kind: "wait", from: queued.since, to: Math.max(now, queued.since) }];
  const words = "waits for its turn";
  return [{ stepId: null, label: "in the queue", isPart: false, face: "waiting", words, stays, marks: [] }];
}

function rowWords({ step, now, timezone }: { step: StepState; now: number; timezone: string }): string {
  const until = waitEnd(step);
  const words = stepWords(step, now);
  const ending = until === null ? "" : `, until ${upcoming({ at: until, now, timezone })}`;
  const effects = effectWords(effectsOf(step));
  return `${words}${ending}${effects === null ? "" : ` · ${effects}`}`;
}

function waitEnd({ status, approval, waitsUntil }: StepState): number | null {
  if (status !== "waiting") return null;
  return approval?.status === "pending" ? approval.expiresAt : waitsUntil;
}

/** Of its items and of what took it back, too. */
function effectsOf(step: StepState): StepEffect[] {
  return allWorks(step).flatMap(({ work }) => work.effects ?? []);
}

/** A `wait` step; or one that was late, until its work begins. */
function waitStays({ step, isWait, now }: { step: StepState; isWait: boolean; now: number }): Stay[] {
  const { startedAt: from, endedAt, waitsUntil, isShifted } = step;
  if (from === null || !(isWait || isShifted || waitsUntil !== null)) return [];
  const begun = Math.min(...allWorks(step).flatMap(({ work }) => work.attempts[0]?.startedAt ?? []));
  return [{ kind: "wait", from, to: Number.isFinite(begun) ? begun : (endedAt ?? Math.max(now, from)) }];
}

/** One bar for all items: they may lie over each other. */
function itemsStays({ status, items, endedAt }: StepState, now: number): Stay[] {
  const from = Math.min(...(items ?? []).flatMap((item) => item.startedAt ?? []));
  if (!Number.isFinite(from)) return [];
  const kind = status === "succeeded" || status === "failed" ? status : status === "aborted" ? "lost" : "running";
  return [{ kind, from, to: endedAt ?? Math.max(now, from) }];
}

function approvalStays(approval: ApprovalState | null, now: number): Stay[] {
  if (approval === null) return [];
  return [
    { kind: "approval", from: approval.requestedAt, to: approval.endedAt ?? Math.max(now, approval.requestedAt) },
  ];
}

export function instantsOf(rows: readonly Row[]): number[] {
  return rows.flatMap(({ stays, marks }) => [
    ...stays.flatMap(({ from, to }) => [from, to]),
    ...marks.map(({ at }) => at),
  ]);
}
