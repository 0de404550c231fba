/**
 * When a step runs and how an execution ends (DESIGN §5), as pure rules over the state.
 *
 * - R1. A required dependency lets through when it succeeded (an approval only when approved), or failed and said `continue`.
 * - R2. An optional one lets through once it has ended somehow.
 * - R3. A step whose required dependency ended otherwise is skipped (`upstream`).
 * - R4. An execution ends when no step can move; it fails if a step failed and didn't say `continue`.
 * - R5. What is to be taken back is, before it ends: after a failure that said `compensate`, or when a person says so.
 *
 * They are asked at each step of each execution, of all its steps: so they are loops, and look up no more than they need.
 */
import { stepNamed } from "../flow/graph.ts";
import { dependencyGate, type Gate } from "../flow/run-rules.ts";
import type { Dependency, Step } from "../flow/flow.ts";
import type { ExecutionState, ItemState, StepState } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { Outcome } from "../flow/record.ts";

export type { Gate } from "../flow/run-rules.ts";

export function stepState(state: ExecutionState, stepId: string): StepState {
  const step = state.steps[stepId];
  if (step === undefined) throw new Error(`Flow ${state.flowId} has no step ${stepId}.`);
  return step;
}

export function stepDefinition(state: ExecutionState, stepId: string): Step {
  const step = stepNamed({ definition: state.definition, stepId });
  if (step === undefined) throw new Error(`Flow ${state.flowId} has no step ${stepId}.`);
  return step;
}

export function hasEnded({ status }: Pick<StepState, "status">): boolean {
  switch (status) {
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
      return status satisfies never;
  }
}

function gateOf(state: ExecutionState, { step: stepId, optional }: Dependency): Gate {
  const step = stepState(state, stepId);
  if (!hasEnded(step)) return "waiting";
  const approval = step.approval?.status ?? null;
  const continues = step.status === "failed" && continuesAfterFailure(state, stepId);
  return dependencyGate({ optional, status: step.status, approval, continues });
}

function onError(state: ExecutionState, stepId: string): "fail" | "continue" | "compensate" {
  const definition = stepDefinition(state, stepId);
  return definition.kind === "agent" || definition.kind === "flow" ? definition.on_error : "fail";
}

export function continuesAfterFailure(state: ExecutionState, stepId: string): boolean {
  return onError(state, stepId) === "continue";
}

/** A closed dependency closes the step, whatever the others still wait for. */
export function gate(state: ExecutionState, stepId: string): Gate {
  return gateTo(state, stepDefinition(state, stepId));
}

function gateTo(state: ExecutionState, { depends_on }: Step): Gate {
  let found: Gate = "open";
  for (const dependency of depends_on) {
    const one = gateOf(state, dependency);
    if (one === "closed") return one;
    if (one === "waiting") found = one;
  }
  return found;
}

function isIdle(state: ExecutionState): boolean {
  return state.status !== "running" || state.queued !== null || state.stopping !== null;
}

export function readySteps(state: ExecutionState): Step[] {
  const ready: Step[] = [];
  if (isIdle(state)) return ready;
  for (const step of state.definition.steps) {
    if (stepState(state, step.id).status === "pending" && gateTo(state, step) === "open") ready.push(step);
  }
  return ready;
}

/** Of a step that repeats: those that may begin now. A failed one lets none begin, but for `continue`. */
export function readyItems(state: ExecutionState, stepId: string): ItemState[] {
  const { status, items } = stepState(state, stepId);
  if (items === null || status !== "running" || isIdle(state)) return [];
  const definition = stepDefinition(state, stepId);
  if (!("for_each" in definition)) return [];
  if (definition.on_error !== "continue" && items.some((item) => item.status === "failed")) return [];
  const underWay = items.filter((item) => item.status !== "pending" && !hasEnded(item)).length;
  const free = (definition.max_concurrency ?? items.length) - underWay;
  return items.filter((item) => item.status === "pending").slice(0, Math.max(0, free));
}

/** Pending steps that can never run; while something is being taken back, no approval is asked any more. */
export function blockedSteps(state: ExecutionState): string[] {
  const blocked: string[] = [];
  if (state.queued !== null) return blocked;
  for (const step of state.definition.steps) {
    if (stepState(state, step.id).status !== "pending") continue;
    const found = gateTo(state, step);
    if (found === "closed" || (found === "open" && step.kind === "approval" && isToBeTakenBack(state)))
      blocked.push(step.id);
  }
  return blocked;
}

/** A step failed that says so (R5). */
export function isToBeTakenBack(state: ExecutionState): boolean {
  for (const { id } of state.definition.steps) {
    if (stepState(state, id).status === "failed" && onError(state, id) === "compensate") return true;
  }
  return false;
}

export type End =
  | { status: "failed"; stepId: string; failure: Failure }
  | { status: "timed_out" | "aborted" }
  | { status: "succeeded"; outcome: Outcome }
  | null;

/** What it comes to, once every step has ended; what is still to be taken back may hold it up (`compensation.ts`). */
export function end(state: ExecutionState): End {
  if (state.stopping !== null) return { status: state.stopping.status };
  if (state.queued !== null) return null;
  for (const { id } of state.definition.steps) if (!hasEnded(stepState(state, id))) return null;
  const steps = state.definition.steps.map(({ id }) => stepState(state, id));
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
  const works = steps.flatMap((step) => [step, ...(step.items ?? [])]);
  const performed = works.some((work) => work.effects?.some((effect) => effect.state.status === "performed"));
  const skipped = steps.some((step) => step.skipped === "condition");
  return skipped && !performed ? "nothing_to_do" : "completed";
}
