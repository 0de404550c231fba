/** Looking at a ready step: its condition and expressions, evaluated by the driver and recorded by the event (D1). */
import { evaluateCondition, evaluateValue } from "../flow/expression.ts";
import type { StepPlan } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { FailureError, type Failure } from "../flow/failure.ts";
import type { Step } from "../flow/flow.ts";
import { ancestors } from "../flow/graph.ts";
import { JsonObject } from "../flow/json.ts";
import type { Found } from "./command.ts";
import { stepState } from "./readiness.ts";
import { rootsFor } from "./roots.ts";

/** An approval whose condition holds is asked by `ask.ts`; that takes people and plans, so it is no part of this. */
export type Looked = Found | { kind: "ask" };

export async function look({ state, step, now }: { state: ExecutionState; step: Step; now: number }): Promise<Looked> {
  try {
    const roots = rootsFor(state, step.id);
    if (step.when !== null && !(await evaluateCondition({ text: step.when, roots, now })))
      return { kind: "condition_false" };
    if (step.kind === "approval") return { kind: "ask" };
    if (step.kind !== "agent") throw new Error(`A step of type ${step.kind} can't run yet.`);
    const plan = planOf(state, step.id);
    if (plan !== null) return { kind: "plan", plan };
    const parameters = JsonObject.parse(await evaluateValue({ value: step.parameters, roots, now }));
    return { kind: "parameters", parameters };
  } catch (error) {
    return { kind: "failure", failure: failureOf(error, "Expression.Failed") };
  }
}

/** The plan that an approval upstream has shown and had approved (A3). */
export function planOf(state: ExecutionState, stepId: string): StepPlan | null {
  for (const id of ancestors({ definition: state.definition, stepId })) {
    const plan = stepState(state, id).approval?.plans.find(({ step_id }) => step_id === stepId);
    if (plan !== undefined) return plan;
  }
  return null;
}

export function failureOf(error: unknown, otherwise: Failure["error"]): Failure {
  if (error instanceof FailureError) return error.failure;
  return { error: otherwise, cause: error instanceof Error ? error.message : String(error) };
}
