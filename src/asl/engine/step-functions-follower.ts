/**
 * Step Functions as the service that drives: started, answered, stopped and asked by its API.
 *
 * - F1. Everything may be told twice: a start has our id as its name, an answer its token, so the service counts each once.
 * - F2. Tokens go to the service alone.
 * - F3. A redrive goes on in the same execution where that was cut off (going-on.ts); otherwise another one runs over the same log,
 *   and what is recorded is answered from the record.
 * - F4. What pushes back (throttled, away) is asked by nobody until a drawn instant; a right that is missing holds up nobody else.
 */
import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import type { Clock, Randomness } from "../../flow/clock.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Failure } from "../../flow/failure.ts";
import type { Follower, Told, Whereabouts } from "../../engine/follower.ts";
import type { Owed } from "../../engine/owed.ts";
import { kibibytes, mostPayloadBytes, payloadBytes } from "../handlers/payload.ts";
import { goOn } from "./going-on.ts";
import type { MachineArns } from "./machine-arns.ts";
import { Pushback } from "./pushback.ts";
import { isPushback, isTokenOver, refusedStart, serviceErrorName, tellLater } from "./service-error.ts";
import type { Service } from "./service.ts";
import { runningIn, whereaboutsOf } from "./whereabouts.ts";

/** AWS's limits. */
const longestErrorName = 256;
const longestCause = 32_000;

export class StepFunctionsFollower implements Follower {
  readonly #client: Pick<SFNClient, "send">;
  readonly #arns: MachineArns;
  readonly #clock: Pick<Clock, "now">;
  readonly #pushback: Pushback;
  readonly #api: Service;

  constructor(parameters: {
    client: Pick<SFNClient, "send">;
    arns: MachineArns;
    clock: Pick<Clock, "now">;
    randomness: Pick<Randomness, "fraction">;
  }) {
    this.#client = parameters.client;
    this.#arns = parameters.arns;
    this.#clock = parameters.clock;
    this.#pushback = new Pushback(parameters);
    this.#api = { client: this.#client, asked: (send) => this.#asked(send) };
  }

  tell(state: ExecutionState, owed: Owed): Promise<Told> {
    switch (owed.kind) {
      case "start":
        return this.#start(state, owed);
      case "answer":
        return this.#answer(owed);
      case "fail":
        return this.#fail(owed.token.token, owed.failure);
      case "stop":
        return this.#stop(state, owed.name);
      default:
        return owed satisfies never;
    }
  }

  async #start(state: ExecutionState, { name, redrives }: Extract<Owed, { kind: "start" }>): Promise<Told> {
    const { service, flowId } = state;
    const machine = this.#arns.machine(flowId);
    const bytes = payloadBytes(state.input);
    if (bytes > mostPayloadBytes) {
      const cause = `The input is ${kibibytes(bytes)}; Step Functions takes at most 256 KiB.`;
      return { kind: "refused", failure: { error: "Input.Invalid", cause } };
    }
    if (service !== null && service.name !== null) {
      const executionArn = this.#arns.execution({ flowId, name: service.name });
      const gone = await goOn(this.#api, { service, executionArn, redrives });
      if (gone.kind === "refused") return gone;
      if (gone.kind === "goes_on") return { kind: "told", name: service.name };
    }
    try {
      const input = JSON.stringify(state.input);
      await this.#asked(() => this.#client.send(new StartExecutionCommand({ stateMachineArn: machine, name, input })));
      return { kind: "told", name };
    } catch (error) {
      // F1: it was started before, and the answer was lost.
      if (serviceErrorName(error) === "ExecutionAlreadyExists") return { kind: "told", name };
      const failure = refusedStart(error, machine);
      if (failure !== null) return { kind: "refused", failure };
      throw tellLater("start an execution", error);
    }
  }

  async #answer({ token: { token, stepId }, output }: Extract<Owed, { kind: "answer" }>): Promise<Told> {
    const bytes = payloadBytes(output);
    if (bytes > mostPayloadBytes) {
      const cause = `The answer of ${stepId} is ${kibibytes(bytes)}; Step Functions passes on at most 256 KiB.`;
      return this.#fail(token, { error: "Agent.InvalidOutput", cause });
    }
    return this.#withToken("take an answer (states:SendTaskSuccess)", () =>
      this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  #fail(token: string, { error, cause }: Failure): Promise<Told> {
    const told = { error: error.slice(0, longestErrorName), cause: cause.slice(0, longestCause) };
    return this.#withToken("take an answer (states:SendTaskFailure)", () =>
      this.#client.send(new SendTaskFailureCommand({ taskToken: token, ...told })),
    );
  }

  async #withToken(what: string, send: () => Promise<unknown>): Promise<Told> {
    try {
      await this.#asked(send);
      return { kind: "told", name: "" };
    } catch (error) {
      if (isTokenOver(error)) return { kind: "late" };
      throw tellLater(what, error);
    }
  }

  async #stop({ flowId, stopping }: ExecutionState, name: string): Promise<Told> {
    const executionArn = this.#arns.execution({ flowId, name });
    const cause = `Aborted by ${stopping?.by?.name ?? "a program"}.`;
    try {
      await this.#asked(() => this.#client.send(new StopExecutionCommand({ executionArn, error: "Aborted", cause })));
      return { kind: "told", name };
    } catch (error) {
      if (serviceErrorName(error) === "ExecutionDoesNotExist") return { kind: "late" };
      throw tellLater("stop it (states:StopExecution)", error);
    }
  }

  running({ flowId }: { flowId: string }): Promise<ReadonlySet<string>> {
    return runningIn(this.#api, { machine: this.#arns.unqualified(flowId) });
  }

  endOf(state: ExecutionState): Promise<Whereabouts> {
    const { flowId, service, redrives } = state;
    // Redriven and not told so yet, it has only the end of before.
    if (service === null || service.name === null || service.toldRedrives < redrives) return Promise.resolve(null);
    const executionArn = this.#arns.execution({ flowId, name: service.name });
    const machine = this.#arns.unqualified(flowId);
    const sinceMs = this.#clock.now() - (service.toldAt ?? state.startedAt);
    return whereaboutsOf(this.#api, { executionArn, machine, sinceMs });
  }

  /** Nothing is asked while the service pushes back; what it says of one alone holds up nobody else. */
  async #asked<T>(send: () => Promise<T>): Promise<T> {
    this.#pushback.check();
    try {
      const answered = await send();
      this.#pushback.open();
      return answered;
    } catch (error) {
      if (isPushback(error)) this.#pushback.close(tellLater("answer", error));
      else this.#pushback.open();
      throw error;
    }
  }
}
