/** A conversation as Slack's API shows it to the bot. */
import type { Channel } from "./channel-store.ts";
import type { SlackWorkspace } from "./workspace.ts";

export function asSlackChannel(channel: Channel, { identity, channels }: SlackWorkspace): Record<string, unknown> {
  const shared = {
    id: channel.id,
    created: 0,
    is_archived: false,
    is_org_shared: false,
    context_team_id: identity.teamId,
  };
  if (channel.kind === "im") {
    return { ...shared, is_im: true, user: channel.member, is_user_deleted: false, is_open: true, priority: 0 };
  }
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_general: channel.name === "general",
    is_member: channels.hasBot(channel),
    is_shared: false,
    is_ext_shared: false,
    creator: identity.botUserId,
    topic: { value: channel.topic, creator: identity.botUserId, last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    num_members: channels.membersOf(channel).length,
  };
}
