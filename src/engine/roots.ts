/** What expressions and actions of a step can see: the roots of DESIGN §5, and the outputs of all that it depends on. */
import type { StepOutput } from "../agents/agent.ts";
import type { FieldEdit } from "../flow/event.ts";
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { ancestors, topologicalOrder, toNodes } from "../flow/graph.ts";
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

/** As `stepId` sees it: from an approval on, what its approvers made of it; the log keeps the original (A3). */
export function outputSeenBy(state: ExecutionState, stepId: string, step: StepState): Json {
  return withEdits(step.id, outputOf(step), editsSeenBy(state, stepId));
}

function editsSeenBy(state: ExecutionState, stepId: string): FieldEdit[] {
  if (!Object.values(state.steps).some(isEdited)) return [];
  const before = [stepId, ...ancestors({ definition: state.definition, stepId })].filter((id) =>
    isEdited(stepState(state, id)),
  );
  // A later approval has the last word.
  const order = topologicalOrder(toNodes(state.definition.steps)).filter((id) => before.includes(id));
  return order.flatMap((id) => stepState(state, id).approval?.edits ?? []);
}

function isEdited({ approval }: StepState): boolean {
  return approval !== null && approval.edits.length > 0;
}

export function withEdits(stepId: string, output: Json, edits: readonly FieldEdit[]): Json {
  if (edits.length === 0) return output;
  const changed = edits.filter(({ step }) => step === stepId).map(({ field, value }) => [field, value] as const);
  const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
  return changed.length === 0 || !isObject ? output : { ...output, ...Object.fromEntries(changed) };
}

export function rootsFor(state: ExecutionState, stepId: string): Record<string, Json> {
  const outputs = finishedAncestors(state, stepId).map((step) => [step.id, outputSeenBy(state, stepId, step)] as const);
  return { ...commonRoots(state), ...Object.fromEntries(outputs) };
}

/** What an item of a step that repeats sees besides. */
export function itemRoots(
  roots: Record<string, Json>,
  { item, index }: { item: Json; index: number },
): Record<string, Json> {
  return { ...roots, item, index };
}

/** What the step saw, and what it gave. */
export function compensationRoots(state: ExecutionState, stepId: string): Record<string, Json> {
  return { ...rootsFor(state, stepId), [stepId]: outputOf(stepState(state, stepId)) };
}

export function commonRoots(state: ExecutionState): Record<string, Json> {
  return {
    ...state.variables,
    customer: state.customer,
    input: state.input,
    execution: {
      id: state.executionId,
      started_at: new Date(state.startedAt).toISOString(),
      started_by: state.startedBy.type,
    },
    flow: { id: state.flowId, version: state.flowVersion },
    batch: state.batchId === null ? null : { id: state.batchId },
  };
}

export function stepOutputs(state: ExecutionState, stepId: string): StepOutput[] {
  const edits = editsSeenBy(state, stepId);
  return finishedAncestors(state, stepId).map((step) => {
    const definition = stepDefinition(state, step.id);
    const action = definition.kind === "agent" ? definition.action : null;
    return { stepId: step.id, action, output: withEdits(step.id, outputOf(step), edits) };
  });
}

/** Nearest first: what the step gave itself. */
export function compensationOutputs(state: ExecutionState, stepId: string): StepOutput[] {
  const definition = stepDefinition(state, stepId);
  const action = definition.kind === "agent" ? definition.action : null;
  return [{ stepId, action, output: outputOf(stepState(state, stepId)) }, ...stepOutputs(state, stepId)];
}
