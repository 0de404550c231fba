/** Draws the parts as the visit has it. Drawing twice changes nothing; each part leaves alone what is the same. */
import type { PageChannel } from "../page-api.ts";
import type { Reader } from "./dates.ts";
import { drawHeading, drawTabPanel } from "./frame.ts";
import { placeHash } from "./place.ts";
import type { Parts } from "./parts.ts";
import { sidebarGroups } from "./sidebar-groups.ts";
import { lastTs } from "./timeline.ts";
import { botDirect, channelHere, headingOf, placeInstead, readerOf, threadHere, type Visit } from "./visit.ts";

export function drawPage(visit: Visit, parts: Parts): void {
  goWhereSomethingIs(visit);
  const reader = readerOf(visit);
  const { clock, views } = visit.workspace;
  drawHeading(parts.frame, headingOf(visit), visit.menuOpen);
  parts.frame.thread.hidden = threadHere(visit) === null;
  drawTabs(visit, parts);
  drawPane({ visit, parts, reader });
  drawSidebar(visit, parts);
  parts.clockBar.draw({ now: reader.now, zone: reader.zone, moving: clock.moving });
  parts.modal.show(views.get(visit.acting) ?? null);
  parts.tour.draw();
}

function goWhereSomethingIs(visit: Visit): void {
  const { kind } = visit.place;
  if ((kind !== "channel" && kind !== "direct") || channelHere(visit) !== null) return;
  visit.place = placeInstead(visit);
  history.replaceState(null, "", placeHash(visit.place));
}

function drawTabs(visit: Visit, { tabs, frame }: Parts): void {
  const direct = botDirect(visit);
  const home = visit.place.kind === "home";
  const shown = direct !== null && (home || channelHere(visit) === direct);
  const messagesHref = direct === null ? "" : placeHash({ kind: "direct", id: direct.id, thread: null });
  tabs.draw(shown ? { selected: home ? "home" : "messages", messagesHref } : null);
  drawTabPanel(frame);
}

interface PaneDrawing {
  visit: Visit;
  parts: Parts;
  reader: Reader;
}

function drawPane(drawing: PaneDrawing): void {
  const { visit, parts, reader } = drawing;
  const { place, workspace } = visit;
  switch (place.kind) {
    case "inbox":
      show(parts, parts.inbox.element);
      return parts.inbox.draw({ mails: workspace.mails, selected: place.mail, reader });
    case "calendar":
      show(parts, parts.calendar.element);
      return parts.calendar.draw({ events: workspace.events, reader, personOf: (email) => personOf(visit, email) });
    case "traffic":
      return drawTraffic(drawing);
    case "home":
      return drawHome(drawing);
    case "channel":
    case "direct": {
      const channel = channelHere(visit);
      if (channel !== null) drawConversation(drawing, channel);
    }
  }
}

function drawTraffic({ visit, parts, reader }: PaneDrawing): void {
  const { traffic, faults } = visit.workspace;
  if (show(parts, parts.traffic.element) && !traffic.loaded) parts.loadTraffic();
  parts.traffic.draw({ traffic, armed: faults, zone: reader.zone, realNow: visit.realNow() });
}

/** The bot is told each time that somebody comes to look, and when it comes back to one who looks. */
function drawHome({ visit, parts }: PaneDrawing): void {
  const { homes, bot } = visit.workspace;
  const key = `${visit.acting} home ${bot.connected ? "connected" : "away"}`;
  if (show(parts, parts.home.element) || visit.opened.key !== key) {
    visit.opened = { key, readTs: null };
    parts.openHome();
  }
  parts.home.draw({ view: homes.get(visit.acting), botName: bot.name, connected: bot.connected });
}

function drawConversation({ visit, parts, reader }: PaneDrawing, channel: PageChannel): void {
  const { workspace, memory, acting: as } = visit;
  const shown = show(parts, parts.channel.element);
  // The "New" line stays where it was when the channel was opened.
  const key = `${as} ${channel.id}`;
  if (shown || visit.opened.key !== key) visit.opened = { key, readTs: memory.readTs(as, channel.id) };
  const scene = { workspace, as, reader, channel, readTs: visit.opened.readTs };
  parts.channel.draw({ ...scene, thread: null });
  const thread = threadHere(visit);
  if (thread !== null) parts.thread.draw({ ...scene, thread });
  const newest = lastTs(workspace, channel.id, as);
  if (newest !== null && !document.hidden && parts.channel.list.isAtEnd()) memory.markRead(as, channel.id, newest);
}

/** True if something else stood there before. */
function show({ frame }: Parts, element: HTMLElement): boolean {
  if (frame.pane.firstElementChild === element) return false;
  frame.pane.replaceChildren(element);
  return true;
}

function drawSidebar({ workspace, memory, acting, place, menuOpen }: Visit, parts: Parts): void {
  parts.sidebar.draw({
    users: Array.from(workspace.users.values()).filter((user) => !user.isBot),
    acting,
    open: menuOpen,
    groups: sidebarGroups({ workspace, acting, place, readTs: (channel) => memory.readTs(acting, channel) }),
  });
}

function personOf({ workspace }: Visit, email: string): string {
  return Array.from(workspace.users.values()).find((user) => user.email === email)?.name ?? email;
}
