/** Attempts of a step, an item or a compensation: begun, answered, failed and tried again, lost with their process. */
import { isOpen } from "../../flow/effect-state.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState, StepEffect, Work } from "../../flow/execution.ts";
import type { Failure } from "../../flow/failure.ts";
import type { Usage } from "../../flow/usage.ts";
import { defaultRetry, retryDelayMs } from "../backoff.ts";
import type { Command } from "../command.ts";
import { hasEnded, stepDefinition, stepState } from "../readiness.ts";
import type { DecideContext } from "./context.ts";
import { beginEffects, hasActiveAttempt, isCurrent, named, workAt, type Of } from "./work.ts";

/** The tenth lost attempt fails the step: one that kills its process must not loop for ever (D3). */
const lostAttemptsAllowed = 9;

/** `step_started`, and the keys of what it will send where the service can't refuse a repeat (E2). */
export function startAttempt(
  of: Of,
  work: Work,
  context: DecideContext,
  given: { attempt?: number; effects?: readonly StepEffect[]; parameters?: Work["parameters"] } = {},
): ExecutionEvent[] {
  const { attempt = work.attempts.length + 1, effects = work.effects ?? [], parameters = work.parameters } = given;
  const open = effects.filter((effect) => isOpen(effect, context.now));
  return [
    { type: "step_started", at: context.now, ...named(of), attempt, parameters: parameters ?? {} },
    ...beginEffects(of, open, context),
  ];
}

export function retry(state: ExecutionState, of: Of, context: DecideContext): ExecutionEvent[] {
  const work = workAt(state, of);
  if (work === null || work.status !== "running" || hasActiveAttempt(work)) return [];
  if (work.retryAt === null || work.retryAt > context.now) return [];
  return startAttempt(of, work, context);
}

export function answer(state: ExecutionState, command: Extract<Command, { type: "answer" }>, at: number) {
  if (!isCurrent(workAt(state, command), command.attempt)) return [];
  return [{ type: "step_succeeded" as const, at, ...named(command), output: command.output, ...used(command) }];
}

export function fail(
  state: ExecutionState,
  command: Extract<Command, { type: "fail" }>,
  context: DecideContext,
): ExecutionEvent[] {
  const step = stepState(state, command.stepId);
  const isAsking = command.part === null && stepDefinition(state, step.id).kind === "approval";
  const applies = isAsking
    ? step.approval === null && !hasEnded(step) && command.attempt === step.attempts.length + 1
    : isCurrent(workAt(state, command), command.attempt);
  return applies ? failAttempt(state, command, context) : [];
}

export function failAttempt(
  state: ExecutionState,
  attempt: Of & { attempt: number; failure: Failure; retryAfterMs: number | null; usage?: Usage },
  context: DecideContext,
): ExecutionEvent[] {
  const { failure, retryAfterMs } = attempt;
  const definition = stepDefinition(state, attempt.stepId);
  const own = definition.kind === "agent" && attempt.part !== "compensation" ? definition.retry : defaultRetry;
  const failed = (workAt(state, attempt)?.failedAttempts ?? 0) + 1;
  const delay = retryDelayMs({ policy: own, failure, failed, retryAfterMs, fraction: context.fraction });
  const at = context.now;
  const retry_at = delay === null ? null : at + delay;
  const ended = { at, ...named(attempt), attempt: attempt.attempt, failure, retry_at, ...used(attempt) };
  const attemptFailed: ExecutionEvent = { type: "attempt_failed", ...ended };
  return delay === null ? [attemptFailed, { type: "step_failed", at, ...named(attempt), failure }] : [attemptFailed];
}

/** As an event says it: not at all where no model was asked. */
export function used({ usage }: { usage?: Usage }): { usage?: Usage } {
  return usage === undefined ? {} : { usage };
}

/** The attempt in flight died with its process: what can be asked or repeated is, what can't is in doubt (E2). */
export function loseAttempt(of: Of, work: Work, context: DecideContext): ExecutionEvent[] {
  const { now: at } = context;
  const attempt = work.attempts.length;
  const events: ExecutionEvent[] = [{ type: "attempt_lost", at, ...named(of), attempt }];
  if (work.lostAttempts >= lostAttemptsAllowed) {
    const cause = `The process died ${work.lostAttempts + 1} times while this step ran; it is not tried again.`;
    return [...events, { type: "step_failed", at, ...named(of), failure: { error: "Step.Lost", cause } }];
  }
  const doubted = (work.effects ?? []).filter((effect) => isLost(effect, context));
  for (const { key } of doubted) events.push({ type: "effect_doubted", at, ...named(of), key, cause: lostWords });
  const rest = (work.effects ?? []).filter(
    (effect) => !doubted.includes(effect) && (effect.state.status === "begun" || effect.state.status === "planned"),
  );
  if (work.effects === null || rest.length > 0) events.push(...startAttempt(of, work, context));
  return events;
}

const lostWords = "The process stopped while it was being sent, and the service cannot be asked.";

/** Of what has been cut off: it is begun for ever, and nobody can say. */
export function doubtLost(of: Of, work: Work, context: DecideContext): ExecutionEvent[] {
  return (work.effects ?? [])
    .filter((effect) => isLost(effect, context))
    .map(({ key }) => ({ type: "effect_doubted", at: context.now, ...named(of), key, cause: lostWords }));
}

function isLost(effect: StepEffect, context: DecideContext): boolean {
  return effect.state.status === "begun" && context.idempotency[effect.planned.effect.kind] === "none";
}
