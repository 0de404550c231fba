/** Draws the parts as the visit has it. Drawing twice changes nothing; each part leaves alone what is the same. */
import type { PageChannel } from "../page-api.ts";
import type { Reader } from "./dates.ts";
import { drawHeading } from "./frame.ts";
import { placeHash } from "./place.ts";
import type { Parts } from "./parts.ts";
import { sidebarGroups } from "./sidebar-groups.ts";
import { lastTs } from "./timeline.ts";
import { channelHere, headingOf, placeInstead, readerOf, threadHere, type Visit } from "./visit.ts";

export function drawPage(visit: Visit, parts: Parts): void {
  goWhereSomethingIs(visit);
  const reader = readerOf(visit);
  const { clock, views } = visit.workspace;
  drawHeading(parts.frame, headingOf(visit), visit.menuOpen);
  parts.frame.thread.hidden = threadHere(visit) === null;
  drawPane({ visit, parts, reader });
  drawSidebar(visit, parts);
  parts.clockBar.draw({ now: reader.now, zone: reader.zone, moving: clock.moving });
  parts.modal.show(views.get(visit.acting) ?? null);
}

function goWhereSomethingIs(visit: Visit): void {
  const { kind } = visit.place;
  if (kind === "inbox" || kind === "calendar" || channelHere(visit) !== null) return;
  visit.place = placeInstead(visit);
  history.replaceState(null, "", placeHash(visit.place));
}

interface PaneDrawing {
  visit: Visit;
  parts: Parts;
  reader: Reader;
}

function drawPane({ visit, parts, reader }: PaneDrawing): void {
  const { place, workspace } = visit;
  if (place.kind === "inbox") {
    show(parts, parts.inbox.element);
    parts.inbox.draw({ mails: workspace.mails, selected: place.mail, reader });
  } else if (place.kind === "calendar") {
    show(parts, parts.calendar.element);
    parts.calendar.draw({ events: workspace.events, reader, personOf: (email) => personOf(visit, email) });
  } else {
    const channel = channelHere(visit);
    if (channel !== null) drawConversation({ visit, parts, reader }, channel);
  }
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
