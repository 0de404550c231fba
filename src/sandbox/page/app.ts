/**
 * Puts the page together: draws after a change, at most once a turn, and follows the address. Each part draws itself;
 * who acts and where is the visit's; what is fetched is the loader's. Timers are handed in by main.
 */
import { announcementText, type Announcement } from "./announcements.ts";
import type { PageChange, PageMessage } from "../page-api.ts";
import { drawPage } from "./draw-page.ts";
import { followF6 } from "./keyboard-ways.ts";
import { createLoader } from "./loader.ts";
import { parseMrkdwn, plainText } from "./mrkdwn.ts";
import { createParts, type Parts } from "./parts.ts";
import { parsePlace, samePane, type Place } from "./place.ts";
import { channelHere, type Visit } from "./visit.ts";

export interface App {
  apply: (change: PageChange) => void;
  /** Everything anew, after a reconnection. */
  load: () => Promise<void>;
  /** Everything but the state that the app was made from. */
  loadRest: () => Promise<void>;
  setConnected: (connected: boolean) => void;
  /** Draws what changed, at most once a turn. */
  draw: () => void;
}

export interface AppWiring {
  root: Element;
  visit: Visit;
  soon: (action: () => void) => void;
  later: (action: () => void, ms: number) => void;
}

/** What comes within this time is read out in one sentence. */
const ANNOUNCE_MS = 700;

export function createApp({ root, visit, soon, later }: AppWiring): App {
  let scheduled = false;
  const draw = (): void => {
    if (scheduled) return;
    scheduled = true;
    soon(() => {
      scheduled = false;
      drawPage(visit, parts);
    });
  };
  const loader = createLoader(visit, draw);
  const parts = createParts({ root, visit, loader, draw, soon });
  const announce = createAnnouncer({ visit, parts, later });
  followF6();
  addEventListener("hashchange", () => follow(visit, parts));
  document.addEventListener("visibilitychange", draw);
  parts.channel.list.element.addEventListener("scroll", () => {
    if (parts.channel.list.isAtEnd()) draw();
  });
  return {
    draw,
    load: loader.loadAll,
    loadRest: loader.loadRest,
    setConnected: (connected) => {
      visit.connected = connected;
      draw();
    },
    apply: (change) => {
      const news = change.type === "message" ? newsOf(visit, change.message) : null;
      if (news !== null) announce(news);
      loader.apply(change);
      draw();
    },
  };
}

export function currentPlace(): Place {
  return parsePlace(location.hash) ?? { kind: "channel", name: "revops", thread: null };
}

/** As in Slack one can type at once in a channel just opened, but no keyboard slides over a small screen unasked. */
function follow(visit: Visit, parts: Parts): void {
  const before = visit.place;
  visit.place = currentPlace();
  drawPage(visit, parts);
  const opened = channelHere(visit) !== null && !samePane(before, visit.place);
  if (opened && matchMedia("(min-width: 641px)").matches) parts.channel.composer.focus();
}

/** What others write in the open channel; an edit is no news. */
function newsOf(visit: Visit, message: PageMessage): Announcement | null {
  const { workspace } = visit;
  if (workspace.messages.get(message.channel)?.byTs.has(message.ts) === true) return null;
  if (message.user === visit.acting || message.channel !== channelHere(visit)?.id) return null;
  if (message.ephemeralFor !== null && message.ephemeralFor !== visit.acting) return null;
  const author = workspace.users.get(message.user)?.name ?? message.user;
  return { author, text: plainText(parseMrkdwn(message.text)) };
}

/** Fifteen cards at once are one sentence, not fifteen; what was for one person is not read out to the next. */
function createAnnouncer(wiring: {
  visit: Visit;
  parts: Parts;
  later: AppWiring["later"];
}): (news: Announcement) => void {
  const { visit, parts, later } = wiring;
  let gathered: Announcement[] = [];
  return (news) => {
    gathered.push(news);
    if (gathered.length > 1) return;
    const as = visit.acting;
    later(() => {
      if (visit.acting === as) parts.frame.announcer.textContent = announcementText(gathered);
      gathered = [];
    }, ANNOUNCE_MS);
  };
}
