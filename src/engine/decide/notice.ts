/** The mail about an execution that failed or timed out: planned once, settled before the execution ends (F1). */
import type { PlannedEffect } from "../../flow/effect.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import { evolve, type ExecutionState } from "../../flow/execution.ts";
import type { EffectResult } from "../command.ts";
import { end } from "../readiness.ts";
import { isCompensating } from "./compensation.ts";
import type { DecideContext } from "./context.ts";
import { effectEvent } from "./effects.ts";

export function isNoticeDue(state: ExecutionState): boolean {
  return state.notice === null && isNoticeOpen(state);
}

/** It holds up the end. */
export function isNoticeOpen(state: ExecutionState): boolean {
  if (state.status !== "running" || state.definition.failure_notification === null) return false;
  const status = end(state)?.status;
  if ((status !== "failed" && status !== "timed_out") || isCompensating(state)) return false;
  return state.notice === null || state.notice.state.status === "planned" || state.notice.state.status === "begun";
}

/** Its events name a step, which its key doesn't: the one that failed, else the flow's first. */
function stepOf(state: ExecutionState): string {
  const reached = end(state);
  return reached?.status === "failed" ? reached.stepId : (state.definition.steps[0]?.id ?? "");
}

/** `effect` null: nobody can be told, so the execution ends at once. */
export function planNotice(
  state: ExecutionState,
  effect: PlannedEffect | null,
  context: DecideContext,
  endNow: () => ExecutionEvent[],
): ExecutionEvent[] {
  if (!isNoticeDue(state)) return [];
  if (effect === null) return endNow();
  const at = context.now;
  const step_id = stepOf(state);
  const planned: ExecutionEvent = { type: "effects_planned", at, step_id, output: null, effects: [effect] };
  const key = evolve(state, planned).notice?.key ?? "";
  return [planned, { type: "effect_begun", at, step_id, key }];
}

/** Whatever became of the mail, the execution ends; the failure card stands in Slack in any case. */
export function settleNotice(state: ExecutionState, result: EffectResult, at: number): ExecutionEvent[] {
  if (state.notice?.state.status !== "begun") return [];
  return [effectEvent({ stepId: stepOf(state), part: null }, state.notice.key, result, at)];
}

export function doubtNotice(state: ExecutionState, at: number): ExecutionEvent[] {
  if (state.notice?.state.status !== "begun") return [];
  const cause = "The process stopped while it was being sent.";
  return [{ type: "effect_doubted", at, step_id: stepOf(state), key: state.notice.key, cause }];
}
