/** Why a step was skipped: its own condition or time, or the step, however far back, that let nothing through. */
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { dependencyGate } from "../flow/run-rules.ts";
import { expiredWords, rejectedWords } from "./explain-approval.ts";
import { both, unended } from "./explain-words.ts";
import { continuesAfterFailure, isToBeTakenBack, stepDefinition, stepState } from "./readiness.ts";

export interface SkipCause {
  text: string;
  /** From the step before it back to the one where it began; empty: it began here. */
  because: string[];
}

export function skipCause(state: ExecutionState, step: StepState): SkipCause {
  if (step.skipped !== "upstream") return { text: `${ownWords(step)}${inFlowsWords(state, step)}.`, because: [] };
  const because = wayBack(state, step);
  const origin = because.at(-1);
  if (origin === undefined) {
    const why = isToBeTakenBack(state) ? "another step failed and what was done was taken back" : "nothing led to it";
    return { text: `${step.id} was skipped because ${why}.`, because };
  }
  const between = because.slice(0, -1);
  const way = between.length === 0 ? "" : ` (by way of ${both(between)})`;
  return { text: `${step.id} was skipped${way}: ${originWords(state, stepState(state, origin))}.`, because };
}

/** Each step of the way is the first dependency that let nothing through. */
function wayBack(state: ExecutionState, step: StepState): string[] {
  const way: string[] = [];
  let at: StepState | null = step;
  while (at?.skipped === "upstream") {
    at = closedBefore(state, at);
    if (at !== null) way.push(at.id);
  }
  return way;
}

function closedBefore(state: ExecutionState, step: StepState): StepState | null {
  for (const { step: id, optional } of stepDefinition(state, step.id).depends_on) {
    const before = stepState(state, id);
    const { status, approval } = before;
    const continues = continuesAfterFailure(state, id);
    const through = dependencyGate({ optional, status, approval: approval?.status ?? null, continues });
    if (through === "closed") return before;
  }
  return null;
}

function originWords(state: ExecutionState, step: StepState): string {
  const { id, status, approval, failure } = step;
  if (status === "failed")
    return `${id} failed${failure === null ? "" : ` with ${failure.error}: ${unended(failure.cause)}`}`;
  if (status === "skipped") return ownWords(step);
  if (approval?.status === "rejected") return unended(rejectedWords(state, id, approval));
  if (approval?.status === "expired") return unended(expiredWords(state, id, approval));
  return approval === null ? `${id} was cut off` : `${id} was withdrawn`;
}

function ownWords({ id, skipped }: StepState): string {
  switch (skipped) {
    case "condition":
      return `${id} was skipped because its condition was not met`;
    case "late":
      return `${id} was skipped because it came too late`;
    case "upstream":
    case null:
      return `${id} was skipped`;
    default:
      return skipped satisfies never;
  }
}

/** Said once, where it belongs; whoever wrote the flow knows it again. */
function inFlowsWords(state: ExecutionState, { id, skipped }: StepState): string {
  const { when, due } = stepDefinition(state, id);
  if (skipped === "condition" && when !== null) return `: ${when}`;
  return skipped === "late" && due !== null ? `: it was meant for ${due}` : "";
}
