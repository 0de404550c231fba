/** What a timeline shows of each step, read from the execution's state: attempts, waits, and what happened at an instant. */
import type { ApprovalState, AttemptState, ExecutionState, StepEffect, StepState } from "../../../flow/execution.ts";
import { allWorks } from "../../../flow/step-state.ts";
import { upcoming } from "../format.ts";
import { effectWords } from "./effect-words.ts";
import type { Shown } from "./shown.ts";
import { faceOf, type Face } from "./step-face.ts";
import { stepWords } from "./step-words.ts";

export interface Stay {
  kind: "succeeded" | "failed" | "lost" | "running" | "approval" | "retry" | "doubt" | "wait";
  from: number;
  to: number;
}

export interface Mark {
  kind: "approve" | "reject" | "ended" | "effect";
  at: number;
}

export interface Row {
  stepId: string;
  face: Face;
  words: string;
  /** In the order of time; a wait lies between two attempts, or after the last. */
  stays: Stay[];
  marks: Mark[];
}

export function timelineRows(shown: Shown, timezone: string): Row[] {
  const { execution, now } = shown;
  return execution.definition.steps.flatMap(({ id, kind }) => {
    const step = execution.steps[id];
    if (step === undefined) return [];
    const stays = [
      ...waitStays({ step, isWait: kind === "wait", now }),
      ...(step.items === null ? attemptStays(execution, step, now) : itemsStays(step, now)),
      ...approvalStays(step.approval, now),
      ...doubtStays(step, now),
    ];
    return [{ stepId: id, face: faceOf(step), words: rowWords({ step, now, timezone }), stays, marks: marksOf(step) }];
  });
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

function attemptStays(execution: ExecutionState, step: StepState, now: number): Stay[] {
  return step.attempts.flatMap((attempt, index) => {
    const next = step.attempts[index + 1];
    const to = attempt.endedAt ?? Math.max(now, attempt.startedAt);
    const own: Stay = { kind: endOf(attempt, step), from: attempt.startedAt, to };
    // An approval's failed askings are known by their end alone.
    const until = next?.startedAt ?? (step.retryAt === null ? null : Math.max(to, Math.min(now, step.retryAt)));
    if (until === null || until <= to || isRedrive(execution, { from: to, to: until })) return [own];
    return [own, { kind: "retry", from: to, to: until }];
  });
}

function endOf(attempt: AttemptState, step: StepState): Stay["kind"] {
  if (attempt.lost) return "lost";
  if (attempt.failure !== null) return "failed";
  if (attempt.endedAt === null) return step.status === "waiting" && step.child === null ? "doubt" : "running";
  // Ended by the start of the next one, with no word of its own.
  return attempt === step.attempts.at(-1) ? "succeeded" : "lost";
}

/** Nobody waited for a retry while the execution had ended. */
function isRedrive({ redriven }: ExecutionState, gap: { from: number; to: number }): boolean {
  return redriven !== null && redriven.at >= gap.from && redriven.at <= gap.to;
}

function approvalStays(approval: ApprovalState | null, now: number): Stay[] {
  if (approval === null) return [];
  return [
    { kind: "approval", from: approval.requestedAt, to: approval.endedAt ?? Math.max(now, approval.requestedAt) },
  ];
}

function doubtStays(step: StepState, now: number): Stay[] {
  return effectsOf(step).flatMap((effect): Stay[] => {
    const { state, resolution } = effect;
    if (state.status === "doubtful") return [{ kind: "doubt", from: state.at, to: Math.max(now, state.at) }];
    if (resolution === null || effect.begunAt === null || effect.begunAt > resolution.at) return [];
    return [{ kind: "doubt", from: effect.begunAt, to: resolution.at }];
  });
}

function marksOf(step: StepState): Mark[] {
  const { approval } = step;
  const votes: Mark[] = (approval?.votes ?? []).map(({ decision, at }) => ({ kind: decision, at }));
  const unvoted = approval?.endedAt ?? null;
  const ended: Mark[] =
    unvoted !== null && votes.every(({ at }) => at !== unvoted) ? [{ kind: "ended", at: unvoted }] : [];
  return [...votes, ...ended, ...effectsOf(step).flatMap(effectMark)];
}

function effectMark({ state }: StepEffect): Mark[] {
  return state.status === "performed" ? [{ kind: "effect", at: state.at }] : [];
}

export function instantsOf(rows: readonly Row[]): number[] {
  return rows.flatMap(({ stays, marks }) => [
    ...stays.flatMap(({ from, to }) => [from, to]),
    ...marks.map(({ at }) => at),
  ]);
}
