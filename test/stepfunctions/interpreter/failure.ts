/**
 * A state's failure by name, and which handlers it meets.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */

export class StateFailure extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** The names that the specification gives; a state's own may not begin like these. */
export const reservedErrors: readonly string[] = [
  "States.ALL",
  "States.TaskFailed",
  "States.Timeout",
  "States.HeartbeatTimeout",
  "States.Permissions",
  "States.Runtime",
  "States.DataLimitExceeded",
  "States.QueryEvaluationError",
  "States.NoChoiceMatched",
  "States.BranchFailed",
  "States.ExceedToleratedFailureThreshold",
  "States.ItemReaderFailed",
  "States.ResultWriterFailed",
];

/** Whatever a handler names, these end the execution: the documentation for States.ALL, measured for the name itself. */
const terminal: ReadonlySet<string> = new Set(["States.Runtime", "States.DataLimitExceeded"]);

export function matches(errorEquals: readonly string[], error: string): boolean {
  if (terminal.has(error)) return false;
  const isTimeout = error === "States.Timeout" || error === "States.HeartbeatTimeout";
  return errorEquals.some((name) => {
    if (name === error || name === "States.ALL") return true;
    if (name === "States.Timeout") return isTimeout;
    // Documented for all but States.Timeout; whether a missed heartbeat is among them is not said, so here it isn't.
    return name === "States.TaskFailed" && !isTimeout;
  });
}

/** What a function, a service or a token's holder calls its failure; names of Step Functions' own aren't theirs to use. */
export function ownFailure(error: string, cause: string): StateFailure {
  if (!error.startsWith("States.")) return new StateFailure(error, cause);
  return new StateFailure("States.Runtime", `The error name ${error} is reserved (${cause}).`);
}
