/**
 * A question, from the line to the whole answer in its thread.
 *
 * 1. Questions of one thread are answered in their order; too many at once are refused, and that is said.
 * 2. What came before an answer broke is shown as half of one, with "Ask again".
 * 3. Nothing is started: what an answer suggests are buttons.
 */
import type { WebClient } from "@slack/web-api";
import { RequestError } from "../../engine/engine.ts";
import type { ErrorName } from "../../flow/failure.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Person } from "../../flow/person.ts";
import { number } from "../../notify/slack/format.ts";
import { loggable } from "../loggable.ts";
import type { BotServices } from "../services.ts";
import { answerMessage, cutAnswer, type Draft, emptyDraft, growingAnswer, withPart } from "../views/answer-message.ts";
import { GrowingMessage } from "./growing-message.ts";
import { threadSubject } from "./thread-subject.ts";

/** Of a question, in characters; as many as fit a button that asks again. */
const longestQuestion = 1_000;

export interface Asking {
  services: BotServices;
  client: WebClient;
  question: string;
  /** Rows of a longer answer that have been shown already. */
  from: number;
  findAsker: () => Promise<Person>;
  channel: string;
  /** Where the answer goes; null: under the question itself, in a direct message. */
  threadTs: string | null;
  /** The thread in which it was asked; null: it opens one. */
  askedInThread: string | null;
  isDirect: boolean;
  /** Of the message that asks. */
  ts: string;
  botUserId: string;
}

/** Throws `RequestError` for what can't be asked, before anything is shown. */
export async function answerQuestion(asking: Asking): Promise<void> {
  const { services, question, channel, threadTs } = asking;
  if (question.length > longestQuestion) {
    const length = `this has ${number(question.length)}`;
    throw new RequestError(`Please ask in at most ${number(longestQuestion)} characters: ${length}.`);
  }
  const lane = `${channel}/${threadTs ?? ""}`;
  const isTaken = await services.questions.inOrder.run(lane, () => answerOne(asking, lane));
  if (!isTaken) throw new RequestError("I am still answering here. Ask this again when the others are answered.");
}

async function answerOne(asking: Asking, session: string): Promise<void> {
  const { services, client, question, from, channel, threadTs } = asking;
  const { engine, timezone, logger, questions: tools } = services;
  const person = await asking.findAsker();
  const message = new GrowingMessage({ client, channel, threadTs, tools, logger });
  const draft: { now: Draft; about: string | null; isPhrased: boolean } = {
    now: emptyDraft(),
    about: null,
    isPhrased: false,
  };
  message.show(growingAnswer(draft.now));
  try {
    const thread = () => subjectOf(asking);
    const { stopping: signal } = tools;
    const { customerId, parts } = await engine.ask({ question, person, from, session, thread, signal });
    draft.about = customerId;
    draft.isPhrased = true;
    for await (const part of parts) {
      draft.now = withPart(draft.now, part);
      message.show(growingAnswer(draft.now));
    }
    await message.end(answerMessage(draft.now, timezone), draft);
  } catch (error) {
    await message.end(cutAnswer(draft.now, { reason: reasonFor(error, { services, ...draft }), question }), draft);
  }
}

async function subjectOf({ services, client, channel, askedInThread, isDirect, ts, botUserId }: Asking) {
  if (askedInThread === null && !isDirect) return null;
  return threadSubject({ client, channel, threadTs: askedInThread, ts, botUserId, logger: services.logger });
}

const reasons: Readonly<Partial<Record<ErrorName, string>>> = {
  "Agent.Throttled": "The model that phrases answers takes no more questions for now.",
  "Agent.Timeout": "The model that phrases answers took too long.",
  "Agent.Unavailable": "The model that phrases answers could not be reached to the end.",
  "Agent.InvalidOutput": "The model that phrases answers did not come to an end.",
};

/** `isPhrased`: the facts were gathered, and it is the answerer that broke. */
function reasonFor(error: unknown, { services, isPhrased }: { services: BotServices; isPhrased: boolean }): string {
  const { questions, logger } = services;
  if (questions.stopping.aborted) return "The app is being restarted.";
  if (error instanceof RequestError) return error.message;
  const reference = services.newReference();
  logger.error({ subject: "question", reference, ...loggable(error) }, "a question could not be answered");
  const known = error instanceof FailureError ? reasons[error.failure.error] : undefined;
  const unread = error instanceof FailureError ? "What is known of the customers can't be read now." : undefined;
  return `${(isPhrased ? known : unread) ?? "Something went wrong."} (reference ${reference})`;
}
