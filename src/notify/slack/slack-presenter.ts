/** Cards in Slack: posted under a key, edited in place, found again by it. At the pace of Slack. */
import type { WebClient } from "@slack/web-api";
import type { Card } from "../../flow/card.ts";
import { DoubtError, type CardPlace, type People, type Presenter } from "../notifier.ts";
import { buildCard } from "./card.ts";
import type { ChannelQueue } from "./channel-queue.ts";
import { eventTypes, findMessage, metadataOf } from "./message-search.ts";
import { createSlackChannels, type SlackChannels } from "./slack-channels.ts";
import { postMessage } from "./post-message.ts";
import { slackAnswer, slackFailure } from "./slack-failure.ts";

const gone: ReadonlySet<string> = new Set(["message_not_found", "thread_not_found"]);

export interface SlackPresenterOptions {
  /** Made with `slackClientOptions`. */
  client: WebClient;
  people: Pick<People, "resolve">;
  queue: ChannelQueue;
}

interface Slack extends Pick<SlackPresenterOptions, "client" | "people"> {
  channels: SlackChannels;
}

export function createSlackPresenter(options: SlackPresenterOptions): Presenter {
  const { client, people, queue } = options;
  const slack = { client, people, channels: createSlackChannels({ client }) };
  return {
    postCard: (parameters) => queue.post(parameters.channel, () => post(slack, parameters)),
    updateCard: (parameters) => queue.call("chat.update", () => update(slack, parameters)),
    findCard: (parameters) => queue.call("find", () => find(slack, parameters)),
  };
}

/** Whom a note in a thread calls: named, they are told by Slack. */
async function mentions({ people }: Slack, card: Card): Promise<string[]> {
  if (card.kind !== "note" || card.note.type === "edited") return [];
  const found = await Promise.all(card.note.waitingFor.map(({ reference }) => people.resolve({ reference })));
  const called = new Set(found.flat().map(({ user_id }) => user_id));
  if (card.note.requesterId !== null) called.delete(card.note.requesterId);
  return [...called];
}

async function post(
  slack: Slack,
  { key, card, channel, under }: { key: string; card: Card; channel: string; under: CardPlace | null },
): Promise<CardPlace> {
  const { client, channels } = slack;
  const content = buildCard(card, await mentions(slack, card));
  try {
    const metadata = metadataOf(eventTypes.card, key);
    const place = under === null ? { channel } : { channel: under.channel, thread_ts: under.ts };
    const posted = await postMessage(client, { ...place, ...content, metadata });
    if (posted.channel === undefined || posted.ts === undefined)
      throw new DoubtError(`Slack's answer for ${channel} names no message.`);
    channels.learn(channel, posted.channel);
    return { channel: posted.channel, ts: posted.ts };
  } catch (error) {
    if (slackAnswer(error) === "channel_not_found") channels.forget(channel);
    throw slackFailure(error, { method: "chat.postMessage", subject: channel, posts: true });
  }
}

async function update(
  slack: Slack,
  { key, card, place }: { key: string; card: Card; place: CardPlace },
): Promise<void> {
  const content = buildCard(card, await mentions(slack, card));
  try {
    await slack.client.chat.update({ ...place, ...content, metadata: metadataOf(eventTypes.card, key) });
  } catch (error) {
    if (gone.has(slackAnswer(error) ?? "")) return;
    throw slackFailure(error, { method: "chat.update", subject: place.channel, posts: false });
  }
}

async function find(
  { client, channels }: Slack,
  { key, channel, under, since }: { key: string; channel: string; under: CardPlace | null; since: number },
): Promise<CardPlace | null> {
  const id = under?.channel ?? (await channels.id(channel));
  const wanted = { subject: channel, eventType: eventTypes.card, key, since };
  const ts = await findMessage({ client, channel: id, threadTs: under?.ts ?? null, ...wanted });
  return ts === null ? null : { channel: id, ts };
}
