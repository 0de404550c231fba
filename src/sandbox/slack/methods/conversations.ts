/** Channels and direct messages, as the bot sees them. */
import { asSlackChannel } from "../channel-object.ts";
import type { Channel } from "../channel-store.ts";
import { pageOf } from "../cursor.ts";
import type { MethodArguments } from "../method-arguments.ts";
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";
import type { SlackWorkspace } from "../workspace.ts";

export const list: Method = (args, workspace) => {
  const types = new Set((args.text("types") ?? "public_channel").split(",").map((type) => type.trim()));
  const wanted = workspace.channels.list().filter(({ kind }) => types.has(kind === "im" ? "im" : "public_channel"));
  const { items, nextCursor } = pageOf(wanted, args.text("cursor"), args.count("limit", 100, 1_000));
  return {
    channels: items.map((channel) => asSlackChannel(channel, workspace)),
    response_metadata: { next_cursor: nextCursor },
  };
};

export const info: Method = (args, workspace) => {
  const channel = requireChannelById(args, workspace);
  const count = args.flag("include_num_members") ? { num_members: workspace.channels.membersOf(channel).length } : {};
  return { channel: { ...asSlackChannel(channel, workspace), ...count } };
};

export const members: Method = (args, workspace) => {
  const all = workspace.channels.membersOf(requireChannelById(args, workspace));
  const { items, nextCursor } = pageOf(all, args.text("cursor"), args.count("limit", 100, 1_000));
  return { members: items, response_metadata: { next_cursor: nextCursor } };
};

/** Where the bot is already Slack answers with a warning; elsewhere the manifest has no scope for it. */
export const join: Method = (args, workspace) => {
  const channel = requireChannelById(args, workspace);
  if (channel.kind === "im") throw new SlackError("method_not_supported_for_channel_type");
  if (!workspace.channels.hasBot(channel)) throw new SlackError("missing_scope");
  const warnings = ["already_in_channel"];
  return { channel: asSlackChannel(channel, workspace), warning: warnings[0], response_metadata: { warnings } };
};

export const open: Method = (args, workspace) => {
  const channel = args.has("channel") ? requireChannelById(args, workspace) : directMessage(args, workspace);
  if (args.flag("return_im")) {
    return { no_op: true, already_open: true, channel: asSlackChannel(channel, workspace) };
  }
  return { channel: { id: channel.id } };
};

/** The workspace has no group messages: one person at a time. */
function directMessage(args: MethodArguments, { channels }: SlackWorkspace): Channel {
  const users = (args.text("users") ?? "").split(",").filter((id) => id !== "");
  const [user] = users;
  if (user === undefined) throw new SlackError("users_list_not_supplied");
  if (users.length > 1) throw new SlackError("method_not_supported_for_channel_type");
  const channel = channels.imOf(user);
  if (channel === null) throw new SlackError("user_not_found");
  return channel;
}

/** For what only members may read. */
export function requireJoinedChannel(args: MethodArguments, workspace: SlackWorkspace): Channel {
  const channel = requireChannelById(args, workspace);
  if (!workspace.channels.hasBot(channel)) throw new SlackError("not_in_channel");
  return channel;
}

/** Here Slack takes ids only. */
export function requireChannelById(args: MethodArguments, { channels }: SlackWorkspace): Channel {
  const channel = channels.find(args.text("channel") ?? "");
  if (channel === null) throw new SlackError("channel_not_found");
  return channel;
}
