/** Effects of an attempt: planned, begun where the service can't refuse a repeat, settled, doubted, answered for (E1, E2). */
import type { PlannedEffect } from "../../flow/effect.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState, StepEffect, Work } from "../../flow/execution.ts";
import { heldUntil } from "../../flow/effect-state.ts";
import { isRetryable } from "../../flow/failure.ts";
import type { Json } from "../../flow/json.ts";
import type { Usage } from "../../flow/usage.ts";
import { allWorks } from "../../flow/step-state.ts";
import type { Command, EffectResult } from "../command.ts";
import { hasEnded, stepState } from "../readiness.ts";
import { failAttempt, startAttempt, used } from "./attempts.ts";
import { accept, refuse, type DecideContext, type Decided } from "./context.ts";
import { withHeldBack } from "./held-back.ts";
import { after, beginEffects, hasActiveAttempt, isCurrent, isUnsettled, named, workAt, type Of } from "./work.ts";

export function planEffects(
  state: ExecutionState,
  command: Extract<Command, { type: "plan_effects" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const work = workAt(state, command);
  if (!isCurrent(work, command.attempt) || work.effects !== null) return [];
  return planWithin(state, [], command, context);
}

export function planWithin(
  state: ExecutionState,
  before: ExecutionEvent[],
  plan: Of & { output: Json; effects: PlannedEffect[]; usage?: Usage },
  context: DecideContext,
): ExecutionEvent[] {
  const { output, effects } = plan;
  const at = context.now;
  const told = { at, ...named(plan), output, ...used(plan) };
  if (effects.length === 0) return [...before, { type: "step_succeeded", ...told }];
  const events: ExecutionEvent[] = [...before, { type: "effects_planned", ...told, effects }];
  const planned = workAt(after(state, events), plan)?.effects ?? [];
  return [...events, ...beginEffects(plan, planned, context)];
}

export function effectEvent(of: Of, key: string, result: EffectResult, at: number): ExecutionEvent {
  const about = { at, ...named(of), key };
  switch (result.kind) {
    case "performed":
      return { type: "effect_performed", ...about, receipt: result.receipt };
    case "failed":
      return { type: "effect_failed", ...about, failure: result.failure };
    case "doubtful":
      return { type: "effect_doubted", ...about, cause: result.cause };
    case "held":
      return { type: "effect_held", ...about, hold: result.hold };
    default:
      return result satisfies never;
  }
}

export function settleEffect(
  state: ExecutionState,
  command: Extract<Command, { type: "settle_effect" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const work = workAt(state, command);
  const effect = work?.effects?.find(({ key }) => key === command.key);
  if (work === null || effect === undefined) return [];
  if (effect.state.status !== "begun" && effect.state.status !== "planned") return [];
  // Cut off meanwhile: what became of it is noted all the same, and nothing follows.
  if (work.status === "aborted") return effect.state.status === "begun" ? [cutOff(command, context.now)] : [];
  if (!isCurrent(work, command.attempt)) return [];
  const settled = effectEvent(command, command.key, command.result, context.now);
  const retryAfterMs = command.result.kind === "failed" ? command.result.retryAfterMs : null;
  const attempt = { ...command, retryAfterMs };
  return [settled, ...endOfEffects(after(state, [settled]), attempt, context)];
}

/** Of what is held, nothing goes out later. */
function cutOff(command: Extract<Command, { type: "settle_effect" }>, at: number): ExecutionEvent {
  const { key, result } = command;
  const known = result.kind === "held" ? { ...result, hold: { ...result.hold, until: null } } : result;
  return effectEvent(command, key, known, at);
}

/** Once nothing of the attempt is under way: done, failed (tried again or not), or waiting for a word on a doubt or for a time. */
export function endOfEffects(
  state: ExecutionState,
  attempt: Of & { attempt: number; retryAfterMs: number | null },
  context: DecideContext,
): ExecutionEvent[] {
  const work = workAt(state, attempt);
  if (work === null || isUnsettled(work)) return [];
  const effects = work.effects ?? [];
  const failures = effects.flatMap(({ state: fate }) => (fate.status === "failed" ? [fate.failure] : []));
  const failure = failures.find((one) => !isRetryable(one)) ?? failures[0];
  if (failure !== undefined) return failAttempt(state, { ...attempt, failure }, context);
  if (effects.some(({ state: fate }) => fate.status === "doubtful")) return [];
  const until = heldUntil(effects);
  if (until !== null) return until > context.now ? [] : startAttempt(attempt, work, context);
  const output = withHeldBack(work.plannedOutput, effects);
  return [{ type: "step_succeeded", at: context.now, ...named(attempt), output }];
}

export function resolveDoubt(
  state: ExecutionState,
  command: Extract<Command, { type: "resolve_doubt" }>,
  context: DecideContext,
): Decided {
  const found = findEffect(state, command.key);
  if (found === null) return refuse("unknown");
  const { of, work, effect } = found;
  if (effect.state.status !== "doubtful") return refuse("already_decided");
  const { key, answer, person: by } = command;
  const isCutOff = hasEnded(work) || state.status !== "running" || state.stopping?.compensate === false;
  if (isCutOff && answer === "send_again") return refuse("withdrawn");
  const resolved: ExecutionEvent = { type: "doubt_resolved", at: context.now, ...named(of), key, answer, by };
  if (isCutOff) return accept([resolved]);
  const next = after(state, [resolved]);
  const changed = workAt(next, of);
  if (answer === "send_again" && changed !== null) {
    // A new attempt would not hear what becomes of those that are still on their way, and send them again (E2).
    const planned = (changed.effects ?? []).filter((one) => one.state.status === "planned");
    const begun = hasActiveAttempt(work) ? beginEffects(of, planned, context) : startAttempt(of, changed, context);
    return accept([resolved, ...begun]);
  }
  const attempt = { ...of, attempt: work.attempts.length, retryAfterMs: null };
  return accept([resolved, ...endOfEffects(next, attempt, context)]);
}

export function findEffect(state: ExecutionState, key: string): { of: Of; work: Work; effect: StepEffect } | null {
  for (const { id } of state.definition.steps) {
    for (const { part, work } of allWorks(stepState(state, id))) {
      const effect = work.effects?.find((one) => one.key === key);
      if (effect !== undefined) return { of: { stepId: id, part }, work, effect };
    }
  }
  return null;
}
