/** Executions from start to end: what they are started with, how they end, how they go on by a redrive. */
import type { Json } from "../../../src/flow/json.ts";
import { Cancellation, Stopped } from "./cancellation.ts";
import { isName } from "./execution-names.ts";
import type { Execution } from "./execution.ts";
import { StateFailure } from "./failure.ts";
import { newFrame } from "./frame.ts";
import { History } from "./history.ts";
import type { Branch } from "./machine.ts";
import { executionArn } from "./machines.ts";
import type { Resolved } from "./machines.ts";
import { maxPayload, sizeOf } from "./template.ts";
import { text } from "./visit.ts";
import { walk } from "./walk.ts";
import { StartRefused } from "./world.ts";
import type { ExecutionControl, World } from "./world.ts";

const maxEvents = 25_000;
const day = 86_400_000;
const maxDuration = 365 * day;
const redrivable = 14 * day;
/** How long a name stays taken after the end. */
const kept = 90 * day;
/** A redrive asked for again with its token is the same one, for so long, of so many. */
const tokenLife = 900_000;
const tokensKept = 10;

export class NotRedrivable extends Error {}

export class Executions implements ExecutionControl {
  readonly #world: World;
  readonly #byArn = new Map<string, Execution>();

  constructor(world: Omit<World, "executions">) {
    this.#world = { ...world, executions: this };
  }

  get world(): World {
    return this.#world;
  }

  find(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  all(): Execution[] {
    return [...this.#byArn.values()];
  }

  /** The one that runs already, for the same name and input. */
  start({ machine, name, input }: { machine: string; name: string; input: Json }): Execution {
    const { machines, clock, fraction } = this.#world;
    const of = machines.resolve(machine, fraction);
    if (of === undefined) {
      throw new StartRefused("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machine}'`);
    }
    if (!isName(name)) throw new StartRefused("InvalidName", `Invalid Name: '${name}'`);
    if (sizeOf(input) > maxPayload) {
      throw new StartRefused("InvalidExecutionInput", `The input is longer than ${maxPayload} bytes.`);
    }
    const arn = executionArn(of.stateMachine.name, name);
    const known = this.#byArn.get(arn);
    if (known !== undefined) {
      // Whether AWS sees through another order of the keys isn't said, so here it doesn't.
      const isSame = known.status === "RUNNING" && JSON.stringify(known.input) === JSON.stringify(input);
      if (isSame) return known;
      if (known.stoppedAt === null || clock.now() - known.stoppedAt < kept) {
        throw new StartRefused("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
      }
    }
    return this.#begin({ of, arn, name, input, mapRunArn: null });
  }

  startChild(asked: Parameters<ExecutionControl["startChild"]>[0]): Execution {
    const { parent, processor, label, name, input, mapRunArn } = asked;
    const { stateMachine } = parent.of;
    const labelled = { ...stateMachine, name: `${stateMachine.name}/${label}`, arn: `${stateMachine.arn}/${label}` };
    const machine = { QueryLanguage: "JSONata" as const, StartAt: processor.StartAt, States: processor.States };
    const of = { ...parent.of, stateMachine: labelled, machine };
    return this.#begin({ of, arn: executionArn(labelled.name, name), name, input, mapRunArn });
  }

  stop(execution: Execution, why: { error: string | undefined; cause: string | undefined }): void {
    if (execution.status !== "RUNNING" || execution.stop !== null) return;
    execution.stop = { status: "ABORTED", ...why };
    execution.cancellation.stop();
  }

  /** From its failed states, same definition and input. Throws `NotRedrivable`. */
  redrive(execution: Execution, token: string | null = null): void {
    const now = this.#world.clock.now();
    const known = execution.redriveTokens.find((one) => one.token === token);
    if (known !== undefined && now - known.at <= tokenLife) return;
    const reason = this.whyNotRedrivable(execution);
    if (reason !== null) throw new NotRedrivable(reason);
    if (token !== null) execution.redriveTokens = [...execution.redriveTokens, { token, at: now }].slice(-tokensKept);
    execution.redriveCount += 1;
    execution.redrivenAt = now;
    execution.history.add(execution.thread, "ExecutionRedriven", {
      executionRedrivenEventDetails: { redriveCount: execution.redriveCount },
    });
    this.#run(execution, true);
  }

  /** In the words of DescribeExecution's `redriveStatusReason`; null: it can be. */
  whyNotRedrivable({ status, startedAt, stoppedAt, history, of }: Execution): string | null {
    const now = this.#world.clock.now();
    if (this.#world.machines.isRemoved(of.stateMachine)) return "State machine is in DELETING status";
    if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
    if (history.events.length >= maxEvents - 1) return "Execution history event limit exceeded";
    if (now - startedAt > maxDuration) return "Execution has exceeded the max execution time";
    if (stoppedAt === null || now - stoppedAt > redrivable) return "Execution redrivable period exceeded";
    return null;
  }

  #begin(asked: { of: Resolved; arn: string; name: string; input: Json; mapRunArn: string | null }): Execution {
    const { clock } = this.#world;
    const { of, input } = asked;
    const thread = { last: 0 };
    const branch: Branch = of.machine;
    const execution: Execution = {
      ...asked,
      status: "RUNNING",
      startedAt: clock.now(),
      stoppedAt: null,
      output: undefined,
      error: undefined,
      cause: undefined,
      history: new History({ now: () => clock.now(), limit: maxEvents }),
      thread,
      root: newFrame({ branch, outer: null, input, thread, mapItem: null }),
      cancellation: new Cancellation(),
      stop: null,
      redriveCount: 0,
      redrivenAt: null,
      redriveTokens: [],
      variableBytes: 0,
      ended: Promise.resolve(),
    };
    this.#byArn.set(asked.arn, execution);
    const { roleArn } = of.stateMachine;
    execution.history.add(thread, "ExecutionStarted", {
      executionStartedEventDetails: { ...text("input", input), roleArn },
    });
    this.#run(execution, false);
    return execution;
  }

  #run(execution: Execution, isResumed: boolean): void {
    const { clock } = this.#world;
    const cancellation = new Cancellation();
    Object.assign(execution, {
      cancellation,
      stop: null,
      status: "RUNNING",
      stoppedAt: null,
      error: undefined,
      cause: undefined,
    });
    const limit = Math.min(maxDuration, 1000 * (execution.of.machine.TimeoutSeconds ?? Infinity));
    const disarm = clock.at(clock.now() + limit, () => {
      if (execution.stop !== null) return;
      execution.stop = { status: "TIMED_OUT", error: "States.Timeout", cause: undefined };
      cancellation.stop();
    });
    execution.ended = this.#finish(execution, { cancellation, isResumed }).finally(disarm);
  }

  async #finish(execution: Execution, how: { cancellation: Cancellation; isResumed: boolean }): Promise<void> {
    const { history, thread, root } = execution;
    // The caller has its answer before the first state is entered.
    await Promise.resolve();
    try {
      const output = await walk({ world: this.#world, execution, frame: root, ...how });
      how.cancellation.check();
      execution.output = output;
      this.#end(execution, "SUCCEEDED");
      history.addLast(thread, "ExecutionSucceeded", { executionSucceededEventDetails: text("output", output) });
    } catch (error) {
      const { status, ...why } = ending(execution, error);
      Object.assign(execution, why);
      this.#end(execution, status);
      const details = Object.fromEntries(Object.entries(why).filter(([, value]) => value !== undefined));
      const kind = { FAILED: "Failed", TIMED_OUT: "TimedOut", ABORTED: "Aborted" }[status];
      history.addLast(thread, `Execution${kind}`, { [`execution${kind}EventDetails`]: details });
    }
  }

  #end(execution: Execution, status: Execution["status"]): void {
    execution.status = status;
    execution.stoppedAt = this.#world.clock.now();
  }
}

function ending(
  { stop }: Execution,
  error: unknown,
): { status: "FAILED" | "TIMED_OUT" | "ABORTED"; error: string | undefined; cause: string | undefined } {
  if (stop !== null && error instanceof Stopped) return stop;
  if (error instanceof StateFailure) return { status: "FAILED", error: error.error, cause: error.cause };
  // A mistake of the interpreter itself, or of a test's handler: loud, and told apart from anything that a machine may meet.
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: "FAILED", error: "Interpreter.Broken", cause };
}
