/** In which order messages stand and what stands between them: days, the line above what is new, threads. Pure. */
import type { PageMessage } from "../page-api.ts";
import { compareTs } from "./channel-log.ts";
import { dayKey, dayName, type Reader } from "./dates.ts";
import type { ListWindow } from "./list-window.ts";
import { placeOf } from "./sorted-items.ts";
import { seenIn, type Workspace } from "./workspace.ts";

export type TimelineItem =
  | { kind: "day"; key: string; name: string }
  | { kind: "new"; key: "new" }
  | { kind: "message"; key: string; message: PageMessage; compact: boolean; replies: Replies | null };

export interface Replies {
  count: number;
  lastAt: number | null;
}

/** Plain messages of one author within this time stand under one name; a card has its own. */
const TOGETHER_MS = 5 * 60_000;

export interface TimelineQuestion {
  workspace: Workspace;
  channel: string;
  as: string;
  reader: Reader;
  /** The last ts that had been read when the channel was opened. */
  readTs: string | null;
}

/** What stands in the channel, or in the window of it that is drawn: only that is worked out. */
export function channelTimeline(question: TimelineQuestion, window?: ListWindow): TimelineItem[] {
  const { reader, channel, as, workspace } = question;
  const { roots, replies } = seenIn(workspace, channel, as);
  const { from, to } = window ?? { from: 0, to: roots.length };
  const firstNew = firstNewOf(roots, question);
  const items: TimelineItem[] = [];
  let day = "";
  for (const [index, message] of roots.slice(from, to).entries()) {
    const previous = roots[from + index - 1] ?? null;
    const messageDay = dayKey(instantOf(message), reader.zone);
    const newDay = messageDay !== day;
    day = messageDay;
    if (newDay) items.push({ kind: "day", key: `day ${day}`, name: dayName(instantOf(message), reader) });
    if (message === firstNew) items.push({ kind: "new", key: "new" });
    items.push({
      kind: "message",
      key: message.ts,
      message,
      compact: !newDay && message !== firstNew && isContinued(previous, message),
      replies: repliesOf(message, replies.get(message.ts) ?? []),
    });
  }
  return items;
}

/** A thread: its parent (unless it was deleted), then the replies. */
export function threadTimeline(
  question: Omit<TimelineQuestion, "readTs"> & { thread: string },
  window?: ListWindow,
): TimelineItem[] {
  const messages = threadMessages(question);
  const { from, to } = window ?? { from: 0, to: messages.length };
  return messages.slice(from, to).map((message, index) => ({
    kind: "message",
    key: message.ts,
    message,
    compact: from + index > 1 && isContinued(messages[from + index - 1] ?? null, message),
    replies: null,
  }));
}

/** Which messages stand in a channel or in one of its threads, by ts. */
export function timelineKeys({
  workspace,
  channel,
  as,
  thread,
}: Pick<TimelineQuestion, "workspace" | "channel" | "as"> & { thread: string | null }): string[] {
  const messages =
    thread === null ? seenIn(workspace, channel, as).roots : threadMessages({ workspace, channel, as, thread });
  return messages.map(({ ts }) => ts);
}

function threadMessages({
  workspace,
  channel,
  as,
  thread,
}: Pick<TimelineQuestion, "workspace" | "channel" | "as"> & { thread: string }): PageMessage[] {
  const { roots, replies } = seenIn(workspace, channel, as);
  const at = placeOf(roots, ({ ts }) => compareTs(ts, thread) < 0);
  const parent = roots[at]?.ts === thread ? [roots[at]] : [];
  return [...parent, ...(replies.get(thread) ?? [])];
}

export interface Unread {
  count: number;
  /** Those that call this person: direct messages and mentions. */
  calls: number;
}

export function unreadOf(question: Omit<TimelineQuestion, "reader">): Unread {
  const { workspace, channel, as, readTs } = question;
  const direct = workspace.channels.get(channel)?.kind === "im";
  const unread = newerThan(seenIn(workspace, channel, as).roots, readTs).filter(({ user }) => user !== as);
  const calls = direct ? unread : unread.filter((message) => message.text.includes(`<@${as}>`));
  return { count: unread.length, calls: calls.length };
}

/** The ts up to which everything is read once the channel was looked at. */
export function lastTs(workspace: Workspace, channel: string, as: string): string | null {
  return seenIn(workspace, channel, as).all.at(-1)?.ts ?? null;
}

export function instantOf(message: PageMessage): number {
  return Math.floor(Number(message.ts) * 1000);
}

function newerThan(messages: readonly PageMessage[], readTs: string | null): readonly PageMessage[] {
  if (readTs === null) return messages;
  return messages.slice(placeOf(messages, ({ ts }) => compareTs(ts, readTs) <= 0));
}

/** The message that the "New" line stands above; none where nothing had been read. */
function firstNewOf(roots: readonly PageMessage[], { readTs, as }: TimelineQuestion): PageMessage | null {
  if (readTs === null) return null;
  return newerThan(roots, readTs).find(({ user }) => user !== as) ?? null;
}

function isContinued(previous: PageMessage | null, message: PageMessage): boolean {
  return (
    previous !== null &&
    previous.user === message.user &&
    previous.blocks.length === 0 &&
    message.blocks.length === 0 &&
    previous.ephemeralFor === message.ephemeralFor &&
    instantOf(message) - instantOf(previous) < TOGETHER_MS
  );
}

/** The server counts too; whoever has seen more is right. */
function repliesOf(message: PageMessage, loaded: readonly PageMessage[]): Replies | null {
  const count = Math.max(message.replyCount, loaded.filter((reply) => reply.ephemeralFor === null).length);
  const last = loaded.at(-1);
  return count === 0 ? null : { count, lastAt: last === undefined ? null : instantOf(last) };
}
