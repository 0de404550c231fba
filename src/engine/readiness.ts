/**
 * When a step runs and how an execution ends (DESIGN §5), as pure rules over the state.
 *
 * - R1. A required dependency lets through when it succeeded (an approval only when approved), or failed and said `continue`.
 * - R2. An optional one lets through once it has ended somehow.
 * - R3. A step whose required dependency ended otherwise is skipped (`upstream`).
 * - R4. An execution ends when no step can move; it fails if a step failed and didn't say `continue`.
 */
import type { Dependency, Step } from "../flow/flow.ts";
import type { ExecutionState, StepState } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { Outcome } from "../flow/record.ts";

export type Gate = "open" | "closed" | "waiting";

export function stepState(state: ExecutionState, stepId: string): StepState {
  const step = state.steps[stepId];
  if (step === undefined) throw new Error(`Flow ${state.flowId} has no step ${stepId}.`);
  return step;
}

export function stepDefinition(state: ExecutionState, stepId: string): Step {
  const step = state.definition.steps.find(({ id }) => id === stepId);
  if (step === undefined) throw new Error(`Flow ${state.flowId} has no step ${stepId}.`);
  return step;
}

export function hasEnded(step: StepState): boolean {
  switch (step.status) {
    case "succeeded":
    case "failed":
    case "skipped":
    case "aborted":
      return true;
    case "pending":
    case "running":
    case "waiting":
      return false;
    default:
      return step.status satisfies never;
  }
}

function dependencyGate(state: ExecutionState, dependency: Dependency): Gate {
  const step = stepState(state, dependency.step);
  if (!hasEnded(step)) return "waiting";
  if (dependency.optional) return "open";
  if (step.status === "succeeded")
    return step.approval === null || step.approval.status === "approved" ? "open" : "closed";
  if (step.status === "failed") return continuesAfterFailure(state, step.id) ? "open" : "closed";
  return "closed";
}

function continuesAfterFailure(state: ExecutionState, stepId: string): boolean {
  const definition = stepDefinition(state, stepId);
  return definition.kind === "agent" && definition.on_error === "continue";
}

/** `closed` wins only when all have ended: an optional sibling may still run, and its end belongs in the reason. */
export function gate(state: ExecutionState, stepId: string): Gate {
  const gates = stepDefinition(state, stepId).depends_on.map((dependency) => dependencyGate(state, dependency));
  if (gates.includes("closed")) return "closed";
  return gates.includes("waiting") ? "waiting" : "open";
}

export function readySteps(state: ExecutionState): Step[] {
  if (state.status !== "running") return [];
  return state.definition.steps.filter(
    ({ id }) => stepState(state, id).status === "pending" && gate(state, id) === "open",
  );
}

/** Pending steps that can never run. */
export function blockedSteps(state: ExecutionState): string[] {
  return state.definition.steps
    .map(({ id }) => id)
    .filter((id) => stepState(state, id).status === "pending" && gate(state, id) === "closed");
}

export type End =
  { status: "failed"; stepId: string; failure: Failure } | { status: "succeeded"; outcome: Outcome } | null;

export function end(state: ExecutionState): End {
  const steps = state.definition.steps.map(({ id }) => stepState(state, id));
  if (!steps.every(hasEnded)) return null;
  const failed = steps
    .filter((step) => step.status === "failed" && !continuesAfterFailure(state, step.id))
    .toSorted((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0))[0];
  if (failed?.failure) return { status: "failed", stepId: failed.id, failure: failed.failure };
  return { status: "succeeded", outcome: outcome(steps) };
}

function outcome(steps: StepState[]): Outcome {
  const approvals = steps.map((step) => step.approval?.status);
  if (approvals.includes("rejected")) return "rejected";
  if (approvals.includes("expired")) return "expired";
  const performed = steps.some((step) => step.effects?.some((effect) => effect.state.status === "performed"));
  const skipped = steps.some((step) => step.skipped === "condition");
  return skipped && !performed ? "nothing_to_do" : "completed";
}
