/** What every execution of one interpreter shares. */
import type { Clock } from "../../../src/flow/clock.ts";
import type { Json } from "../../../src/flow/json.ts";
import type { Execution } from "./execution.ts";
import type { Flight } from "./flight.ts";
import type { IntegrationHandler, LambdaHandler } from "./handlers.ts";
import type { Machines } from "./machines.ts";
import type { Branch } from "./machine.ts";
import type { Tokens } from "./tokens.ts";

export interface World {
  clock: Clock;
  fraction: () => number;
  lambda: LambdaHandler;
  integrations: Readonly<Record<string, IntegrationHandler>>;
  flight: Flight;
  tokens: Tokens;
  machines: Machines;
  executions: ExecutionControl;
}

/** What a running state may do to other executions. */
export interface ExecutionControl {
  /** Throws `StartRefused`. */
  start(asked: { machine: string; name: string; input: Json }): Execution;
  /** One item of a Distributed Map; sees no variables of its parent. */
  startChild(asked: {
    parent: Execution;
    processor: Branch;
    label: string;
    mapRunArn: string;
    name: string;
    input: Json;
  }): Execution;
  stop(execution: Execution, why: { error: string | undefined; cause: string | undefined }): void;
  redrive(execution: Execution): void;
}

export type StartRefusal =
  | "ExecutionAlreadyExists"
  | "ExecutionLimitExceeded"
  | "InvalidExecutionInput"
  | "InvalidName"
  | "StateMachineDoesNotExist"
  | "StateMachineDeleting";

export class StartRefused extends Error {
  readonly reason: StartRefusal;

  constructor(reason: StartRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}
