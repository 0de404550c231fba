/** One state as it is entered: what its expressions see from then on, and the record of what it does. */
import type { Json } from "../../../src/flow/json.ts";
import type { Cancellation } from "./cancellation.ts";
import type { Execution } from "./execution.ts";
import type { StatesPart } from "./expression-rules.ts";
import type { Sight } from "./expression.ts";
import { StateFailure } from "./failure.ts";
import { assign, visibleVariables } from "./frame.ts";
import type { Frame, MapItem } from "./frame.ts";
import type { HistoryEvent, Thread } from "./history.ts";
import type { State } from "./machine.ts";
import { checkSize, fill, fillNumber } from "./template.ts";
import { writeTimestamp } from "./timestamp.ts";
import type { World } from "./world.ts";

/** Where a state leads: null ends the branch. */
export interface Step {
  next: string | null;
  output: Json;
}

export interface Leaving {
  holder: { Output?: Json | undefined; Assign?: Record<string, Json> | undefined };
  /** The output of a holder without `Output`. */
  otherwise: Json;
  parts: { [part in StatesPart]?: Json };
  /** The holder's place in the state, `Catch[0].`; "" is the state itself. */
  at: string;
  next: string | null;
}

export class Visit<S extends State = State> {
  readonly world: World;
  readonly execution: Execution;
  readonly frame: Frame;
  readonly state: S;
  readonly cancellation: Cancellation;
  /** A redrive goes on where this state had come to. */
  isResumed: boolean;
  retryCount = 0;
  token: string | null = null;
  readonly #enteredAt: number;
  readonly #variables: ReadonlyMap<string, Json>;

  constructor(asked: {
    world: World;
    execution: Execution;
    frame: Frame;
    state: S;
    cancellation: Cancellation;
    isResumed: boolean;
  }) {
    this.world = asked.world;
    this.execution = asked.execution;
    this.frame = asked.frame;
    this.state = asked.state;
    this.cancellation = asked.cancellation;
    this.isResumed = asked.isResumed;
    this.#enteredAt = asked.world.clock.now();
    this.#variables = visibleVariables(asked.frame);
  }

  get name(): string {
    return this.frame.state;
  }

  /** Throws `Stopped` in a branch that is over: it leaves no trace any more. */
  record(type: string, details: HistoryEvent["details"] = {}, thread: Thread = this.frame.thread): void {
    this.cancellation.check();
    this.execution.history.add(thread, type, details);
  }

  async fill(template: Json, field: string, parts: Leaving["parts"] = {}, mapItem?: MapItem): Promise<Json> {
    return this.#evaluated(field, () => fill(template, this.sight(parts, mapItem), field));
  }

  async number(
    value: number | string,
    field: { name: string; min: number; max: number; whole: boolean },
  ): Promise<number> {
    return this.#evaluated(field.name, () => fillNumber(value, this.sight({}), field));
  }

  /** Output and Assign side by side, both from the values at entry; then what was assigned, then the way on. */
  async leave({ holder, otherwise, parts, at, next }: Leaving): Promise<Step> {
    const output = holder.Output === undefined ? otherwise : await this.fill(holder.Output, `${at}Output`, parts);
    const values: [string, Json][] = [];
    for (const [name, template] of Object.entries(holder.Assign ?? {})) {
      values.push([name, await this.fill(template, `${at}Assign/${name}`, parts)]);
    }
    this.cancellation.check();
    checkSize(output, `The state/task '${this.name}' returned a result that`);
    assign(this.frame, Object.fromEntries(values), this.execution);
    const assigned =
      values.length === 0
        ? {}
        : { assignedVariables: Object.fromEntries(values.map(([name, value]) => [name, JSON.stringify(value)])) };
    this.record(`${this.state.Type}StateExited`, {
      stateExitedEventDetails: { name: this.name, ...text("output", output), ...assigned },
    });
    return { next, output };
  }

  /** In the execution's time. */
  sleep(ms: number): Promise<void> {
    const { clock } = this.world;
    return this.cancellation.wait<void>((resolve) => clock.at(clock.now() + ms, () => resolve()));
  }

  sight(parts: Leaving["parts"], mapItem: MapItem | null = this.frame.mapItem): Sight {
    const { world } = this;
    const states = { input: this.frame.input, context: this.#context(mapItem), ...parts };
    return { variables: this.#variables, states, now: world.clock.now(), fraction: world.fraction };
  }

  /** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
  #context(mapItem: MapItem | null): Json {
    const { execution } = this;
    const { stateMachine } = execution.of;
    const redriven = execution.redrivenAt === null ? {} : { RedriveTime: writeTimestamp(execution.redrivenAt) };
    return {
      Execution: {
        Id: execution.arn,
        Input: execution.input,
        Name: execution.name,
        RoleArn: stateMachine.roleArn,
        StartTime: writeTimestamp(execution.startedAt),
        RedriveCount: execution.redriveCount,
        ...redriven,
      },
      State: { EnteredTime: writeTimestamp(this.#enteredAt), Name: this.name, RetryCount: this.retryCount },
      StateMachine: { Id: stateMachine.arn, Name: stateMachine.name },
      ...(this.token === null ? {} : { Task: { Token: this.token } }),
      ...(mapItem === null ? {} : { Map: { Item: { Index: mapItem.Index, Value: mapItem.Value } } }),
    };
  }

  async #evaluated<T>(field: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StateFailure && error.error === "States.QueryEvaluationError") {
        const details = { error: error.error, cause: error.cause, location: field, state: this.name };
        this.record("EvaluationFailed", { evaluationFailedEventDetails: details });
      }
      throw error;
    } finally {
      this.cancellation.check();
    }
  }
}

/** As history has data: the JSON text, and that all of it is there. */
export function text(name: string, value: Json): { [field: string]: unknown } {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } };
}
