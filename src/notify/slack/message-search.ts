/**
 * Which message carries a key: Slack's history is asked by the metadata that every post of ours has (E2).
 *
 * - H1. The newest page is always read whole: a clock that runs ahead of Slack's must not hide a message.
 * - H2. "Not there" is said only when the pages reach back beyond `since`; a history too long to read is an error, no answer.
 */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { DoubtError } from "../notifier.ts";
import { slackFailure } from "./slack-failure.ts";

const pageSize = 200;
const mostPages = 25;
/** Between the engine's clock and Slack's. */
const toleranceMs = 10 * 60_000;

export const eventTypes = { effect: "revops_effect", card: "revops_card", answer: "revops_answer" } as const;
export type EventType = (typeof eventTypes)[keyof typeof eventTypes];

const Message = z.object({
  ts: z.string(),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.object({ key: z.string() }) })
    .optional()
    .catch(undefined),
});

export function metadataOf(eventType: EventType, key: string) {
  return { event_type: eventType, event_payload: { key } };
}

/** The ts of the newest message with this key; null where there is none. */
export async function findMessage(parameters: {
  client: WebClient;
  channel: string;
  /** The message whose thread is read; null: the channel itself. */
  threadTs?: string | null;
  subject: string;
  eventType: EventType;
  key: string;
  since: number;
}): Promise<string | null> {
  const { eventType, key, since, subject } = parameters;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const history = await readPage(parameters, cursor);
    const messages = (history.messages ?? []).flatMap((message) => {
      const read = Message.safeParse(message);
      return read.success ? [read.data] : [];
    });
    const found = messages.find(
      ({ metadata }) => metadata?.event_type === eventType && metadata.event_payload.key === key,
    );
    if (found !== undefined) return found.ts;
    cursor = history.response_metadata?.next_cursor;
    const oldest = Number(messages.at(-1)?.ts ?? 0) * 1000;
    if (cursor === undefined || cursor === "" || oldest < since - toleranceMs) return null;
  }
  throw new DoubtError(`The history of ${subject} is too long to find one message in it.`);
}

async function readPage(
  parameters: { client: WebClient; channel: string; threadTs?: string | null; subject: string },
  cursor: string | undefined,
) {
  const { client, channel, threadTs = null, subject } = parameters;
  const page = { channel, limit: pageSize, include_all_metadata: true, ...(cursor === undefined ? {} : { cursor }) };
  const method = threadTs === null ? "conversations.history" : "conversations.replies";
  try {
    return threadTs === null
      ? await client.conversations.history(page)
      : await client.conversations.replies({ ...page, ts: threadTs });
  } catch (error) {
    throw slackFailure(error, { method, subject, posts: false });
  }
}
