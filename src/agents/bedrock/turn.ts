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
import type { Usage } from "../../flow/usage.ts";
import { turnFailure } from "./turn-failure.ts";
import { TurnUsage } from "./turn-usage.ts";

/** A signal that aborts after that many milliseconds of real time. */
export type Deadline = (ms: number) => AbortSignal;

export interface Turn {
  /** The functions that it wants called; each event of the stream is one. */
  controls: Control[];
  usage: Usage;
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
  /** Milliseconds of real time. */
  now: () => number;
}

/** Throws `FailureError` with the call's usage. */
export async function takeTurn(options: TurnOptions, input: InvokeAgentCommandInput): Promise<Turn> {
  const used = new TurnUsage();
  const begun = options.now();
  const controls: Control[] = [];
  for await (const frame of turnFrames(options, input, used)) {
    const { invocationId = "", invocationInputs = [] } = frame.returnControl ?? {};
    if (frame.returnControl !== undefined) controls.push({ invocationId, inputs: invocationInputs });
  }
  return { controls, usage: used.result({ agent: agentOf(input), ms: options.now() - begun }) };
}

/**
 * The frames as they come; ends only where the far side has ended its answer well. Throws `FailureError` with the call's usage.
 * Who hears no more, by leaving the loop, ends the call.
 */
export async function* turnFrames(
  options: TurnOptions,
  input: InvokeAgentCommandInput,
  used: TurnUsage,
): AsyncGenerator<ResponseStream> {
  const call = new AbortController();
  const agent = agentOf(input);
  const begun = options.now();
  const awaited = <T>(work: Promise<T>) => inTime(work, { ...options, agent });
  let hasAnswered = false;
  try {
    // The trace among the frames says what the model took.
    const asked = options.invoke({ ...input, enableTrace: true }, call.signal);
    const { completion, endedWell } = await awaited(asked);
    if (completion !== undefined) {
      const frames = completion[Symbol.asyncIterator]();
      for (let next = await awaited(frames.next()); next.done !== true; next = await awaited(frames.next())) {
        const { value: frame } = next;
        used.take(frame);
        hasAnswered ||= frame.returnControl !== undefined || (frame.chunk?.bytes?.length ?? 0) > 0;
        yield frame;
      }
    }
    if (!endedWell()) throw new Error("the connection was lost in the middle of the answer");
    if (!hasAnswered) throw new Error("the stream ended without an answer");
  } catch (error) {
    const { failure, retryAfterMs } = turnFailure(error, { agent });
    const usage = used.result({ agent, ms: options.now() - begun });
    throw new FailureError(failure, { retryAfterMs, usage, cause: error });
  } finally {
    call.abort();
  }
}

function agentOf({ agentId = "", agentAliasId = "" }: InvokeAgentCommandInput): string {
  return `${agentId}/${agentAliasId}`;
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
