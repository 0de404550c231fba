/** What the page starts from: people, channels, the bot, the clock. */
import { createHash } from "node:crypto";
import type { PageChannel, PageMessage, PageState, PageUser } from "../page-api.ts";
import type { Channel } from "../slack/channel-store.ts";
import type { SlackWorkspace } from "../slack/workspace.ts";
import { asPageMessage } from "./page-message.ts";

export const actingSetting = "acting_user";

export function pageState(workspace: SlackWorkspace): PageState {
  const { identity, people, channels, dispatcher, commands, clock, settings, faults } = workspace;
  const humans = people.list();
  const acting = settings.get(actingSetting);
  return {
    users: [...humans.map((member) => pageUser({ ...member, isBot: false })), botUser(workspace)],
    channels: channels.list().map((channel) => pageChannel(channel, workspace)),
    defaultUser: humans.find(({ id }) => id === acting)?.id ?? humans[0]?.id ?? "",
    bot: { userId: identity.botUserId, name: identity.botName, connected: dispatcher.isConnected() },
    commands: [...commands],
    clock: clock.state(),
    faults: faults.armed(),
  };
}

export function pageMessages(channel: string, user: string, { messages }: SlackWorkspace): PageMessage[] {
  const threads = messages.threads(channel);
  return messages
    .visibleTo(channel, user)
    .map((message) => asPageMessage(message, threads.get(message.ts)?.replyCount ?? 0));
}

function pageChannel(channel: Channel, { channels, people, identity }: SlackWorkspace): PageChannel {
  const { id, kind, topic, member } = channel;
  const isDirect = kind === "im";
  const person = member === null ? null : people.find(member);
  return {
    id,
    name: isDirect ? (person?.name ?? identity.botName) : channel.name,
    kind,
    topic,
    members: isDirect ? channels.membersOf(channel) : [],
  };
}

function botUser({ identity }: SlackWorkspace): PageUser {
  const { botUserId: id, botName: name } = identity;
  return pageUser({ id, name, email: "", title: "App", timezone: "UTC", isBot: true });
}

function pageUser(user: Omit<PageUser, "initials" | "hue">): PageUser {
  const hue = (createHash("sha256").update(user.id).digest().readUInt16BE() * 360) >>> 16;
  return { ...user, initials: initials(user.name), hue };
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const letters =
    words.length > 1 ? [words[0], words.at(-1)].map((word) => (word ?? "").charAt(0)) : [name.slice(0, 2)];
  return letters.join("").toUpperCase();
}
