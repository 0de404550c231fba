/** How Step Functions' error names and causes become ours, and what is tried again. */
import { errorNames, isRetryable, type ErrorName } from "../../flow/failure.ts";
import type { RetryPolicy } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { Catcher, Retrier } from "./machine.ts";
import { jsonata } from "./machine.ts";

/** An attempt that died with its function: nobody knows how far it came (D3). */
const lost = [
  "Lambda.Unknown",
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Lambda.ClientExecutionTimeoutException",
  "Sandbox.Timedout",
  "Runtime.ExitError",
];

/** The tenth lost attempt fails the step. */
export const lostAttempts: Retrier = {
  ErrorEquals: lost,
  IntervalSeconds: 1,
  MaxAttempts: 9,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/** Starts of executions that are throttled, or don't reach the service: nothing has begun yet. */
export function tooManyStarts(MaxAttempts: number): Retrier {
  return {
    ErrorEquals: [
      "StepFunctions.ThrottlingException",
      "StepFunctions.ExecutionLimitExceeded",
      "StepFunctions.ExecutionLimitExceededException",
      "StepFunctions.AWSStepFunctionsException",
      "StepFunctions.SdkClientException",
    ],
    IntervalSeconds: 1,
    MaxAttempts,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  };
}

const longestDelay = 31_622_400;

/** `timesOut`: Step Functions' own timeout is one of an attempt; of what waits for people it is none. */
export function retriers(
  policy: RetryPolicy,
  { timesOut, note }: { timesOut: boolean; note: (words: string) => void },
): Retrier[] {
  const names = errorNames.filter(
    (error) => isRetryable({ error, cause: "" }) && (policy.on === null || policy.on.includes(error)),
  );
  if (policy.max_attempts === 1 || names.length === 0) return [lostAttempts];
  const errors = names.flatMap((name): string[] =>
    name === "Step.Timeout" && timesOut ? [name, "States.Timeout"] : [name],
  );
  // Where the first interval reaches the longest one, all are as long as that.
  const isFlat = policy.interval_ms >= policy.max_interval_ms;
  const first = Math.min(policy.interval_ms, policy.max_interval_ms);
  const interval = Math.max(1, Math.ceil(first / 1000));
  if (interval * 1000 !== first)
    note(`tries again after ${interval} s instead of ${first} ms: Step Functions counts whole seconds`);
  const longest = Math.min(longestDelay, Math.ceil(policy.max_interval_ms / 1000));
  const retrier: Retrier = {
    ErrorEquals: errors,
    IntervalSeconds: interval,
    MaxAttempts: policy.max_attempts - 1,
    BackoffRate: isFlat ? 1 : policy.backoff_rate,
    ...(isFlat || longest <= interval ? {} : { MaxDelaySeconds: longest }),
    JitterStrategy: policy.jitter === "full" ? "FULL" : "NONE",
  };
  return [retrier, lostAttempts];
}

/** What any other error of the service means. */
type Otherwise = Extract<ErrorName, "Step.Lost" | "Flow.Failed">;

const groups = [...new Set(errorNames.map((name) => name.split(".")[0]))].join("|");

/** In a Catch: `{ error, cause }` in our words. */
export function caught(otherwise: Otherwise): JsonObject {
  return { error: jsonata(errorOf(otherwise)), cause: jsonata(causeText) };
}

/** What an evaluation failed with is told by its message alone, whose end no expression's own text can look like. */
function errorOf(otherwise: Otherwise): string {
  return [
    "( $error := $states.errorOutput.Error; $cause := $string($states.errorOutput.Cause);",
    `$contains($error, /^(${groups})[.]/) ? $error`,
    ': $error = "States.Timeout" ? "Step.Timeout"',
    `: $error != "States.QueryEvaluationError" ? "${otherwise}"`,
    `: $contains($cause, /' returned nothing[^']*$|Expression.Undefined: /) ? "Expression.Undefined"`,
    ': $contains($cause, "Input.Invalid: ") ? "Input.Invalid" : "Expression.Failed" )',
  ].join(" ");
}

/**
 * Lambda wraps the sentence in JSON; it is taken out only where it is a whole JSON text, as nothing here could catch a failure.
 * `\x5c` is a backslash: JSONata takes one before a bracket for the bracket's own.
 */
const causeText = [
  "( $cause := $string($states.errorOutput.Cause);",
  String.raw`$said := $match($cause, /"errorMessage":("([^"\x5c\x00-\x1f]|\x5c["\x5c\/bfnrt]|\x5cu[0-9a-fA-F]{4})*")/, 1);`,
  "$told := $match($cause, /(Expression.Undefined|Expression.Failed|Input.Invalid): (.*)/, 1);",
  '$states.errorOutput.Error = "States.QueryEvaluationError" and $exists($told) ? $told.groups[1]',
  ": $exists($said) ? $parse($said.groups[0]) : $exists($cause) ? $cause : $states.errorOutput.Error )",
].join(" ");

export function catchAll(otherwise: Otherwise, next: string): Catcher[] {
  return [{ ErrorEquals: ["States.ALL"], Output: caught(otherwise), Next: next }];
}
