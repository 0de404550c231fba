/** What Step Functions answers other than yes, sorted by what can be done about it. */
import { FailureError, type Failure } from "../../flow/failure.ts";
import { SFNServiceException } from "@aws-sdk/client-sfn";

/** By its names; null: it is no answer of the service's. */
export function serviceErrorName(error: unknown): string | null {
  return error instanceof SFNServiceException ? error.name : null;
}

/** It no longer waits for this token: its time was over, it was stopped, or it has been answered before. */
export function isTokenOver(error: unknown): boolean {
  const name = serviceErrorName(error);
  return name === "TaskTimedOut" || name === "TaskDoesNotExist" || name === "InvalidToken";
}

function isDenied(error: unknown): boolean {
  return /^AccessDenied(Exception)?$|^UnrecognizedClientException$|^InvalidClientTokenId$/.test(
    serviceErrorName(error) ?? "",
  );
}

/** Why a start can never be; null: it may work later (throttled, away, too many at once). */
export function refusedStart(error: unknown, machine: string): Failure | null {
  const words = error instanceof Error ? error.message : String(error);
  if (isDenied(error)) {
    const cause = `AWS doesn't let the bot start executions: its role needs states:StartExecution on ${machine}. Add it, then redrive this execution. AWS says: ${words}`;
    return { error: "Agent.Unavailable", cause };
  }
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

/** What is tried again, with its reason for the log. */
export function tellLater(what: string, error: unknown): FailureError {
  const words = error instanceof Error ? error.message : String(error);
  const name = serviceErrorName(error);
  const hint = isDenied(error) ? ` The bot's role lacks the right to ${what}.` : "";
  const isThrottled = name === "ThrottlingException" || name === "ExecutionLimitExceeded";
  const cause = `Step Functions could not be asked to ${what}: ${words}.${hint}`;
  return new FailureError({ error: isThrottled ? "Agent.Throttled" : "Agent.Unavailable", cause }, { cause: error });
}
