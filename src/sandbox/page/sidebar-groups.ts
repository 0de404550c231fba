/** Which links stand in the sidebar, and what is unread behind them. Pure. */
import type { PageChannel } from "../page-api.ts";
import { placeHash, type Place } from "./place.ts";
import { unreadOf } from "./timeline.ts";
import { channelsOf, channelTitle, directMessagesOf, otherMember, type Workspace } from "./workspace.ts";

export interface SidebarLink {
  href: string;
  text: string;
  /** Messages that nobody read yet; shown as a number only where they call this person. */
  unread: number;
  badge: string | null;
  /** What a number in the badge counts; empty where the badge says it. */
  badgeMeaning: string;
  current: boolean;
  /** Of a direct message with the bot. */
  away: boolean;
}

export interface SidebarGroup {
  title: string;
  links: SidebarLink[];
}

export interface SidebarQuestion {
  workspace: Workspace;
  acting: string;
  place: Place;
  readTs: (channel: string) => string | null;
}

export function sidebarGroups(question: SidebarQuestion): SidebarGroup[] {
  const { workspace, acting, place } = question;
  const { mails, events, faults } = workspace;
  return [
    { title: "Channels", links: channelsOf(workspace).map((channel) => channelLink(channel, question)) },
    {
      title: "Direct messages",
      links: directMessagesOf(workspace, acting).map((channel) => channelLink(channel, question)),
    },
    {
      title: "Beside Slack",
      links: [
        besideLink({
          text: "Inbox",
          href: "#/inbox",
          count: mails.length,
          meaning: "mails",
          current: place.kind === "inbox",
        }),
        besideLink({
          text: "Calendar",
          href: "#/calendar",
          count: events.filter((event) => event.status !== "cancelled").length,
          meaning: "events",
          current: place.kind === "calendar",
        }),
        besideLink({
          text: "Traffic",
          href: "#/traffic",
          count: faults.length,
          meaning: "",
          words: "armed",
          current: place.kind === "traffic",
        }),
      ],
    },
  ];
}

function channelLink(channel: PageChannel, question: SidebarQuestion): SidebarLink {
  const { workspace, acting, place, readTs } = question;
  const unread = unreadOf({ workspace, channel: channel.id, as: acting, readTs: readTs(channel.id) });
  const direct = channel.kind === "im";
  const isBot = direct && otherMember(workspace, channel, acting)?.isBot === true;
  return {
    href: placeHash(
      direct ? { kind: "direct", id: channel.id, thread: null } : { kind: "channel", name: channel.name, thread: null },
    ),
    text: channelTitle(workspace, channel, acting),
    unread: unread.count,
    badge: unread.calls > 0 ? String(unread.calls) : null,
    badgeMeaning: "unread",
    current: direct
      ? (place.kind === "direct" && place.id === channel.id) || (isBot && place.kind === "home")
      : place.kind === "channel" && place.name === channel.name,
    away: isBot && !workspace.bot.connected,
  };
}

function besideLink(link: {
  text: string;
  href: string;
  count: number;
  meaning: string;
  /** Behind the number, for everybody to read. */
  words?: string;
  current: boolean;
}): SidebarLink {
  const badge = link.words === undefined ? String(link.count) : `${link.count} ${link.words}`;
  return {
    href: link.href,
    text: link.text,
    unread: 0,
    badge: link.count > 0 ? badge : null,
    badgeMeaning: link.meaning,
    current: link.current,
    away: false,
  };
}
