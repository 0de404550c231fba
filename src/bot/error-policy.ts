/**
 * The one error policy: what a person is told when something can't be done.
 *
 * 1. A `RequestError` is the engine's own sentence, with the nearest right word.
 * 2. Anything else is ours: a reference for the person, the error under that reference in the log.
 * 3. No stack trace, no secret and no raw text reaches Slack (T2, T3).
 * 4. The answer goes where the person is; if Slack won't take it, the log has it and nothing else fails.
 */
import { WebAPIPlatformError } from "@slack/web-api";
import { RequestError } from "../engine/engine.ts";
import { escapeMrkdwn } from "../notify/slack/escape.ts";
import { truncate } from "../notify/slack/limits.ts";
import { loggable } from "./loggable.ts";
import type { BotServices } from "./services.ts";
import { sentence, type Message } from "./views/message.ts";

export type Reply = (message: Message) => Promise<void>;

export async function guarded(parameters: {
  services: BotServices;
  /** What was asked, for the log: "/revops", "approval.approve". */
  subject: string;
  reply: Reply;
  work: () => Promise<void>;
}): Promise<void> {
  const { services, subject, reply, work } = parameters;
  try {
    await services.turns.next();
    await work();
  } catch (error) {
    const message = explain({ error, subject, services });
    try {
      await reply(message);
    } catch (unsent) {
      services.logger.warn({ subject, ...loggable(unsent) }, "an answer could not be given in Slack");
    }
  }
}

function explain(parameters: { error: unknown; subject: string; services: BotServices }): Message {
  const { error, subject, services } = parameters;
  if (error instanceof RequestError) return sentence(requestText(error));
  if (error instanceof WebAPIPlatformError && error.data.error === "expired_trigger_id") {
    return sentence("That took longer than Slack waits: press the button again.");
  }
  const reference = services.newReference();
  services.logger.error({ subject, reference, ...loggable(error) }, "a request from Slack failed");
  return sentence(`Something went wrong (reference ${reference}). The log has the details under this reference.`);
}

/** A word that nobody could have meant is told by its beginning. */
const longestWord = 200;

function requestText(error: RequestError): string {
  const text = escapeMrkdwn(error.message.replaceAll(/\S+/g, (word) => truncate(word, longestWord)));
  return error.suggestion === null ? text : `${text} Did you mean \`${escapeMrkdwn(error.suggestion)}\`?`;
}
