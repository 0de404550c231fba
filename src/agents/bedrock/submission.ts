/**
 * A question until its answer holds: each answer is checked by its schema and by code, and up to twice sent back with what is
 * wrong with it. Then it is a failure (`Agent.InvalidOutput`). Each attempt has a session of its own: a lost one may live on.
 */
import { createHash } from "node:crypto";
import type { InvokeAgentCommandInput } from "@aws-sdk/client-bedrock-agent-runtime";
import type { z } from "zod";
import { FailureError } from "../../flow/failure.ts";
import type { Randomness } from "../../flow/clock.ts";
import { withUsage, type Usage } from "../../flow/usage.ts";
import type { ActionRequest } from "../agent.ts";
import type { AgentAlias } from "./agent-alias.ts";
import type { InvokeAgent } from "./bedrock-client.ts";
import { cleanText } from "./clean-text.ts";
import { functionFor, promptFor, type Question } from "./prompt.ts";
import { type Control, type Deadline, takeTurn, type Turn } from "./turn.ts";

export interface Bedrock {
  invoke: InvokeAgent;
  alias: AgentAlias;
  deadline: Deadline;
  idleMs: number;
  randomness: Randomness;
  /** Milliseconds of real time. */
  now: () => number;
}

/** `accept` gives what is used of an answer, or all that is wrong with it. */
export interface CheckedQuestion<Answer, Accepted> extends Question {
  schema: z.ZodType<Answer>;
  accept: (answer: Answer) => Verdict<Accepted>;
}

/** What was accepted, and what it took. */
export interface Submitted<Accepted> {
  accepted: Accepted;
  usage: Usage;
}

export type Verdict<Accepted> = { ok: true; accepted: Accepted } | { ok: false; problems: string[] };

const mostRepairs = 2;
const nonceBytes = 8;
const mostShown = 400;

/** Throws `FailureError`, with the usage of all calls. */
export async function submitted<Answer, Accepted>(
  bedrock: Bedrock,
  question: CheckedQuestion<Answer, Accepted>,
  request: ActionRequest,
): Promise<Submitted<Accepted>> {
  const { alias } = bedrock;
  const { signal } = request;
  const nonce = bedrock.randomness.hex(nonceBytes);
  const session = { agentId: alias.agentId, agentAliasId: alias.aliasId, sessionId: sessionId(request, nonce) };
  let input: InvokeAgentCommandInput = { ...session, inputText: promptFor(question, nonce) };
  let before: Usage | null = null;
  for (let repairs = 0; ; repairs += 1) {
    const turn: Turn = await takeTurn({ ...bedrock, signal }, input).catch((error: unknown) => {
      throw withEarlier(error, { before, repairs });
    });
    const usage = together(before, turn.usage, repairs);
    const verdict = judge(turn, question);
    if (verdict.ok) return { accepted: verdict.accepted, usage };
    if (repairs === mostRepairs) throw invalid(verdict.problems, { request, alias, usage });
    before = usage;
    input = { ...session, ...sentBack(turn, { problems: verdict.problems, action: question.action }) };
  }
}

/** All calls of one attempt as one usage: one agent was asked, and the model is the one that was named last. */
function together(before: Usage | null, last: Usage, repairs: number): Usage {
  const one = { ...last, repairs: repairs === 0 ? 0 : 1 };
  if (before === null) return one;
  const model = one.model ?? before.model;
  const [sum = one] = withUsage([{ ...before, model }], { ...one, model });
  return sum;
}

function withEarlier(error: unknown, { before, repairs }: { before: Usage | null; repairs: number }): unknown {
  if (!(error instanceof FailureError) || error.usage === null) return error;
  const { failure, retryAfterMs, cause } = error;
  return new FailureError(failure, { retryAfterMs, usage: together(before, error.usage, repairs), cause });
}

function judge<Answer, Accepted>(turn: Turn, question: CheckedQuestion<Answer, Accepted>): Verdict<Accepted> {
  const name = functionFor(question.action);
  const calls = turn.controls.flatMap(({ inputs }) => inputs);
  const [call] = calls;
  if (call === undefined) return refused(`Prose is no answer. Call ${name}.`);
  if (calls.length > 1) return refused(`Call ${name} once, not ${calls.length} times.`);
  const called = call.functionInvocationInput;
  if (called?.function !== name) return refused(`The only function is ${name}.`);
  const payload = called.parameters?.find((one) => one.name === "payload_json")?.value;
  if (payload === undefined) return refused(`${name} needs payload_json.`);
  const json = parsed(payload);
  if (json === unreadable) return refused("payload_json is not whole, valid JSON.");
  const answer = question.schema.safeParse(json);
  return answer.success ? question.accept(answer.data) : refused(...answer.error.issues.map(faultInWords));
}

function refused(...problems: string[]): { ok: false; problems: string[] } {
  return { ok: false, problems };
}

/** For the model, and in a failure for people. */
function faultInWords({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? "payload_json" : path.map(String).join(".")}: ${message}.`;
}

const unreadable = Symbol("unreadable");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

/** To the call it made, in whose place Bedrock takes no other words; where it made none, in plain words. */
function sentBack(
  { controls }: Turn,
  { problems, action }: { problems: string[]; action: string },
): Partial<InvokeAgentCommandInput> {
  const body = `Not accepted. Put this right and call ${functionFor(action)} once:\n${problems.join("\n")}`;
  const control = controls.at(-1);
  const results = control === undefined ? [] : resultsFor(control, body);
  if (control === undefined || results.length === 0) return { inputText: body };
  const { invocationId } = control;
  return { sessionState: { invocationId, returnControlInvocationResults: results } };
}

function resultsFor({ inputs }: Control, body: string) {
  return inputs.flatMap(({ functionInvocationInput: called }) =>
    called === undefined
      ? []
      : [
          {
            functionResult: {
              actionGroup: called.actionGroup,
              ...(called.function === undefined ? {} : { function: called.function }),
              responseState: "REPROMPT" as const,
              responseBody: { TEXT: { body } },
            },
          },
        ],
  );
}

/** By execution, step and attempt; with the nonce, as a redrive counts attempts anew. */
function sessionId({ context, action }: ActionRequest, nonce: string): string {
  const name = `${context.idempotencyKey.replaceAll("/", ":")}:${action}:a${context.attempt}:${nonce}`;
  if (/^[0-9a-zA-Z._:-]{2,100}$/.test(name)) return name;
  return `revops:${createHash("sha256").update(name).digest("hex")}`;
}

function invalid(
  problems: string[],
  { request, alias, usage }: { request: ActionRequest; alias: AgentAlias; usage: Usage },
): FailureError {
  const agent = `${alias.agentId}/${alias.aliasId}`;
  const what = cleanText(problems.join(" "), mostShown);
  const cause = `Agent ${agent} gave no usable answer to ${request.action}, sent back ${mostRepairs} times: ${what}`;
  return new FailureError({ error: "Agent.InvalidOutput", cause }, { usage });
}
