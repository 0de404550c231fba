/** How the work of a step, of an item or of a compensation lies in time: its attempts, the waits between them, its doubts. */
import type { AttemptState, ExecutionState, StepEffect, Work } from "../../../flow/execution.ts";

export interface Stay {
  kind: "succeeded" | "failed" | "lost" | "running" | "approval" | "retry" | "doubt" | "wait";
  from: number;
  to: number;
}

export function attemptStays(execution: ExecutionState, work: Work, now: number): Stay[] {
  return work.attempts.flatMap((attempt, index) => {
    const next = work.attempts[index + 1];
    const to = attempt.endedAt ?? Math.max(now, attempt.startedAt);
    const own: Stay = { kind: endOf(attempt, work, next), from: attempt.startedAt, to };
    // An approval's failed askings are known by their end alone.
    const until = next?.startedAt ?? (work.retryAt === null ? null : Math.max(to, Math.min(now, work.retryAt)));
    if (until === null || until <= to || isRedrive(execution, { from: to, to: until })) return [own];
    const isHeld = own.kind === "succeeded";
    return [own, { kind: isHeld ? "wait" : "retry", from: to, to: until }];
  });
}

function endOf(attempt: AttemptState, work: Work, next: AttemptState | undefined): Stay["kind"] {
  if (attempt.lost) return "lost";
  if (attempt.failure !== null) return "failed";
  if (attempt.endedAt === null) return work.status === "waiting" && work.child === null ? "doubt" : "running";
  // It ended well before the next one: it held something back until then.
  if (next !== undefined && attempt.endedAt < next.startedAt) return "succeeded";
  // Ended by the start of the next one, or cut off, with no word of its own.
  return attempt === work.attempts.at(-1) && work.status !== "aborted" ? "succeeded" : "lost";
}

/** Nobody waited for a retry while the execution had ended. */
function isRedrive({ redriven }: ExecutionState, gap: { from: number; to: number }): boolean {
  return redriven !== null && redriven.at >= gap.from && redriven.at <= gap.to;
}

export function doubtStays(effects: readonly StepEffect[], now: number): Stay[] {
  return effects.flatMap((effect): Stay[] => {
    const { state, resolution } = effect;
    if (state.status === "doubtful") return [{ kind: "doubt", from: state.at, to: Math.max(now, state.at) }];
    if (resolution === null || effect.begunAt === null || effect.begunAt > resolution.at) return [];
    return [{ kind: "doubt", from: effect.begunAt, to: resolution.at }];
  });
}
