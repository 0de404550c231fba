/** In which order messages stand and what stands between them: days, the line above what is new, threads. Pure. */
import type { PageMessage } from "../page-api.ts";
import { dayKey, dayName, type Reader } from "./dates.ts";
import { compareTs, isReply, visibleMessages, type Workspace } from "./workspace.ts";

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

export function channelTimeline(question: TimelineQuestion): TimelineItem[] {
  const all = visibleMessages(question.workspace, question.channel, question.as);
  const replies = repliesByThread(all);
  const items: TimelineItem[] = [];
  let previous: PageMessage | null = null;
  let marked = question.readTs === null;
  for (const message of all.filter((each) => !isReply(each))) {
    const day = dayKey(instantOf(message), question.reader.zone);
    const newDay = previous === null || dayKey(instantOf(previous), question.reader.zone) !== day;
    if (newDay) items.push({ kind: "day", key: `day ${day}`, name: dayName(instantOf(message), question.reader) });
    const firstNew = !marked && message.user !== question.as && isNewer(message, question.readTs);
    if (firstNew) items.push({ kind: "new", key: "new" });
    marked ||= firstNew;
    items.push({
      kind: "message",
      key: message.ts,
      message,
      compact: !newDay && !firstNew && isContinued(previous, message),
      replies: repliesOf(message, replies.get(message.ts) ?? []),
    });
    previous = message;
  }
  return items;
}

/** A thread: its parent (unless it was deleted), then the replies. */
export function threadTimeline(question: Omit<TimelineQuestion, "readTs"> & { thread: string }): TimelineItem[] {
  const all = visibleMessages(question.workspace, question.channel, question.as);
  const messages = all.filter((message) => message.ts === question.thread || message.threadTs === question.thread);
  return messages.map((message, index) => ({
    kind: "message",
    key: message.ts,
    message,
    compact: index > 1 && isContinued(messages[index - 1] ?? null, message),
    replies: null,
  }));
}

export interface Unread {
  count: number;
  /** Those that call this person: direct messages and mentions. */
  calls: number;
}

export function unreadOf(question: Omit<TimelineQuestion, "reader">): Unread {
  const { workspace, channel, as, readTs } = question;
  const direct = workspace.channels.get(channel)?.kind === "im";
  const unread = visibleMessages(workspace, channel, as).filter(
    (message) => message.user !== as && !isReply(message) && isNewer(message, readTs),
  );
  const calls = direct ? unread : unread.filter((message) => message.text.includes(`<@${as}>`));
  return { count: unread.length, calls: calls.length };
}

/** The ts up to which everything is read once the channel was looked at. */
export function lastTs(workspace: Workspace, channel: string, as: string): string | null {
  return visibleMessages(workspace, channel, as).at(-1)?.ts ?? null;
}

export function instantOf(message: PageMessage): number {
  return Math.floor(Number(message.ts) * 1000);
}

function isNewer(message: PageMessage, readTs: string | null): boolean {
  return readTs === null || compareTs(message.ts, readTs) > 0;
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

function repliesByThread(messages: PageMessage[]): Map<string, PageMessage[]> {
  return Map.groupBy(messages.filter(isReply), (message) => message.threadTs ?? "");
}

/** The server counts too; whoever has seen more is right. */
function repliesOf(message: PageMessage, loaded: PageMessage[]): Replies | null {
  const count = Math.max(message.replyCount, loaded.filter((reply) => reply.ephemeralFor === null).length);
  const last = loaded.at(-1);
  return count === 0 ? null : { count, lastAt: last === undefined ? null : instantOf(last) };
}
