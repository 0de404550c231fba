/** A person writes a message; one to the bot, or one that mentions it, is an event. */
import type { Message } from "./message.ts";
import { messageEvent } from "./payload.ts";
import { done, refused, type ActAnswer, type Acting } from "./people-acts.ts";
import { slashCommand } from "./slash-command.ts";
import { normalTs } from "./timestamp.ts";
import { typedMessage } from "./typed-text.ts";
import type { SlackWorkspace } from "./workspace.ts";

const LONGEST_MESSAGE = 12_000;

export interface Writing {
  as: string;
  channel: string;
  text: string;
  threadTs: string | null;
}

export async function writeMessage(writing: Writing, acting: Acting): Promise<ActAnswer> {
  const { workspace } = acting;
  const member = workspace.people.find(writing.as);
  const channel = workspace.channels.find(writing.channel);
  if (member === null) return refused("user_not_found");
  if (channel === null || !workspace.channels.membersOf(channel).includes(member.id))
    return refused("channel_not_found");
  if (writing.text.startsWith("/")) {
    const inThread = writing.threadTs !== null;
    return slashCommand({ member, channel, text: writing.text, inThread }, acting);
  }
  const text = writing.text.trim();
  if (text === "") return refused("no_text");
  if (text.length > LONGEST_MESSAGE) return refused("msg_too_long");
  const thread = threadOf(writing, workspace);
  if (thread === undefined) return refused("thread_not_found");
  const message = workspace.messages.post({
    channel: channel.id,
    threadTs: thread,
    user: member.id,
    text: asTyped(text, workspace),
    blocks: [],
    metadata: null,
    ephemeralFor: null,
  });
  if (workspace.channels.hasBot(channel)) tellBot(message, channel.kind === "im", workspace);
  else sayThatItIsNotHere({ message, member: member.id }, acting);
  return done;
}

/** `undefined`: there is no such thread. */
function threadOf({ channel, threadTs }: Writing, { messages }: SlackWorkspace): string | null | undefined {
  if (threadTs === null) return null;
  const parent = messages.find(channel, normalTs(threadTs) ?? "");
  if (parent === null) return undefined;
  return parent.threadTs ?? parent.ts;
}

function asTyped(text: string, { people, channels, identity }: SlackWorkspace): string {
  const bot = { name: identity.botName, id: identity.botUserId };
  const named = channels.list().filter(({ kind }) => kind === "channel");
  return typedMessage(text, [bot, ...people.list()], named);
}

/** Slack says so to the one who mentioned it, and asks whether to invite it. */
function sayThatItIsNotHere(
  { message, member }: { message: Message; member: string },
  { workspace, feed }: Acting,
): void {
  const { botUserId, botName } = workspace.identity;
  if (!message.text.includes(`<@${botUserId}>`)) return;
  const text = `${botName} isn't in this channel and doesn't hear you. Bring it in with /invite @${botName}.`;
  feed.publish({ type: "notice", user: member, channel: message.channel, text });
}

/** In a direct message a mention is no mention: everything there is said to the bot. */
function tellBot(message: Message, isDirect: boolean, workspace: SlackWorkspace): void {
  const { identity, dispatcher } = workspace;
  if (isDirect) return dispatcher.sendEvent(messageEvent({ type: "message", message, identity }));
  if (!message.text.includes(`<@${identity.botUserId}>`)) return;
  dispatcher.sendEvent(messageEvent({ type: "app_mention", message, identity }));
}
