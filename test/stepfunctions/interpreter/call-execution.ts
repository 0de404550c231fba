/** A Task's start of another execution: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
import type { Json } from "../../../src/flow/json.ts";
import { fieldsOf } from "./call-handler.ts";
import type { Call } from "./call-handler.ts";
import type { Execution } from "./execution.ts";
import { StateFailure } from "./failure.ts";
import type { Task } from "./machine.ts";
import { uuid } from "./added-functions.ts";
import { writeTimestamp } from "./timestamp.ts";
import type { Visit } from "./visit.ts";
import { StartRefused } from "./world.ts";

const fields: ReadonlySet<string> = new Set(["StateMachineArn", "Input", "Name"]);

export function callExecution(visit: Visit<Task>, args: Json, pattern: "request" | "sync" | "token"): Call {
  const child = start(visit, args);
  const started = { ExecutionArn: child.arn, StartDate: writeTimestamp(child.startedAt) };
  if (pattern !== "sync") return { answer: Promise.resolve(started), abandon: () => {} };
  const { executions } = visit.world;
  return {
    answer: child.ended.then(() => readEnd(child)),
    // A parent that gives up takes its child with it.
    abandon: () => {
      if (child.status === "RUNNING") executions.stop(child, { error: undefined, cause: "The parent's task ended." });
    },
  };
}

function start({ world }: Visit<Task>, args: Json): Execution {
  const { StateMachineArn, Input = {}, Name = uuid(world.fraction) } = fieldsOf(args, fields);
  if (typeof StateMachineArn !== "string" || typeof Name !== "string") {
    throw new StateFailure("States.Runtime", "StateMachineArn and Name must be texts.");
  }
  try {
    return world.executions.start({ machine: StateMachineArn, name: Name, input: Input });
  } catch (error) {
    if (error instanceof StartRefused) {
      throw new StateFailure(`StepFunctions.${error.reason}Exception`, error.message);
    }
    throw error;
  }
}

function readEnd(child: Execution): Json {
  const common = {
    ExecutionArn: child.arn,
    Input: child.input,
    InputDetails: { Included: true },
    Name: child.name,
    StartDate: writeTimestamp(child.startedAt),
    StateMachineArn: child.of.stateMachine.arn,
    Status: child.status,
    StopDate: writeTimestamp(child.stoppedAt ?? child.startedAt),
  };
  if (child.status === "SUCCEEDED") {
    return { ...common, Output: child.output ?? null, OutputDetails: { Included: true } };
  }
  const why = { Error: child.error ?? null, Cause: child.cause ?? null };
  throw new StateFailure("States.TaskFailed", JSON.stringify({ ...common, ...why }));
}
