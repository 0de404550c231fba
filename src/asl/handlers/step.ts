/**
 * One attempt of a step, or of one of its items.
 *
 * - T1. What is recorded is answered and done no second time: the function was called again, or its answer was lost (E2).
 * - T2. An attempt that the log has under way was another call's, which died or was cut off: it is lost, and what it may have sent
 *   is asked after or in doubt, as after a take-over.
 * - T3. A plan that an approval has shown is what is performed (A3).
 */
import { evaluateValue } from "../../flow/expression.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import { evolve, type ExecutionState, type Work } from "../../flow/execution.ts";
import { FailureError } from "../../flow/failure.ts";
import { waitsForHeld } from "../../flow/effect-state.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import { loseAttempt, startAttempt } from "../../engine/decide/attempts.ts";
import { beginAnyway } from "../../engine/decide/begin.ts";
import type { DecideContext } from "../../engine/decide.ts";
import { hasActiveAttempt, workAt, type Of } from "../../engine/decide/work.ts";
import { asItems, planOf, plansOf } from "../../engine/look.ts";
import { done } from "../../engine/owed.ts";
import { hasEnded, stepDefinition, stepState } from "../../engine/readiness.ts";
import { rootsFor } from "../../engine/roots.ts";
import type { StepRequest } from "../protocol.ts";
import { adoptOutputs } from "./adopt.ts";
import { makeAttempt } from "./attempt.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type StepAnswer = { state: "done"; output: Json; effects: number } | { state: "doubt" };

export async function step(context: RunningContext, request: StepRequest): Promise<StepAnswer> {
  const log = await RecordedExecution.open(context, request);
  const of = { stepId: request.step_id, part: request.index };
  await log.record((state, { now }) => adoptOutputs(state, request.outputs, now));
  if (request.index !== null) await findItems(context, log, { ...of, index: request.index });
  await log.record((state, decideContext) => beginAttempt(state, of, request.parameters, decideContext));
  const begun = workAt(log.state, of);
  if (begun !== null && hasActiveAttempt(begun)) await makeAttempt(context, log, of);
  return answerOf(log.state, of);
}

/** Null: the step has no such item. */
async function findItems(
  context: RunningContext,
  log: RecordedExecution,
  { stepId, index }: { stepId: string; index: number },
): Promise<void> {
  const { state } = log;
  const items = stepState(state, stepId).items ?? (await itemsOf(context, state, stepId));
  if (index >= items.length) {
    const cause = `${stepId} has ${items.length} items in the log; the machine asks for number ${index + 1}.`;
    throw new FailureError({ error: "Expression.Failed", cause });
  }
  await log.record((current, { now: at }) => {
    const isKnown = current.status !== "running" || stepState(current, stepId).status !== "pending";
    return isKnown ? [] : [{ type: "items_found", at, step_id: stepId, items: items.map(valueOf) }];
  });
}

type Item = { value: Json } | { given: Json };

function valueOf(item: Item): Json {
  return "given" in item ? item.given : item.value;
}

async function itemsOf(context: RunningContext, state: ExecutionState, stepId: string): Promise<Item[]> {
  const planned = plansOf(state, stepId);
  if (planned.length > 0) return planned.map(({ item = null }) => ({ given: item }));
  const definition = stepDefinition(state, stepId);
  const source = "for_each" in definition ? definition.for_each : null;
  if (source === null) return [];
  const found = await evaluateValue({ value: source, roots: rootsFor(state, stepId), now: context.clock.now() });
  return asItems(stepId, found).map((given) => ({ given }));
}

/** Empty: it is recorded how it ended, or it waits for somebody (T1). */
function beginAttempt(state: ExecutionState, of: Of, parameters: JsonObject, context: DecideContext): ExecutionEvent[] {
  const work = workAt(state, of);
  if (work === null || state.status !== "running" || state.stopping !== null || hasEnded(work)) return [];
  if (work.status === "pending") return beginPending(state, of, parameters, context);
  if (work.status === "waiting") return of.part === null ? afterShift(state, of, parameters, context) : [];
  if (hasActiveAttempt(work)) return loseAttempt(of, work, context);
  const isHeld = waitsForHeld(work) && (work.retryAt ?? 0) > context.now;
  return isHeld || work.retryAt === null ? [] : startAttempt(of, work, context);
}

function beginPending(state: ExecutionState, of: Of, parameters: JsonObject, context: DecideContext) {
  const plan = of.part === "compensation" ? null : planOf(state, of.stepId, of.part);
  const found = plan === null ? { kind: "parameters" as const, parameters } : { kind: "plan" as const, plan };
  return beginAnyway(state, of, found, context);
}

/** The machine has waited for the working hour. */
function afterShift(state: ExecutionState, of: Of, parameters: JsonObject, context: DecideContext): ExecutionEvent[] {
  if (stepState(state, of.stepId).waitsUntil === null) return [];
  const ended: ExecutionEvent = { type: "wait_ended", at: context.now, step_id: of.stepId };
  return [ended, ...beginPending(evolve(state, ended), of, parameters, context)];
}

/** What is recorded, as the machine hears it. Throws `FailureError`; what is held is left to whoever follows, like a doubt. */
export function answerOf(state: ExecutionState, of: Of): StepAnswer {
  const work = workAt(state, of);
  if (work === null) throw cutOff(of, "is not there");
  switch (work.status) {
    case "succeeded":
      return { state: "done", ...done(work) };
    case "failed":
      throw new FailureError(work.failure ?? { error: "Flow.Failed", cause: `${of.stepId} failed.` });
    case "waiting":
      return { state: "doubt" };
    case "running":
      return runningAnswer(work, of);
    case "pending":
    case "skipped":
    case "aborted":
      throw cutOff(of, `is ${work.status}`);
    default:
      return work.status satisfies never;
  }
}

function runningAnswer(work: Work, of: Of): StepAnswer {
  if (waitsForHeld(work) || work.failure === null) return { state: "doubt" };
  const lastFailure = work.attempts.at(-1)?.failure ?? work.failure;
  throw new FailureError(lastFailure, { cause: of });
}

function cutOff({ stepId }: Of, how: string): FailureError {
  return new FailureError({ error: "Flow.Failed", cause: `${stepId} ${how} in the log: its execution was cut off.` });
}
