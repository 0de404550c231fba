/** The calls of the two functions, as `protocol.ts` has them agreed. */
import type { Json, JsonObject } from "../../flow/json.ts";
import type { RetryPolicy } from "../../flow/flow.ts";
import { defaultRetry } from "../../engine/backoff.ts";
import { placeholders, type ActionsRequest, type EffectsRequest } from "../protocol.ts";
import type { Compilation } from "./compilation.ts";
import { retriers } from "./failures.ts";
import type { Retrier, TaskState } from "./machine.ts";
import { jsonata } from "./machine.ts";

type Kind = ActionsRequest["kind"] | EffectsRequest["kind"];

export type Function = "actions" | "effects";

export const executionName = "$states.context.Execution.Name";
const attempt = jsonata("$states.context.State.RetryCount + 1");

/** In every request about an execution. */
export function about({ definition, hash }: Compilation, kind: Kind): JsonObject {
  return { kind, execution_id: jsonata(executionName), flow_id: definition.flow_id, hash };
}

export function ofStep(compilation: Compilation, kind: Kind, stepId: string): JsonObject {
  return { ...about(compilation, kind), step_id: stepId };
}

/** One attempt of a step, or of one of its items. */
export function attemptOf(
  compilation: Compilation,
  parts: { stepId: string; index: Json; parameters: JsonObject; outputs: Json },
): JsonObject {
  const { stepId, index, parameters, outputs } = parts;
  return { ...ofStep(compilation, "step", stepId), index, attempt, parameters, outputs };
}

export type Call = Pick<TaskState, "Type" | "Resource" | "Arguments">;

/** Its answer is `$states.result.Payload`. */
export function call(to: Function, payload: JsonObject): Call {
  const Arguments = { FunctionName: placeholders[to], Payload: payload };
  return { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments };
}

/** Its answer, `$states.result`, comes with the token. */
export function callAndWait(to: Function, payload: JsonObject): Call {
  const Payload = { ...payload, task_token: jsonata("$states.context.Task.Token") };
  const Arguments = { FunctionName: placeholders[to], Payload };
  return { Type: "Task", Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", Arguments };
}

/** `step` null: of the flow's own. */
export function tries(
  compilation: Compilation,
  step: string | null,
  { policy = defaultRetry, timesOut = true }: { policy?: RetryPolicy; timesOut?: boolean } = {},
): Retrier[] {
  return retriers(policy, { timesOut, note: (message) => compilation.notes.push({ step, message }) });
}
