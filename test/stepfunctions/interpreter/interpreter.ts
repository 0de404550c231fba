/**
 * An interpreter of the Amazon States Language for tests, written from the public specification (states-language.net and
 * AWS's developer guide): JSONata only, and stricter than AWS wherever AWS leaves something open. It decides nothing of our
 * engine; it is what compiled flows are held against.
 *
 * - S1. What isn't certain to work on AWS fails here: JSONPath, unknown fields, unknown resources, variables nobody assigned.
 * - S2. Time is injected and nothing is random: the same machine and answers give the same history, to the millisecond.
 * - S3. Limits are AWS's: 256 KiB a state's input, output and variable, 10 MiB of variables, 25,000 events, one year.
 */
import type { Clock } from "../../../src/flow/clock.ts";
import type { Json } from "../../../src/flow/json.ts";
import { seededRandomness } from "../../../src/testing/virtual-clock.ts";
import { EventQueue } from "./event-queue.ts";
import type { Execution, ExecutionStatus } from "./execution.ts";
import { Executions } from "./executions.ts";
import { Flight } from "./flight.ts";
import type { IntegrationHandler, LambdaHandler } from "./handlers.ts";
import type { HistoryEvent } from "./history.ts";
import { Machines } from "./machines.ts";
import { Tokens } from "./tokens.ts";

export interface Interpreter {
  machines: Machines;
  executions: Executions;
  tokens: Tokens;
  /** Handlers' calls under way; virtual time stands still for them. */
  flight: Flight;
}

/** For many machines and executions on one clock, real or virtual. */
export function createInterpreter(asked: {
  clock: Clock;
  lambda: LambdaHandler;
  integrations?: Readonly<Record<string, IntegrationHandler>>;
  /** For jitter, `$random()`, `$uuid()` and names: 0 ≤ x < 1. The same numbers in every run by default. */
  fraction?: () => number;
}): Interpreter {
  const { clock, lambda, integrations = {} } = asked;
  const seeded = seededRandomness();
  const fraction = asked.fraction ?? (() => seeded.fraction());
  const shared = { machines: new Machines(), tokens: new Tokens(), flight: new Flight() };
  return { ...shared, executions: new Executions({ clock, lambda, integrations, fraction, ...shared }) };
}

/**
 * Lets everything happen that is due up to `until`, at its instant and in order, as fast as handlers answer; ends earlier once
 * `isDone`. Time stands at the last instant that something happened.
 */
export async function drive(asked: {
  queue: EventQueue;
  flight: Flight;
  isDone?: () => boolean;
  until?: number;
}): Promise<void> {
  const { queue, flight, isDone = () => false, until = Infinity } = asked;
  for (;;) {
    await turn();
    if (isDone()) return;
    if (!flight.isEmpty) {
      await flight.landed();
      continue;
    }
    const next = queue.next();
    if (next === null || next > until) return;
    queue.runNext();
  }
}

/** Until all promises that can settle by themselves have settled. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface MachineRun {
  /** The state machine, as an object. Refused with every problem at once (`InvalidDefinition`). */
  definition: unknown;
  /** `{}` by default, as in StartExecution. */
  input?: Json;
  /** The execution's name. */
  name?: string;
  lambda?: LambdaHandler;
  /** Other resources by their ARN, e.g. `arn:aws:states:::dynamodb:putItem`; without one they fail. */
  integrations?: Readonly<Record<string, IntegrationHandler>>;
  /** Definitions that `startExecution` may start, by what `StateMachineArn` says. */
  machines?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  startAt?: number;
  fraction?: () => number;
}

export interface MachineEnd {
  /** Never RUNNING: what waits for a token that nobody answers times out, at the latest after a year. */
  status: ExecutionStatus;
  /** Undefined unless SUCCEEDED. */
  output: Json | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number;
  stoppedAt: number;
  events: HistoryEvent[];
  /** What this one started (`startExecution`, Distributed Map), in the order of starting. */
  children: Execution[];
}

/** One execution in virtual time, from its start to its end. */
export async function runMachine(run: MachineRun): Promise<MachineEnd> {
  const queue = new EventQueue(run.startAt);
  const interpreter = createInterpreter({
    clock: queue,
    lambda: run.lambda ?? noLambda,
    ...(run.integrations === undefined ? {} : { integrations: run.integrations }),
    ...(run.fraction === undefined ? {} : { fraction: run.fraction }),
  });
  const { machines, executions, flight } = interpreter;
  const machine = machines.create({ name: "machine", definition: run.definition, now: queue.now() });
  for (const [index, [reference, definition]] of Object.entries(run.machines ?? {}).entries()) {
    machines.refer(reference, machines.create({ name: `other_${index}`, definition, now: queue.now() }));
  }
  const execution = executions.start({
    machine: machine.arn,
    name: run.name ?? "execution",
    input: run.input ?? {},
  });
  await drive({ queue, flight, isDone: () => execution.status !== "RUNNING" });
  if (execution.error === "Interpreter.Broken") throw new Error(execution.cause);
  return {
    status: execution.status,
    output: execution.output,
    error: execution.error,
    cause: execution.cause,
    startedAt: execution.startedAt,
    stoppedAt: execution.stoppedAt ?? queue.now(),
    events: execution.history.events,
    children: executions.all().filter((one) => one !== execution),
  };
}

function noLambda(functionName: string): Promise<never> {
  return Promise.reject(new Error(`Nothing stands for the function ${functionName}.`));
}
