/** Looking at what is ready to begin: conditions and expressions, evaluated by the driver and recorded by the event (D1). */
import { evaluateCondition, evaluateFields, evaluateValue, isPlain } from "../flow/expression.ts";
import type { StepPlan } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { FailureError, type Failure } from "../flow/failure.ts";
import type { Step } from "../flow/flow.ts";
import { ancestors } from "../flow/graph.ts";
import { parseInstant } from "../flow/instant.ts";
import type { Json } from "../flow/json.ts";
import type { Found } from "./command.ts";
import type { EngineContext } from "./context.ts";
import { stepDefinition, stepState } from "./readiness.ts";
import { compensationRoots, itemRoots, rootsFor } from "./roots.ts";
import { nextWorkingHour } from "./shift.ts";

/** An approval whose condition holds is asked by `ask.ts`; that takes people and plans, so it is no part of this. */
export type Looked = Found | { kind: "ask" };

/** Of one step that repeats: each item has attempts and effects of its own in the log. */
const mostItems = 1_000;

interface Looking {
  state: ExecutionState;
  now: number;
}

/** Whose hours count for a step that is shifted. */
type Hours = Pick<EngineContext, "people" | "contacts">;

/** Of a step that says nothing to be worked out: at once. Null: `look` must. */
export function lookAtOnce(state: ExecutionState, step: Step): Looked | null {
  if (step.when !== null || (step.due !== null && step.late !== "run")) return null;
  if (step.kind === "approval") return { kind: "ask" };
  if (step.kind === "wait" || step.for_each !== null || planOf(state, step.id, null) !== null) return null;
  const parameters = step.kind === "agent" ? step.parameters : step.input;
  return isPlain(parameters) ? { kind: "parameters", parameters } : null;
}

export async function look({ context, state, step, now }: Looking & { context: Hours; step: Step }): Promise<Looked> {
  return orFailure(async () => {
    const roots = () => rootsFor(state, step.id);
    if (step.when !== null && !(await evaluateCondition({ text: step.when, roots: roots(), now })))
      return { kind: "condition_false" };
    const late = await lookAtTime(context, state, step, now);
    if (late !== null) return late;
    switch (step.kind) {
      case "approval":
        return { kind: "ask" };
      case "wait":
        return { kind: "wait", until: step.until === null ? now + (step.duration_ms ?? 0) : await at(step.until) };
      case "agent":
      case "flow":
        return step.for_each === null
          ? await parametersOf(step)
          : { kind: "items", items: await itemsOf(step.id, step.for_each) };
      default:
        return step satisfies never;
    }

    async function at(text: string): Promise<number> {
      return instant(state, step, await evaluateValue({ value: text, roots: roots(), now }));
    }

    async function parametersOf(of: Step & { kind: "agent" | "flow" }): Promise<Found> {
      const plan = planOf(state, of.id, null);
      if (plan !== null) return { kind: "plan", plan };
      const value = of.kind === "agent" ? of.parameters : of.input;
      return { kind: "parameters", parameters: await evaluateFields({ value, roots: roots(), now }) };
    }

    async function itemsOf(stepId: string, source: string): Promise<Json[]> {
      const { items } = stepState(state, stepId);
      if (items !== null) return items.map(({ value }) => value);
      const planned = plansOf(state, stepId);
      if (planned.length > 0) return planned.map(({ item = null }) => item);
      return asItems(stepId, await evaluateValue({ value: source, roots: roots(), now }));
    }
  });
}

export function lookAtItem({ state, now, stepId, index }: Looking & { stepId: string; index: number }): Promise<Found> {
  return orFailure(async () => {
    const plan = planOf(state, stepId, index);
    if (plan !== null) return { kind: "plan", plan };
    const step = stepDefinition(state, stepId);
    const value = step.kind === "agent" ? step.parameters : step.kind === "flow" ? step.input : {};
    const item = stepState(state, stepId).items?.[index]?.value ?? null;
    const roots = itemRoots(rootsFor(state, stepId), { item, index });
    return { kind: "parameters", parameters: await evaluateFields({ value, roots, now }) };
  });
}

export function lookAtCompensation({ state, now, stepId }: Looking & { stepId: string }): Promise<Found> {
  return orFailure(async () => {
    const step = stepDefinition(state, stepId);
    const value = "compensate" in step ? (step.compensate?.parameters ?? {}) : {};
    const roots = compensationRoots(state, stepId);
    return { kind: "parameters", parameters: await evaluateFields({ value, roots, now }) };
  });
}

async function orFailure<T>(looking: () => Promise<T>): Promise<T | Extract<Found, { kind: "failure" }>> {
  try {
    return await looking();
  } catch (error) {
    return { kind: "failure", failure: failureOf(error, "Expression.Failed") };
  }
}

/** Null: it isn't late, or it runs all the same. */
async function lookAtTime(context: Hours, state: ExecutionState, step: Step, now: number): Promise<Found | null> {
  if (step.due === null || step.late === "run" || stepState(state, step.id).isShifted) return null;
  const value = await evaluateValue({ value: step.due, roots: rootsFor(state, step.id), now });
  // An input that nobody gave: it was meant for no instant, so it is never late.
  if (value === null || now <= instant(state, step, value)) return null;
  if (step.late === "skip") return { kind: "too_late" };
  const until = await nextWorkingHour(context, { state, step, now });
  return until > now ? { kind: "shift", until } : null;
}

function instant({ timezone }: ExecutionState, { id }: Step, value: Json): number {
  const at = parseInstant({ value, timezone });
  if (at !== null) return at;
  const cause = `${id} needs an instant such as 2026-12-04T09:00:00Z, not ${JSON.stringify(value).slice(0, 100)}.`;
  throw new FailureError({ error: "Expression.Failed", cause });
}

/** A single value is a list of one; null is an empty one. */
export function asItems(stepId: string, value: Json): Json[] {
  const items = Array.isArray(value) ? value : value === null ? [] : [value];
  if (items.length <= mostItems) return items;
  const count = items.length.toLocaleString("en");
  const cause = `${stepId} would repeat for ${count} items; at most ${mostItems.toLocaleString("en")} are possible. Give it a shorter list, or start a flow for each customer by a filter.`;
  throw new FailureError({ error: "Input.Invalid", cause });
}

/** The plan that an approval upstream has shown and had approved (A3); `part`: of that item. */
export function planOf(state: ExecutionState, stepId: string, part: number | null): StepPlan | null {
  return plansOf(state, stepId).find((plan) => (plan.part ?? null) === part) ?? null;
}

/** Of a step that repeats, one for each item. */
export function plansOf(state: ExecutionState, stepId: string): StepPlan[] {
  for (const id of ancestors({ definition: state.definition, stepId })) {
    const plans = stepState(state, id).approval?.plans.filter(({ step_id }) => step_id === stepId);
    if (plans !== undefined && plans.length > 0) return plans;
  }
  return [];
}

export function failureOf(error: unknown, otherwise: Failure["error"]): Failure {
  if (error instanceof FailureError) return error.failure;
  return { error: otherwise, cause: error instanceof Error ? error.message : String(error) };
}
