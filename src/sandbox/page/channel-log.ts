/**
 * The messages of one channel, in order. Pure data.
 *
 * 1. What a person sees of it is worked out once for each change, so that drawing again costs nothing, however long it is.
 * 2. A message that didn't change keeps its identity: who draws may compare by it.
 */
import type { PageMessage } from "../page-api.ts";
import { putSorted } from "./sorted-items.ts";

export interface ChannelLog {
  byTs: Map<string, PageMessage>;
  /** Oldest first. */
  sorted: PageMessage[];
  seen: Map<string, Seen>;
}

/** What one person sees, oldest first. */
export interface Seen {
  all: readonly PageMessage[];
  /** What stands in the channel itself. */
  roots: readonly PageMessage[];
  /** By the thread's ts. */
  replies: ReadonlyMap<string, readonly PageMessage[]>;
}

export const NOTHING_SEEN: Seen = { all: [], roots: [], replies: new Map() };

export function newLog(messages: PageMessage[], known: ChannelLog | undefined): ChannelLog {
  const byTs = new Map(messages.map((message) => [message.ts, sameOr(known?.byTs.get(message.ts), message)]));
  return { byTs, sorted: Array.from(byTs.values()).toSorted(byTime), seen: new Map() };
}

export function putMessage(log: ChannelLog, message: PageMessage): void {
  const kept = sameOr(log.byTs.get(message.ts), message);
  if (log.byTs.get(message.ts) === kept) return;
  log.byTs.set(kept.ts, kept);
  putSorted(log.sorted, kept, byTime);
  log.seen.clear();
}

export function dropMessage(log: ChannelLog | undefined, ts: string): void {
  if (log?.byTs.delete(ts) !== true) return;
  log.sorted = log.sorted.filter((message) => message.ts !== ts);
  log.seen.clear();
}

export function seenBy(log: ChannelLog, user: string): Seen {
  const known = log.seen.get(user);
  if (known !== undefined) return known;
  const all = log.sorted.filter(({ ephemeralFor }) => ephemeralFor === null || ephemeralFor === user);
  const seen: Seen = {
    all,
    roots: all.filter((message) => !isReply(message)),
    replies: Map.groupBy(all.filter(isReply), (message) => message.threadTs ?? ""),
  };
  log.seen.set(user, seen);
  return seen;
}

export function compareTs(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : Number(a > b));
}

export function isReply(message: PageMessage): boolean {
  return message.threadTs !== null && message.threadTs !== message.ts;
}

function byTime(a: PageMessage, b: PageMessage): number {
  return compareTs(a.ts, b.ts);
}

function sameOr(known: PageMessage | undefined, message: PageMessage): PageMessage {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(message) ? known : message;
}
