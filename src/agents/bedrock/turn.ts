/**
 * One call of InvokeAgent and its stream, to the very end.
 *
 * Job: a whole turn or a failure. Half an answer never counts: the SDK ends the stream of an aborted call as if all had come, so
 * whether it was cut off is known here, not asked there. Non-job: what the answer means.
 */
import type {
  InvocationInputMember,
  InvokeAgentCommandInput,
  ResponseStream,
} from "@aws-sdk/client-bedrock-agent-runtime";
import { FailureError } from "../../flow/failure.ts";
import type { InvokeAgent } from "./bedrock-client.ts";
import { turnFailure } from "./turn-failure.ts";

/** A signal that aborts after that many milliseconds of real time. */
export type Deadline = (ms: number) => AbortSignal;

export interface Turn {
  /** What it said in prose, in bytes: never an answer. */
  prose: number;
  /** The functions that it wants called; each event of the stream is one. */
  controls: Control[];
}

export interface Control {
  invocationId: string;
  inputs: InvocationInputMember[];
}

export interface TurnOptions {
  invoke: InvokeAgent;
  /** Of the whole attempt. */
  signal: AbortSignal;
  deadline: Deadline;
  /** How long it may say nothing, in milliseconds. */
  idleMs: number;
}

/** Throws `FailureError`. */
export async function takeTurn(options: TurnOptions, input: InvokeAgentCommandInput): Promise<Turn> {
  const call = new AbortController();
  const agent = `${input.agentId ?? ""}/${input.agentAliasId ?? ""}`;
  const awaited = <T>(work: Promise<T>) => inTime(work, { ...options, agent });
  try {
    const { completion, endedWell } = await awaited(options.invoke(input, call.signal));
    const turn: Turn = { prose: 0, controls: [] };
    if (completion !== undefined) {
      const frames = completion[Symbol.asyncIterator]();
      for (let next = await awaited(frames.next()); next.done !== true; next = await awaited(frames.next()))
        take(turn, next.value);
    }
    if (!endedWell()) throw new Error("the connection was lost in the middle of the answer");
    if (turn.prose === 0 && turn.controls.length === 0) throw new Error("the stream ended without an answer");
    return turn;
  } catch (error) {
    throw turnFailure(error, { agent });
  } finally {
    call.abort();
  }
}

function take(turn: Turn, frame: ResponseStream): void {
  if (frame.chunk !== undefined) turn.prose += frame.chunk.bytes?.length ?? 0;
  if (frame.returnControl === undefined) return;
  const { invocationId = "", invocationInputs = [] } = frame.returnControl;
  turn.controls.push({ invocationId, inputs: invocationInputs });
}

interface Limits extends TurnOptions {
  agent: string;
}

/** Whoever ends first: the work, the attempt's time, the far side's silence. */
async function inTime<T>(work: Promise<T>, { signal, deadline, idleMs, agent }: Limits): Promise<T> {
  const idle = deadline(idleMs);
  const limits = [
    { signal, error: () => timeout(`Agent ${agent} did not answer within the time of the attempt.`) },
    { signal: idle, error: () => timeout(`Agent ${agent} said nothing for ${idleMs / 1_000} s.`) },
  ];
  const over = Promise.withResolvers<never>();
  const listeners = limits.map((limit) => ({ ...limit, hear: () => over.reject(limit.error()) }));
  for (const { signal: one, hear } of listeners) {
    if (one.aborted) hear();
    one.addEventListener("abort", hear, { once: true });
  }
  try {
    // What is over counts before what has come: an aborted stream says that it is whole.
    return await Promise.race([over.promise, work]);
  } finally {
    for (const { signal: one, hear } of listeners) one.removeEventListener("abort", hear);
  }
}

function timeout(cause: string): FailureError {
  return new FailureError({ error: "Agent.Timeout", cause });
}
