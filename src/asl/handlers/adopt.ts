/**
 * What the machine knows and the log doesn't yet: steps that took no call of ours (waits, skips, sub-flows, empty repetitions), and
 * failures that a function had no time to record. Pure.
 */
import { z } from "zod";
import { errorNames, type ErrorName, type Failure } from "../../flow/failure.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Step } from "../../flow/flow.ts";
import { stepNamed, topologicalOrder, toNodes } from "../../flow/graph.ts";
import type { Json } from "../../flow/json.ts";
import { follow } from "../../engine/decide.ts";
import { continuesAfterFailure, gate, hasEnded, stepState } from "../../engine/readiness.ts";
import type { StepResult } from "../protocol.ts";

interface GivenOutput {
  step_id: string;
  output: Json;
}

/** Outputs that a step was given, as events for those whose end the log doesn't have. */
export function adoptOutputs(state: ExecutionState, outputs: readonly GivenOutput[], at: number): ExecutionEvent[] {
  const given = new Map(outputs.map(({ step_id, output }) => [step_id, output]));
  return inOrder(state, at, (current, step) => {
    const output = given.get(step.id);
    return output === undefined ? [] : endOf(current, step, output, at);
  });
}

/** All results at the end, likewise. */
export function adoptResults(
  state: ExecutionState,
  results: Readonly<Record<string, StepResult>>,
  at: number,
): ExecutionEvent[] {
  return inOrder(state, at, (_current, { id: step_id }) => {
    const result = results[step_id];
    switch (result?.status) {
      case undefined:
        return [];
      case "succeeded":
        return [{ type: "step_succeeded", at, step_id, output: result.output }];
      case "failed":
        return [{ type: "step_failed", at, step_id, failure: failureNamed(result) }];
      case "skipped":
        return [{ type: "step_skipped", at, step_id, reason: result.reason }];
      default:
        return result satisfies never;
    }
  });
}

/** Each after those before it, with what follows from them: a step may have been skipped by that already. */
function inOrder(
  state: ExecutionState,
  at: number,
  eventsOf: (current: ExecutionState, step: Step) => ExecutionEvent[],
): ExecutionEvent[] {
  const events: ExecutionEvent[] = [];
  let current = state;
  for (const stepId of topologicalOrder(toNodes(state.definition.steps))) {
    const step = stepNamed({ definition: state.definition, stepId });
    if (step === undefined || current.status !== "running" || hasEnded(stepState(current, stepId))) continue;
    const next = eventsOf(current, step);
    if (next.length === 0) continue;
    const followed = follow(current, next, at);
    events.push(...followed.events);
    current = followed.state;
  }
  return events;
}

function endOf(state: ExecutionState, step: Step, output: Json, at: number): ExecutionEvent[] {
  const { id: step_id } = step;
  // Its end is a decision, which only the log can have.
  if (stepState(state, step_id).approval !== null) return [];
  if (output === null) return [{ type: "step_skipped", at, step_id, reason: reasonOf(state, step) }];
  const failure = continuesAfterFailure(state, step_id) ? failureIn(output) : null;
  if (failure !== null) return [{ type: "step_failed", at, step_id, failure }];
  return [{ type: "step_succeeded", at, step_id, output }];
}

function reasonOf(state: ExecutionState, step: Step): "condition" | "upstream" | "late" {
  if (gate(state, step.id) === "closed") return "upstream";
  if (step.when !== null) return "condition";
  return step.due !== null && step.late === "skip" ? "late" : "upstream";
}

/** What a failed step that said `continue` gives. */
function failureIn(output: Json): Failure | null {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return null;
  const { error, cause, ...others } = output;
  const isFailure = typeof error === "string" && typeof cause === "string" && Object.keys(others).length === 0;
  return isFailure ? failureNamed({ error, cause }) : null;
}

/** Names of the service's own are told by ours. */
export function failureNamed({ error, cause }: { error: string; cause: string }): Failure {
  return { error: ourName(error), cause: cause === "" ? `Step Functions ended it with ${error}.` : sentenceIn(cause) };
}

const LambdaRecord = z.looseObject({ errorType: z.string(), errorMessage: z.string().min(1) });

/** What a function throws comes wrapped in Lambda's record where no state catches it: when `begin` refuses. */
function sentenceIn(cause: string): string {
  try {
    return LambdaRecord.parse(JSON.parse(cause)).errorMessage;
  } catch {
    return cause;
  }
}

function ourName(error: string): ErrorName {
  const known = errorNames.find((name) => name === error);
  if (known !== undefined) return known;
  if (error === "States.Timeout" || error === "Sandbox.Timedout" || error === "States.HeartbeatTimeout")
    return "Step.Timeout";
  if (error === "States.QueryEvaluationError") return "Expression.Failed";
  if (error === "States.DataLimitExceeded") return "Agent.InvalidOutput";
  return error === "Lambda.TooManyRequestsException" ? "Agent.Throttled" : "Agent.Unavailable";
}
