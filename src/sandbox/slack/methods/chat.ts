/** What the bot writes. */
import type { Channel } from "../channel-store.ts";
import { asSlackMessage, type Message } from "../message.ts";
import { givenContent, requireContent, requireSize } from "../message-content.ts";
import type { MethodArguments } from "../method-arguments.ts";
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";
import { threadOf } from "../thread.ts";
import { normalTs } from "../timestamp.ts";
import type { SlackWorkspace } from "../workspace.ts";

/** Slack refuses longer texts in an update, where a new message is cut; it counts bytes. */
const LONGEST_UPDATE_BYTES = 4_000;

export const postMessage: Method = (args, workspace) => {
  const channel = requireChannel(args, workspace);
  const content = givenContent(args, workspace);
  requireContent(content);
  requireSize(content);
  const message = workspace.messages.post({
    channel: channel.id,
    threadTs: threadOf(args.text("thread_ts"), channel.id, workspace.messages),
    user: workspace.identity.botUserId,
    text: content.text ?? "",
    blocks: content.blocks ?? [],
    metadata: content.metadata ?? null,
    ephemeralFor: null,
  });
  return { channel: channel.id, ts: message.ts, message: shown(message, workspace) };
};

export const postEphemeral: Method = (args, workspace) => {
  const channel = requireChannel(args, workspace);
  const user = args.required("user");
  if (!workspace.channels.membersOf(channel).includes(user)) throw new SlackError("user_not_in_channel");
  const content = givenContent(args, workspace);
  requireContent(content);
  requireSize(content);
  const message = workspace.messages.post({
    channel: channel.id,
    threadTs: threadOf(args.text("thread_ts"), channel.id, workspace.messages),
    user: workspace.identity.botUserId,
    text: content.text ?? "",
    blocks: content.blocks ?? [],
    metadata: null,
    ephemeralFor: user,
  });
  return { message_ts: message.ts };
};

/** Without `blocks` the old ones stay; `blocks: []` drops them. */
export const updateMessage: Method = (args, workspace) => {
  const message = requireOwnMessage(args, workspace, "cant_update_message");
  const { text, blocks, metadata } = givenContent(args, workspace);
  if (text === undefined && blocks === undefined) throw new SlackError("no_text");
  requireSize({ blocks });
  if (Buffer.byteLength(text ?? "") > LONGEST_UPDATE_BYTES) throw new SlackError("msg_too_long");
  const content = {
    ...(text === undefined ? {} : { text }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  requireContent({ text: message.text, blocks: message.blocks, metadata: undefined, ...content });
  const edited = workspace.messages.edit(message, content);
  return { channel: edited.channel, ts: edited.ts, text: edited.text, message: shown(edited, workspace) };
};

export const deleteMessage: Method = (args, workspace) => {
  const message = requireOwnMessage(args, workspace, "cant_delete_message");
  workspace.messages.remove(message);
  return { channel: message.channel, ts: message.ts };
};

export const getPermalink: Method = (args, workspace) => {
  const channel = requireChannel(args, workspace);
  const message = workspace.messages.find(channel.id, normalTs(args.required("message_ts")) ?? "");
  if (message === null || message.ephemeralFor !== null) throw new SlackError("message_not_found");
  const permalink = `${workspace.url()}/archives/${channel.id}/p${message.ts.replace(".", "")}`;
  return {
    channel: channel.id,
    permalink: message.threadTs === null ? permalink : `${permalink}?thread_ts=${message.threadTs}`,
  };
};

function requireChannel(args: MethodArguments, { channels }: SlackWorkspace): Channel {
  const channel = channels.resolve(args.text("channel") ?? "");
  if (channel === null) throw new SlackError("channel_not_found");
  if (!channels.hasBot(channel)) throw new SlackError("not_in_channel");
  return channel;
}

/** An ephemeral message can't be found by its `ts`: only a response address reaches it. */
function requireOwnMessage(args: MethodArguments, workspace: SlackWorkspace, refusal: string): Message {
  const channel = requireChannel(args, workspace);
  const message = workspace.messages.find(channel.id, normalTs(args.required("ts")) ?? "");
  if (message === null || message.ephemeralFor !== null || message.isTombstone)
    throw new SlackError("message_not_found");
  if (message.user !== workspace.identity.botUserId) throw new SlackError(refusal);
  return message;
}

function shown(message: Message, { identity, url }: SlackWorkspace): Record<string, unknown> {
  return asSlackMessage({ message, identity, url: url(), withMetadata: true });
}
