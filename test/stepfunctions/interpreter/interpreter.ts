/**
 * An interpreter of the Amazon States Language for tests, written from the public specification (states-language.net and
 * AWS's developer guide): JSONata only, and stricter than AWS wherever AWS leaves something open. It decides nothing of our
 * engine; it is what compiled flows are held against.
 *
 * - S1. What isn't certain to work on AWS fails here: JSONPath, unknown fields, unknown resources, variables nobody assigned.
 * - S2. Time is injected and nothing is random: the same run gives the same history, to the millisecond.
 * - S3. Limits are AWS's: 256 KiB a state's input, output and variable, 10 MiB of variables, 25,000 events, one year.
 */
import type { Json } from "../../../src/flow/json.ts";
import type { IntegrationHandler, LambdaHandler } from "./handlers.ts";
import type { HistoryEvent } from "./history.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface MachineRun {
  /** The state machine, as an object. Refused with every problem at once (`InvalidDefinition`). */
  definition: unknown;
  /** `{}` by default, as in StartExecution. */
  input?: Json;
  /** The execution's name. */
  name?: string;
  lambda: LambdaHandler;
  /** Other resources by their ARN, e.g. `arn:aws:states:::dynamodb:putItem`; without one they fail. */
  integrations?: Readonly<Record<string, IntegrationHandler>>;
  /** Definitions that `startExecution` may start, by what `StateMachineArn` says. */
  machines?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  startAt?: number;
  /** For jitter, `$random()` and `$uuid()`: 0 ≤ x < 1. The same numbers in every run by default. */
  fraction?: () => number;
}

export interface MachineEnd {
  /** Never RUNNING: what waits for a token that nobody answers times out, at the latest after a year. */
  status: ExecutionStatus;
  /** Undefined unless SUCCEEDED. */
  output: Json | undefined;
  error: string | undefined;
  cause: string | undefined;
  startedAt: number;
  stoppedAt: number;
  events: HistoryEvent[];
  /** The histories of executions that this one started (`startExecution`, Distributed Map), by name. */
  children: { name: string; machine: string; status: ExecutionStatus; events: HistoryEvent[] }[];
}

/** One execution in virtual time, from its start to its end. */
export async function runMachine(_run: MachineRun): Promise<MachineEnd> {
  throw new Error("The interpreter isn't written yet.");
}
