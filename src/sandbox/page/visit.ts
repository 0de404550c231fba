/** One person's visit to the page: who acts, where they stand, what time it is for them. No DOM. */
import type { PageChannel } from "../page-api.ts";
import type { Reader } from "./dates.ts";
import type { Memory } from "./memory.ts";
import type { Place } from "./place.ts";
import { unreadOf } from "./timeline.ts";
import { channelsOf, channelTitle, directMessagesOf, otherMember, type Workspace } from "./workspace.ts";

export interface Visit {
  workspace: Workspace;
  memory: Memory;
  acting: string;
  place: Place;
  /** The channel in sight, and what had been read in it when it was opened. */
  opened: { key: string; readTs: string | null };
  connected: boolean;
  menuOpen: boolean;
  /** When the server last told the time, on the clock that `elapsed` reads. */
  clockReadAt: number;
  /** Milliseconds that really passed: the clock's hands between two messages from the server. */
  elapsed: () => number;
  /** Real time in milliseconds since 1970: for what the sandbox's moved clock has no say in. */
  realNow: () => number;
}

export function readerOf(visit: Visit): Reader {
  const { workspace } = visit;
  return {
    zone: workspace.users.get(visit.acting)?.timezone ?? "UTC",
    now: Date.parse(workspace.clock.now) + visit.elapsed() - visit.clockReadAt,
  };
}

export function channelHere({ workspace, acting, place }: Visit): PageChannel | null {
  if (place.kind === "channel") return channelsOf(workspace).find(({ name }) => name === place.name) ?? null;
  if (place.kind === "direct") return directMessagesOf(workspace, acting).find(({ id }) => id === place.id) ?? null;
  return null;
}

/** The acting person's conversation with the bot. */
export function botDirect({ workspace, acting }: Visit): PageChannel | null {
  const own = directMessagesOf(workspace, acting);
  return own.find((channel) => otherMember(workspace, channel, acting)?.isBot === true) ?? null;
}

export function threadHere({ place }: Visit): string | null {
  return place.kind === "channel" || place.kind === "direct" ? place.thread : null;
}

/**
 * Where to go when what the address names isn't there: from somebody else's direct message to one's own with the bot,
 * else to #revops.
 */
export function placeInstead({ workspace, acting, place }: Visit): Place {
  const direct = directMessagesOf(workspace, acting)[0];
  if (place.kind === "direct" && direct !== undefined) return { kind: "direct", id: direct.id, thread: null };
  const names = channelsOf(workspace).map(({ name }) => name);
  return { kind: "channel", name: names.includes("revops") ? "revops" : (names[0] ?? "revops"), thread: null };
}

/** Direct messages and mentions that the acting person hasn't read. */
export function unreadCalls({ workspace, acting, memory }: Visit): number {
  return [...channelsOf(workspace), ...directMessagesOf(workspace, acting)]
    .map(({ id }) => unreadOf({ workspace, channel: id, as: acting, readTs: memory.readTs(acting, id) }).calls)
    .reduce((sum, calls) => sum + calls, 0);
}

export interface Heading {
  title: string;
  topic: string;
  banner: string;
  documentTitle: string;
  calls: number;
}

export function headingOf(visit: Visit): Heading {
  const channel = channelHere(visit);
  const calls = unreadCalls(visit);
  const title = channel === null ? besideTitle(visit) : channelTitle(visit.workspace, channel, visit.acting);
  return {
    title,
    topic: channel === null ? besideTopic(visit) : channel.topic,
    banner: bannerOf(visit),
    documentTitle: `${calls > 0 ? `(${calls}) ` : ""}${title} · RevOps Flows sandbox`,
    calls,
  };
}

function besideTitle({ place, workspace }: Visit): string {
  return place.kind === "home" ? workspace.bot.name : (BESIDE[place.kind]?.title ?? "");
}

function besideTopic({ place }: Visit): string {
  return BESIDE[place.kind]?.topic ?? "";
}

const BESIDE: Partial<Record<Place["kind"], { title: string; topic: string }>> = {
  inbox: { title: "Inbox", topic: "Every mail that was sent" },
  calendar: { title: "Calendar", topic: "What the flows booked" },
  traffic: { title: "Traffic", topic: "What goes between the app and Slack, mail and calendar, in real time" },
};

function bannerOf({ connected, workspace }: Visit): string {
  if (!connected) return "The sandbox does not answer. Trying again…";
  return workspace.bot.connected ? "" : `${workspace.bot.name} is not connected yet. Commands work again once it is.`;
}
