/**
 * A request of a state machine, whatever it asks: read by the protocol, handed to its handler, its answer measured.
 *
 * What is thrown has the failure's name and its sentence, which Lambda passes on as `errorType` and `errorMessage`.
 */
import { z } from "zod";
import { FailureError } from "../../flow/failure.ts";
import type { Json } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import { ActionsRequest, EffectsRequest } from "../protocol.ts";
import { approval, approvalTimeout } from "./approval.ts";
import { begin } from "./begin.ts";
import { compensate } from "./compensate.ts";
import { doubt } from "./doubt.ts";
import { end } from "./end.ts";
import { failure } from "./failure.ts";
import { findCustomers } from "./find-customers.ts";
import { kibibytes, mostPayloadBytes, payloadBytes } from "./payload.ts";
import { shift } from "./shift.ts";
import { step } from "./step.ts";
import { turn } from "./turn.ts";

/** What agents do, and reading. */
export async function handleActions(context: RunningContext, given: unknown): Promise<Json> {
  return told(async () => {
    const request = parsed(ActionsRequest, given);
    return measured(request.kind, await act(context, request));
  });
}

async function act(context: RunningContext, request: ActionsRequest) {
  switch (request.kind) {
    case "begin":
      return begin(context, request);
    case "step":
      return step(context, request);
    case "turn":
      return turn(context, request);
    case "find_customers":
      return findCustomers(context, request);
    case "end":
      return end(context, request);
    default:
      return request satisfies never;
  }
}

/** Whatever people or the outside world notice. */
export async function handleEffects(context: RunningContext, given: unknown): Promise<Json> {
  return told(async () => {
    const request = parsed(EffectsRequest, given);
    return measured(request.kind, await affect(context, request));
  });
}

async function affect(context: RunningContext, request: EffectsRequest) {
  switch (request.kind) {
    case "step":
      return step(context, request);
    case "doubt":
      return doubt(context, request);
    case "approval":
      return approval(context, request);
    case "approval_timeout":
      return approvalTimeout(context, request);
    case "shift":
      return shift(context, request);
    case "compensate":
      return compensate(context, request);
    case "failure":
      return failure(context, request);
    default:
      return request satisfies never;
  }
}

function parsed<Request>(schema: z.ZodType<Request>, given: unknown): Request {
  const bytes = payloadBytes(given);
  if (bytes > mostPayloadBytes) throw tooLarge("The request of the state machine", bytes);
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const cause = `The state machine asks for something that this version of the functions doesn't know; deploy both together. ${z.prettifyError(read.error)}`;
  throw new FailureError({ error: "Input.Invalid", cause });
}

function measured(kind: string, answer: unknown): Json {
  const bytes = payloadBytes(answer);
  if (bytes > mostPayloadBytes) throw tooLarge(`The answer to ${kind}`, bytes);
  const copy: Json = JSON.parse(JSON.stringify(answer));
  return copy;
}

function tooLarge(what: string, bytes: number): FailureError {
  const cause = `${what} is ${kibibytes(bytes)}; Step Functions passes on at most 256 KiB.`;
  return new FailureError({ error: "Agent.InvalidOutput", cause });
}

/** Lambda gives the machine an error's `name` and `message`: the sentence alone, since the name stands beside it. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const named = new Error(error.failure.cause, { cause: error });
    named.name = error.failure.error;
    throw named;
  }
}
