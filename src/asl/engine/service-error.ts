/** What Step Functions answers other than yes, sorted by what can be done about it. */
import { FailureError, type Failure } from "../../flow/failure.ts";
import { SFNServiceException } from "@aws-sdk/client-sfn";

/** Of one right, one execution: nobody else need wait for it. */
const paceOfOneMs = 60_000;

/** By its names; null: it is no answer of the service's. */
export function serviceErrorName(error: unknown): string | null {
  return error instanceof SFNServiceException ? error.name : null;
}

/** It no longer waits for this token: its time was over, it was stopped, or it has been answered before. */
export function isTokenOver(error: unknown): boolean {
  const name = serviceErrorName(error);
  return name === "TaskTimedOut" || name === "TaskDoesNotExist" || name === "InvalidToken";
}

export function isDenied(error: unknown): boolean {
  return /^AccessDenied(Exception)?$|^UnrecognizedClientException$|^InvalidClientTokenId$/.test(
    serviceErrorName(error) ?? "",
  );
}

/** All at once, or nobody: too much was asked of it, or it can't be reached. */
export function isPushback(error: unknown): boolean {
  if (!(error instanceof SFNServiceException)) return true;
  return isThrottled(error) || error.$fault === "server";
}

function isThrottled(error: unknown): boolean {
  return /^(Throttling(Exception)?|TooManyRequestsException|ExecutionLimitExceeded)$/.test(
    serviceErrorName(error) ?? "",
  );
}

/** Its Retry-After, in milliseconds; null: it names none. */
export function retryAfterMsOf(error: unknown): number | null {
  const headers: unknown = error instanceof SFNServiceException ? error.$response?.headers : null;
  const text: unknown = typeof headers === "object" && headers !== null ? Reflect.get(headers, "retry-after") : null;
  const seconds = typeof text === "string" && /^\d+$/.test(text) ? Number(text) : null;
  return seconds === null ? null : seconds * 1_000;
}

/** Why what `machine` is to run can never be started; null: it may work later (throttled, away, too many at once). */
export function refusedStart(error: unknown, machine: string): Failure | null {
  const words = wordsOf(error);
  if (isDenied(error))
    return missingRight({ right: "states:StartExecution", on: machine, to: "start executions" }, error);
  const name = serviceErrorName(error) ?? "";
  switch (name) {
    case "StateMachineDoesNotExist":
    case "StateMachineDeleting":
    case "ResourceNotFound":
      return {
        error: "Flow.Failed",
        cause: `There is no state machine ${machine}. Deploy the flow (npx revops deploy), then redrive this execution.`,
      };
    case "InvalidArn":
    case "InvalidName":
    case "ValidationException":
    case "InvalidExecutionInput":
      return { error: "Input.Invalid", cause: `Step Functions refused to start ${machine}: ${words}` };
    default:
      return null;
  }
}

/** What ends an execution that can't go on without it. */
export function missingRight({ right, on, to }: { right: string; on: string; to: string }, error: unknown): Failure {
  const cause = `AWS doesn't let the bot ${to}: its role needs ${right} on ${on}. Add it, then redrive this execution. AWS says: ${wordsOf(error)}`;
  return { error: "Agent.Unavailable", cause };
}

/** What is tried again, with its reason for people; the same reason in the same words, whatever was asked of it. */
export function tellLater(what: string, error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const words = wordsOf(error).replace(/\.$/, "");
  const retryAfterMs = retryAfterMsOf(error);
  if (isThrottled(error)) {
    const cause = `Step Functions takes no more requests at the moment: ${words}.`;
    return new FailureError({ error: "Agent.Throttled", cause }, { retryAfterMs, cause: error });
  }
  if (isPushback(error)) {
    const cause = `Step Functions can't be reached: ${words}.`;
    return new FailureError({ error: "Agent.Unavailable", cause }, { retryAfterMs, cause: error });
  }
  const hint = isDenied(error) ? " The bot's role lacks this right; once it has it, this goes on by itself." : "";
  const cause = `Step Functions could not be asked to ${what}: ${words}.${hint}`;
  const later = { retryAfterMs: retryAfterMs ?? paceOfOneMs, cause: error };
  return new FailureError({ error: "Agent.Unavailable", cause }, later);
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words === "" ? "no answer" : words;
}
