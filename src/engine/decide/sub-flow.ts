/** A `flow` step's execution: begun, waited for, ended; one that outlives its step is ended too. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState, Work } from "../../flow/execution.ts";
import type { Failure } from "../../flow/failure.ts";
import type { Json } from "../../flow/json.ts";
import { allWorks } from "../../flow/step-state.ts";
import type { ChildEnd, Command } from "../command.ts";
import { stepDefinition, stepState } from "../readiness.ts";
import { after, hasActiveAttempt, isCurrent, named, workAt, type Of } from "./work.ts";

/** With its end where that is known already: in one append, so that no crash comes between. */
export function noteChild(
  state: ExecutionState,
  command: Extract<Command, { type: "note_child" }>,
  at: number,
): ExecutionEvent[] {
  const { attempt, executionId, end } = command;
  if (!isCurrent(workAt(state, command), attempt)) return [];
  const noted: ExecutionEvent = { type: "flow_started", at, ...named(command), execution_id: executionId };
  return end === null ? [noted] : [noted, ...endChild(after(state, [noted]), command, end, at)];
}

/** It has been started, or found, and its step is about to say so. */
export function isToBeNoted(state: ExecutionState, of: Of): boolean {
  const work = workAt(state, of);
  return state.status === "running" && work !== null && hasActiveAttempt(work) && work.child?.hasEnded !== false;
}

export function endChild(state: ExecutionState, of: Of, child: ChildEnd, at: number): ExecutionEvent[] {
  const work = workAt(state, of);
  if (work?.child?.executionId !== child.executionId || work.child.hasEnded) return [];
  if (work.status !== "waiting") return [{ type: "flow_ended", at, ...named(of), execution_id: child.executionId }];
  if (child.status === "succeeded") return [{ type: "step_succeeded", at, ...named(of), output: outputOf(child) }];
  const cause = `The execution ${child.executionId} ${endedHow(child)}.`;
  const ended: ExecutionEvent = { type: "flow_ended", at, ...named(of), execution_id: child.executionId };
  return [ended, ...failed(work, of, { error: "Flow.Failed", cause }, at)];
}

function outputOf({ executionId, outcome, outputs }: ChildEnd): Json {
  return { execution_id: executionId, outcome, outputs };
}

function endedHow({ status, failure }: ChildEnd): string {
  if (failure !== null) return `failed with ${failure.error}: ${failure.cause.replace(/\.$/, "")}`;
  return status === "timed_out" ? "timed out" : `was ${status}`;
}

/** The step's own `timeout`: its execution is ended, and nothing waits for that. */
export function timeOutChild(state: ExecutionState, of: Of, at: number): ExecutionEvent[] {
  const work = workAt(state, of);
  const due = work === null ? null : childDeadline(state, of.stepId, work);
  if (work === null || due === null || due > at) return [];
  const cause = `${of.stepId} waited longer than its timeout for the execution ${work.child?.executionId ?? ""}.`;
  return failed(work, of, { error: "Step.Timeout", cause }, at);
}

/** When a waiting `flow` step gives up; null: never, or it doesn't wait for an execution: one that is shifted has none yet. */
export function childDeadline(state: ExecutionState, stepId: string, work: Work): number | null {
  if (work.status !== "waiting" || work.child?.hasEnded !== false) return null;
  const { timeout_ms, kind } = stepDefinition(state, stepId);
  const begun = work.attempts.at(-1)?.startedAt ?? work.startedAt;
  if (kind !== "flow" || timeout_ms === null || begun === null) return null;
  return begun + timeout_ms;
}

function failed(work: Work, of: Of, failure: Failure, at: number): ExecutionEvent[] {
  const attempt = work.attempts.at(-1)?.number ?? 1;
  return [
    { type: "attempt_failed", at, ...named(of), attempt, failure, retry_at: null },
    { type: "step_failed", at, ...named(of), failure },
  ];
}

/** Executions whose step has been cut off or has given up, and which nobody has ended yet. */
export function orphans(state: ExecutionState): { of: Of; executionId: string }[] {
  const found: { of: Of; executionId: string }[] = [];
  for (const { id: stepId, kind } of state.definition.steps) {
    if (kind !== "flow") continue;
    for (const { part, work } of allWorks(stepState(state, stepId))) {
      const isCutOff = work.status === "aborted" || work.status === "failed";
      if (isCutOff && work.child !== null && !work.child.hasEnded)
        found.push({ of: { stepId, part }, executionId: work.child.executionId });
    }
  }
  return found;
}
