/**
 * One message that grows while its answer comes: posted once there is something to wait for, edited at most every two seconds, whole
 * at the end.
 *
 * Not Slack's streaming methods: in a channel they show the stream to one reader only, and seal it after some minutes. One way for
 * channels and direct messages is one way to fail.
 */
import type { WebClient } from "@slack/web-api";
import { eventTypes, metadataOf } from "../../notify/slack/message-search.ts";
import { postMessage } from "../../notify/slack/post-message.ts";
import { slackAnswer, slackFailure } from "../../notify/slack/slack-failure.ts";
import { loggable } from "../loggable.ts";
import type { BotLogger } from "../services.ts";
import { messageArguments, type Message } from "../views/message.ts";
import type { QuestionTools } from "./question-tools.ts";

/** An answer that is there sooner is posted whole. */
const firstAfterMs = 1_000;
const betweenMs = 2_000;

export interface GrowingOptions {
  client: WebClient;
  channel: string;
  threadTs: string | null;
  tools: QuestionTools;
  logger: BotLogger;
}

export class GrowingMessage {
  readonly #options: GrowingOptions;
  readonly #ended = new AbortController();
  #wanted: Message | null = null;
  #ts: string | null = null;
  #running: Promise<void> | null = null;
  #nextAt: number;

  constructor(options: GrowingOptions) {
    this.#options = options;
    this.#nextAt = options.tools.realNow() + firstAfterMs;
  }

  /** What is there by now; written when its time has come, unless more is there by then. */
  show(message: Message): void {
    this.#wanted = message;
    this.#running ??= this.#write().finally(() => (this.#running = null));
  }

  /** `about`: the customer that follow-ups in this thread are about. Throws where Slack won't take it. */
  async end(message: Message, { about }: { about: string | null }): Promise<void> {
    this.#wanted = null;
    this.#ended.abort();
    await this.#running;
    await this.#send(message, about);
  }

  async #write(): Promise<void> {
    const { tools, logger, channel } = this.#options;
    while (this.#wanted !== null) {
      await tools.pause(Math.max(0, this.#nextAt - tools.realNow()), this.#ended.signal);
      const message = this.#wanted;
      this.#wanted = null;
      if (message === null || this.#ended.signal.aborted) return;
      try {
        await this.#send(message, null);
      } catch (error) {
        // The whole answer is still to come; it is tried once more then.
        logger.warn({ channel, ...loggable(error) }, "an answer under way could not be shown");
      }
      this.#nextAt = tools.realNow() + betweenMs;
    }
  }

  async #send(message: Message, about: string | null): Promise<void> {
    const { client, channel, threadTs, tools } = this.#options;
    const content = {
      ...messageArguments(message),
      ...(about === null ? {} : { metadata: metadataOf(eventTypes.answer, about) }),
    };
    const ts = this.#ts;
    if (ts === null) {
      const place = { channel, ...(threadTs === null ? {} : { thread_ts: threadTs }) };
      const posted = await tools.queue.post(channel, () =>
        named("chat.postMessage", channel, postMessage(client, { ...place, ...content })),
      );
      this.#ts = posted.ts ?? null;
      return;
    }
    // Blocks that are left out would stay as they were.
    const edited = { blocks: [], ...content };
    await tools.queue
      .call("chat.update", () => named("chat.update", channel, client.chat.update({ channel, ts, ...edited })))
      .catch((error: unknown) => {
        // Deleted by somebody: they don't want it.
        if (slackAnswer(error) !== "message_not_found") throw error;
      });
  }
}

/** By what it means, so that the queue knows when to wait. */
async function named<T>(method: string, subject: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw slackFailure(error, { method, subject, posts: method === "chat.postMessage" });
  }
}
