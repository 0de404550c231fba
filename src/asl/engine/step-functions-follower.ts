/**
 * Step Functions as the service that drives: started, answered, stopped and asked by its API.
 *
 * - F1. Everything may be told twice: a start has our id as its name, an answer its token, so the service counts each once.
 * - F2. Tokens go to the service alone.
 * - F3. A redrive goes on in the same execution where that ended by a limit or a stop; a machine that came to its own `Fail` state
 *   would only fail again there, so another execution runs over the same log, and what is recorded is answered from the record.
 */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { z } from "zod";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Failure } from "../../flow/failure.ts";
import { JsonObject } from "../../flow/json.ts";
import { Outcome } from "../../flow/record.ts";
import type { EndOutside, Follower, Told } from "../../engine/follower.ts";
import type { Owed } from "../../engine/owed.ts";
import { failureNamed } from "../handlers/adopt.ts";
import { kibibytes, mostPayloadBytes, payloadBytes } from "../handlers/payload.ts";
import type { MachineArns } from "./machine-arns.ts";
import { isTokenOver, refusedStart, serviceErrorName, tellLater } from "./service-error.ts";

/** AWS's limits. */
const longestErrorName = 256;
const longestCause = 32_000;

const Output = z.looseObject({ outcome: Outcome, outputs: JsonObject });

export class StepFunctionsFollower implements Follower {
  readonly #client: Pick<SFNClient, "send">;
  readonly #arns: MachineArns;

  constructor(parameters: { client: Pick<SFNClient, "send">; arns: MachineArns }) {
    this.#client = parameters.client;
    this.#arns = parameters.arns;
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

  async #start(state: ExecutionState, { name }: Extract<Owed, { kind: "start" }>): Promise<Told> {
    const machine = this.#arns.machine(state.flowId);
    const input = JSON.stringify(state.input);
    const bytes = payloadBytes(state.input);
    if (bytes > mostPayloadBytes) {
      const cause = `The input is ${kibibytes(bytes)}; Step Functions takes at most 256 KiB.`;
      return { kind: "refused", failure: { error: "Input.Invalid", cause } };
    }
    if (await this.#goesOn(state)) return { kind: "told", name: state.service?.name ?? name };
    try {
      await this.#client.send(new StartExecutionCommand({ stateMachineArn: machine, name, input }));
      return { kind: "told", name };
    } catch (error) {
      // F1: it was started before, and the answer was lost.
      if (serviceErrorName(error) === "ExecutionAlreadyExists") return { kind: "told", name };
      const failure = refusedStart(error, machine);
      if (failure !== null) return { kind: "refused", failure };
      throw tellLater(`start ${name}`, error);
    }
  }

  /** F3. */
  async #goesOn(state: ExecutionState): Promise<boolean> {
    const { service, flowId } = state;
    if (service === null || service.name === null || !service.isWholeRedrive) return false;
    const executionArn = this.#arns.execution({ flowId, name: service.name });
    try {
      if (await this.#endedByItself(executionArn)) return false;
      await this.#client.send(new RedriveExecutionCommand({ executionArn }));
      return true;
    } catch (error) {
      const name = serviceErrorName(error);
      if (name === "ExecutionNotRedrivable" || name === "ExecutionDoesNotExist" || name === "ExecutionLimitExceeded")
        return false;
      throw tellLater(`redrive ${service.name}`, error);
    }
  }

  async #endedByItself(executionArn: string): Promise<boolean> {
    const latest = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 5 });
    const { events = [] } = await this.#client.send(latest);
    return events.some(({ type }) => type === "FailStateEntered" || type === "ExecutionSucceeded");
  }

  async #answer({ token: { token, stepId }, output }: Extract<Owed, { kind: "answer" }>): Promise<Told> {
    const bytes = payloadBytes(output);
    if (bytes > mostPayloadBytes) {
      const cause = `The answer of ${stepId} is ${kibibytes(bytes)}; Step Functions passes on at most 256 KiB.`;
      return this.#fail(token, { error: "Agent.InvalidOutput", cause });
    }
    return this.#withToken("answer an approval or a doubt (states:SendTaskSuccess)", () =>
      this.#client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) })),
    );
  }

  #fail(token: string, { error, cause }: Failure): Promise<Told> {
    const told = { error: error.slice(0, longestErrorName), cause: cause.slice(0, longestCause) };
    return this.#withToken("fail a task (states:SendTaskFailure)", () =>
      this.#client.send(new SendTaskFailureCommand({ taskToken: token, ...told })),
    );
  }

  async #withToken(what: string, send: () => Promise<unknown>): Promise<Told> {
    try {
      await send();
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
      await this.#client.send(new StopExecutionCommand({ executionArn, error: "Aborted", cause }));
      return { kind: "told", name };
    } catch (error) {
      if (serviceErrorName(error) === "ExecutionDoesNotExist") return { kind: "late" };
      throw tellLater(`stop ${name} (states:StopExecution)`, error);
    }
  }

  async endOf({ service, flowId }: ExecutionState): Promise<EndOutside | null> {
    if (service === null || service.name === null) return null;
    const executionArn = this.#arns.execution({ flowId, name: service.name });
    try {
      return endIn(await this.#client.send(new DescribeExecutionCommand({ executionArn })));
    } catch (error) {
      // Just started, or forgotten: after 90 days the service knows nothing of it.
      if (serviceErrorName(error) === "ExecutionDoesNotExist") return null;
      throw tellLater(`describe ${service.name} (states:DescribeExecution)`, error);
    }
  }
}

function endIn({ status, error, cause, output }: DescribeExecutionCommandOutput): EndOutside | null {
  if (status === "FAILED")
    return { status: "failed", failure: failureNamed({ error: error ?? "", cause: cause ?? "" }) };
  if (status === "TIMED_OUT") return { status: "timed_out" };
  if (status === "ABORTED") return { status: "aborted" };
  if (status !== "SUCCEEDED") return null;
  const read = Output.safeParse(output === undefined ? null : JSON.parse(output));
  return read.success ? { status: "succeeded", ...read.data } : null;
}
