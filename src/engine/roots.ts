/** What expressions and actions of a step can see: the roots of DESIGN §5, and the outputs of all that it depends on. */
import type { StepOutput } from "../agents/agent.ts";
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { ancestors } from "../flow/graph.ts";
import type { Json } from "../flow/json.ts";
import { hasEnded, stepDefinition, stepState } from "./readiness.ts";

/** A failed step that said `continue` gives `{ error, cause }`, a skipped one null. */
export function outputOf(step: StepState): Json {
  return step.status === "failed" && step.failure !== null ? { ...step.failure } : step.output;
}

export function finishedAncestors(state: ExecutionState, stepId: string): StepState[] {
  return ancestors({ definition: state.definition, stepId })
    .map((id) => stepState(state, id))
    .filter(hasEnded);
}

export function rootsFor(state: ExecutionState, stepId: string): Record<string, Json> {
  const outputs = finishedAncestors(state, stepId).map((step) => [step.id, outputOf(step)] as const);
  return { ...commonRoots(state), ...Object.fromEntries(outputs) };
}

export function commonRoots(state: ExecutionState): Record<string, Json> {
  return {
    ...state.variables,
    customer: state.customer,
    input: state.input,
    execution: { id: state.executionId, started_at: new Date(state.startedAt).toISOString() },
    flow: { id: state.flowId, version: state.flowVersion },
    batch: state.batchId === null ? null : { id: state.batchId },
  };
}

export function stepOutputs(state: ExecutionState, stepId: string): StepOutput[] {
  return finishedAncestors(state, stepId).map((step) => {
    const definition = stepDefinition(state, step.id);
    return { stepId: step.id, action: definition.kind === "agent" ? definition.action : null, output: outputOf(step) };
  });
}
