/** Effects that are Slack messages: to a person by mail address, or to a channel. Slack takes no key, but can be asked (`lookup`). */
import type { WebClient } from "@slack/web-api";
import type { Effect, Receipt, SlackMessageEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import { DoubtError, type Notifier, type People } from "../notifier.ts";
import type { ChannelQueue } from "./channel-queue.ts";
import { eventTypes, findMessage, metadataOf } from "./message-search.ts";
import { postMessage, type Post } from "./post-message.ts";
import { createSlackChannels, type SlackChannels } from "./slack-channels.ts";
import { callWithSignal } from "./slack-client.ts";
import { slackAnswer, slackFailure } from "./slack-failure.ts";

export interface SlackNotifierOptions {
  /** Made with `slackClientOptions`. */
  client: WebClient;
  people: Pick<People, "find">;
  /** The one of the cards: they share Slack's pace. */
  queue: ChannelQueue;
}

interface Slack extends SlackNotifierOptions {
  channels: SlackChannels;
}

export function createSlackNotifier(options: SlackNotifierOptions): Notifier {
  const slack = { ...options, channels: createSlackChannels(options) };
  return {
    kinds: ["slack_message"],
    idempotency: "lookup",
    perform: ({ key, effect, signal }) =>
      callWithSignal(signal, () => send(slack, { key, effect: slackMessage(effect), signal })),
    find: ({ key, effect, since, signal }) =>
      callWithSignal(signal, () => find(slack, { key, effect: slackMessage(effect), since })),
  };
}

async function send(
  slack: Slack,
  { key, effect, signal }: { key: string; effect: SlackMessageEffect; signal: AbortSignal },
): Promise<Receipt> {
  const subject = subjectOf(effect);
  const channel = await conversation(slack, effect);
  try {
    const message = { channel, text: effect.text, metadata: metadataOf(eventTypes.effect, key) };
    const posted = await slack.queue.post(channel, () => postInTime(slack, { message, subject, signal }), {
      // The engine plans the next attempt: its deadline is shorter than Slack's patience.
      waits: 0,
    });
    if (posted.ts === undefined) throw new DoubtError(`Slack's answer for ${subject} names no message.`);
    return receipt(posted.channel ?? channel, posted.ts, effect);
  } catch (error) {
    if (slackAnswer(error) === "channel_not_found") slack.channels.forget(subject);
    throw slackFailure(error, { method: "chat.postMessage", subject, posts: true });
  }
}

/** Its turn in the queue may come too late. */
async function postInTime(
  { client }: Slack,
  { message, subject, signal }: { message: Post; subject: string; signal: AbortSignal },
): Promise<{ channel?: string; ts?: string }> {
  if (signal.aborted)
    throw new FailureError({ error: "Agent.Timeout", cause: `There was no time left to post to ${subject}.` });
  try {
    return await postMessage(client, message);
  } catch (error) {
    throw slackFailure(error, { method: "chat.postMessage", subject, posts: true });
  }
}

async function find(
  slack: Slack,
  { key, effect, since }: { key: string; effect: SlackMessageEffect; since: number },
): Promise<Receipt | null> {
  const channel = await conversation(slack, effect);
  const subject = subjectOf(effect);
  const ts = await findMessage({ client: slack.client, channel, subject, eventType: eventTypes.effect, key, since });
  return ts === null ? null : receipt(channel, ts, effect);
}

async function conversation(slack: Slack, { to }: SlackMessageEffect): Promise<string> {
  if (to.kind === "channel") return slack.channels.id(to.channel);
  const person = await slack.people.find({ email: to.email });
  if (person === null) {
    const cause = `Nobody in this Slack workspace has the mail address ${to.email}. Correct the address, or invite them.`;
    throw new FailureError({ error: "Recipient.Missing", cause });
  }
  try {
    // Opening a conversation that is open gives the same one.
    const { channel } = await slack.client.conversations.open({ users: person.user_id });
    if (channel?.id !== undefined) return channel.id;
  } catch (error) {
    throw slackFailure(error, { method: "conversations.open", subject: to.email, posts: false });
  }
  throw new FailureError({ error: "Agent.Unavailable", cause: `Slack opened no conversation with ${to.email}.` });
}

function receipt(channel: string, ts: string, effect: SlackMessageEffect): Receipt {
  return { id: `${channel}:${ts}`, summary: `message to ${subjectOf(effect)}`, url: null };
}

function subjectOf({ to }: SlackMessageEffect): string {
  return to.kind === "person" ? to.email : to.channel;
}

function slackMessage(effect: Effect): SlackMessageEffect {
  if (effect.kind === "slack_message") return effect;
  throw new FailureError({ error: "Effect.Refused", cause: `Slack sends no ${effect.kind}.` });
}
