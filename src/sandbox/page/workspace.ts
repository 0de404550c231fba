/**
 * What the page knows of the workspace, kept up to date by changes. Pure data: no DOM, no network.
 *
 * 1. A change names a thing whole, so applying one twice, or an older one before a newer, ends in the same state.
 * 2. An object that didn't change keeps its identity: who draws may compare by it.
 */
import type {
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
  /** By channel, then by ts. A channel that was never loaded has no entry. */
  messages: Map<string, Map<string, PageMessage>>;
  mails: PageMail[];
  events: PageCalendarEvent[];
  /** The open modal of each user that one was heard of. */
  views: Map<string, PageView | null>;
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
    notices: new Map(),
  };
}

/** Takes a new state from the server and keeps what was loaded beside it. */
export function replaceState(workspace: Workspace, state: PageState): void {
  const { users, channels, bot, commands, clock } = newWorkspace(state);
  Object.assign(workspace, { users, channels, bot, commands, clock });
}

export function replaceMessages(workspace: Workspace, channel: string, messages: PageMessage[]): void {
  const known = workspace.messages.get(channel);
  workspace.messages.set(
    channel,
    new Map(messages.map((message) => [message.ts, sameOr(known?.get(message.ts), message)])),
  );
}

export function applyChange(workspace: Workspace, change: PageChange): void {
  switch (change.type) {
    case "message":
      return putMessage(workspace, change.message);
    case "message_deleted":
      workspace.messages.get(change.channel)?.delete(change.ts);
      return;
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
    case "traffic":
    case "faults":
      return;
    default:
      change satisfies never;
  }
}

export function noticeKey(user: string, channel: string): string {
  return `${user} ${channel}`;
}

export function compareTs(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : Number(a > b));
}

/** Everything in a channel that this user sees, oldest first. */
export function visibleMessages(workspace: Workspace, channel: string, as: string): PageMessage[] {
  const messages = Array.from(workspace.messages.get(channel)?.values() ?? []);
  return messages
    .filter((message) => message.ephemeralFor === null || message.ephemeralFor === as)
    .toSorted((a, b) => compareTs(a.ts, b.ts));
}

export function isReply(message: PageMessage): boolean {
  return message.threadTs !== null && message.threadTs !== message.ts;
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

function putMessage(workspace: Workspace, message: PageMessage): void {
  const channel = workspace.messages.get(message.channel) ?? new Map<string, PageMessage>();
  channel.set(message.ts, sameOr(channel.get(message.ts), message));
  workspace.messages.set(message.channel, channel);
}

function putMail(mails: PageMail[], mail: PageMail): PageMail[] {
  return [mail, ...mails.filter((known) => known.id !== mail.id)].toSorted((a, b) => b.at.localeCompare(a.at));
}

function putEvent(events: PageCalendarEvent[], event: PageCalendarEvent): PageCalendarEvent[] {
  return [...events.filter((known) => known.id !== event.id), event].toSorted(
    (a, b) => Date.parse(a.start) - Date.parse(b.start),
  );
}

function sameOr(known: PageMessage | undefined, message: PageMessage): PageMessage {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(message) ? known : message;
}

function byId<T extends { id: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
