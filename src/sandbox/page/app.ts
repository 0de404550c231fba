/**
 * Puts the page together: draws after a change, at most once a turn, and follows the address. Each part draws itself;
 * who acts and where is the visit's; what is fetched is the loader's. Timers are handed in by main.
 */
import type { PageChange, PageMessage } from "../page-api.ts";
import { drawPage } from "./draw-page.ts";
import { createLoader } from "./loader.ts";
import { parseMrkdwn, plainText } from "./mrkdwn.ts";
import { createParts, type Parts } from "./parts.ts";
import { parsePlace, samePane, type Place } from "./place.ts";
import { channelHere, type Visit } from "./visit.ts";

export interface App {
  apply: (change: PageChange) => void;
  load: () => Promise<void>;
  setConnected: (connected: boolean) => void;
  /** Draws what changed, at most once a turn. */
  draw: () => void;
}

export interface AppWiring {
  root: Element;
  visit: Visit;
  soon: (action: () => void) => void;
}

export function createApp({ root, visit, soon }: AppWiring): App {
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
  addEventListener("hashchange", () => follow(visit, parts));
  document.addEventListener("visibilitychange", draw);
  parts.channel.list.element.addEventListener("scroll", () => {
    if (parts.channel.list.isAtEnd()) draw();
  });
  return {
    draw,
    load: loader.loadAll,
    setConnected: (connected) => {
      visit.connected = connected;
      draw();
    },
    apply: (change) => {
      if (change.type === "message" && isNew(visit, change.message)) announce(visit, parts, change.message);
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

function isNew({ workspace }: Visit, message: PageMessage): boolean {
  return workspace.messages.get(message.channel)?.byTs.has(message.ts) !== true;
}

/** What others write in the open channel is read out. */
function announce(visit: Visit, { frame }: Parts, message: PageMessage): void {
  if (message.user === visit.acting || message.channel !== channelHere(visit)?.id) return;
  if (message.ephemeralFor !== null && message.ephemeralFor !== visit.acting) return;
  const author = visit.workspace.users.get(message.user)?.name ?? message.user;
  frame.announcer.textContent = `${author}: ${plainText(parseMrkdwn(message.text)).slice(0, 300)}`;
}
