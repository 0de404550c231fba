/**
 * What the page knows of the workspace, kept up to date by changes. Pure data: no DOM, no network.
 *
 * 1. A change names a thing whole, so applying one twice, or an older one before a newer, ends in the same state.
 * 2. An object that didn't change keeps its identity: who draws may compare by it.
 */
import { dropMessage, newLog, NOTHING_SEEN, putMessage, seenBy, type ChannelLog, type Seen } from "./channel-log.ts";
import { newTraffic, putEntry, type TrafficLog } from "./traffic-log.ts";
import type {
  FaultName,
  PageCalendarEvent,
  PageChange,
  PageChannel,
  PageMail,
  PageMessage,
  PageState,
  PageUser,
  PageView,
} from "../page-api.ts";

export interface Workspace {
  users: Map<string, PageUser>;
  channels: Map<string, PageChannel>;
  bot: PageState["bot"];
  commands: PageState["commands"];
  clock: PageState["clock"];
  /** By channel. One that was never loaded has no entry. */
  messages: Map<string, ChannelLog>;
  mails: PageMail[];
  events: PageCalendarEvent[];
  /** The open modal of each user that one was heard of. */
  views: Map<string, PageView | null>;
  /** The Home of each user that was asked for; null: the bot published none yet. */
  homes: Map<string, PageView | null>;
  traffic: TrafficLog;
  /** Armed, each until it has struck. */
  faults: FaultName[];
  /** Slack's own words under the composer, by user and channel. */
  notices: Map<string, string>;
}

export function newWorkspace(state: PageState): Workspace {
  return {
    users: byId(state.users),
    channels: byId(state.channels),
    bot: state.bot,
    commands: state.commands,
    clock: state.clock,
    messages: new Map(),
    mails: [],
    events: [],
    views: new Map(),
    homes: new Map(),
    traffic: newTraffic(),
    faults: state.faults,
    notices: new Map(),
  };
}

/** Takes a new state from the server and keeps what was loaded beside it. */
export function replaceState(workspace: Workspace, state: PageState): void {
  const { users, channels, bot, commands, clock, faults } = newWorkspace(state);
  Object.assign(workspace, { users, channels, bot, commands, clock, faults });
}

export function replaceMessages(workspace: Workspace, channel: string, messages: PageMessage[]): void {
  workspace.messages.set(channel, newLog(messages, workspace.messages.get(channel)));
}

export function applyChange(workspace: Workspace, change: PageChange): void {
  switch (change.type) {
    case "message":
      return putMessage(logOf(workspace, change.message.channel), change.message);
    case "message_deleted":
      return dropMessage(workspace.messages.get(change.channel), change.ts);
    case "mail":
      workspace.mails = putMail(workspace.mails, change.mail);
      return;
    case "calendar_event":
      workspace.events = putEvent(workspace.events, change.event);
      return;
    case "view":
      workspace.views.set(change.user, change.view);
      return;
    case "channel":
      workspace.channels.set(change.channel.id, change.channel);
      return;
    case "clock":
      workspace.clock = { now: change.now, offsetMs: change.offsetMs, moving: change.moving };
      return;
    case "bot":
      workspace.bot = { ...workspace.bot, connected: change.connected };
      return;
    case "notice":
      workspace.notices.set(noticeKey(change.user, change.channel), change.text);
      return;
    case "home":
      workspace.homes.set(change.user, change.view);
      return;
    case "traffic":
      return putEntry(workspace.traffic, change.entry);
    case "faults":
      workspace.faults = change.armed;
      return;
    default:
      change satisfies never;
  }
}

export function noticeKey(user: string, channel: string): string {
  return `${user} ${channel}`;
}

/** What this user sees of a channel, oldest first. */
export function seenIn(workspace: Workspace, channel: string, as: string): Seen {
  const log = workspace.messages.get(channel);
  return log === undefined ? NOTHING_SEEN : seenBy(log, as);
}

/** Channels first come first; direct messages with the bot first, then by the other's name. */
export function channelsOf(workspace: Workspace): PageChannel[] {
  return Array.from(workspace.channels.values()).filter((channel) => channel.kind === "channel");
}

export function directMessagesOf(workspace: Workspace, as: string): PageChannel[] {
  const rank = (channel: PageChannel): string => {
    const other = otherMember(workspace, channel, as);
    return `${other?.isBot === true ? 0 : 1}${directName(workspace, channel, as)}`;
  };
  return Array.from(workspace.channels.values())
    .filter((channel) => channel.kind === "im" && channel.members.includes(as))
    .toSorted((a, b) => rank(a).localeCompare(rank(b)));
}

export function otherMember(workspace: Workspace, channel: PageChannel, as: string): PageUser | null {
  const other = channel.members.find((member) => member !== as) ?? as;
  return workspace.users.get(other) ?? null;
}

export function directName(workspace: Workspace, channel: PageChannel, as: string): string {
  return otherMember(workspace, channel, as)?.name ?? channel.name;
}

/** What a channel is called where it is named: `#revops`, or the other's name. */
export function channelTitle(workspace: Workspace, channel: PageChannel, as: string): string {
  return channel.kind === "im" ? directName(workspace, channel, as) : `#${channel.name}`;
}

function logOf(workspace: Workspace, channel: string): ChannelLog {
  const log = workspace.messages.get(channel) ?? newLog([], undefined);
  workspace.messages.set(channel, log);
  return log;
}

function putMail(mails: PageMail[], mail: PageMail): PageMail[] {
  return [mail, ...mails.filter((known) => known.id !== mail.id)].toSorted((a, b) => b.at.localeCompare(a.at));
}

function putEvent(events: PageCalendarEvent[], event: PageCalendarEvent): PageCalendarEvent[] {
  return [...events.filter((known) => known.id !== event.id), event].toSorted(
    (a, b) => Date.parse(a.start) - Date.parse(b.start),
  );
}

function byId<T extends { id: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
