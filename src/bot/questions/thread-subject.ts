/**
 * What a thread is about, from the bot's own messages in it: an answer names its customer, a card its execution, in metadata that only
 * ids stand in. So a follow-up needs no memory of ours, in whichever process it arrives.
 */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { ThreadSubject } from "../../engine/engine.ts";
import { eventTypes } from "../../notify/slack/message-search.ts";
import { loggable } from "../loggable.ts";
import type { BotLogger } from "../services.ts";

const mostReplies = 200;
/** Without a thread, in a direct message: the last few messages, and none that is older than that. */
const mostMessages = 15;
const freshMs = 3_600_000;

const Message = z.object({
  ts: z.string(),
  user: z.string().optional(),
  metadata: z.object({ event_type: z.string(), event_payload: z.object({ key: z.string().min(1) }) }),
});

export async function threadSubject(parameters: {
  client: WebClient;
  channel: string;
  /** Null: a direct message outside of any thread. */
  threadTs: string | null;
  /** Of the question. */
  ts: string;
  botUserId: string;
  logger: BotLogger;
}): Promise<ThreadSubject | null> {
  const { client, channel, threadTs, ts, botUserId, logger } = parameters;
  try {
    const messages = threadTs === null ? await recent(client, channel, ts) : await replies(client, channel, threadTs);
    return subjectIn(messages, botUserId);
  } catch (error) {
    logger.warn({ channel, ...loggable(error) }, "what a thread is about can't be told");
    return null;
  }
}

/** The newest that says so; from others anything may come. */
function subjectIn(messages: readonly unknown[], botUserId: string): ThreadSubject | null {
  for (const message of messages) {
    const { data } = Message.safeParse(message);
    if (data === undefined || data.user !== botUserId) continue;
    const { event_type, event_payload } = data.metadata;
    if (event_type === eventTypes.answer) return { customerId: event_payload.key };
    const [executionId = ""] = event_payload.key.split("/");
    if (event_type === eventTypes.card || event_type === eventTypes.effect) return { executionId };
  }
  return null;
}

/** Newest first. */
async function replies(client: WebClient, channel: string, ts: string): Promise<readonly unknown[]> {
  const { messages = [] } = await client.conversations.replies({
    channel,
    ts,
    limit: mostReplies,
    include_all_metadata: true,
  });
  return messages.toReversed();
}

async function recent(client: WebClient, channel: string, ts: string): Promise<readonly unknown[]> {
  const { messages = [] } = await client.conversations.history({
    channel,
    latest: ts,
    limit: mostMessages,
    include_all_metadata: true,
  });
  const since = Number(ts) - freshMs / 1_000;
  return messages.filter((message) => Number(message.ts ?? 0) >= since);
}
