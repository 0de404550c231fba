/**
 * Puts the page's parts together and draws them after a change. Each part draws itself; who acts and where is the
 * visit's; what is fetched is the loader's. Timers are handed in by main.
 */
import type { PageChange, PageMessage } from "../page-api.ts";
import { createCalendar } from "./calendar.ts";
import { createClockBar } from "./clock-bar.ts";
import { createConversation } from "./conversation.ts";
import type { Reader } from "./dates.ts";
import { createFrame, drawHeading } from "./frame.ts";
import { createInbox } from "./inbox.ts";
import { createLoader } from "./loader.ts";
import { createModal } from "./modal.ts";
import { parseMrkdwn, plainText } from "./mrkdwn.ts";
import { parsePlace, placeHash, type Place } from "./place.ts";
import { createPresses } from "./presses.ts";
import { server, type Answer } from "./server.ts";
import { createSidebar } from "./sidebar.ts";
import { sidebarGroups } from "./sidebar-groups.ts";
import { lastTs } from "./timeline.ts";
import { channelHere, headingOf, placeInstead, readerOf, threadHere, type Visit } from "./visit.ts";
import { noticeKey } from "./workspace.ts";

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
  const { workspace, memory } = visit;
  let opened: { key: string; readTs: string | null } = { key: "", readTs: null };
  let scheduled = false;

  const draw = (): void => {
    if (scheduled) return;
    scheduled = true;
    soon(() => {
      scheduled = false;
      drawNow();
    });
  };
  const loader = createLoader(visit, draw);
  const presses = createPresses({
    changed: draw,
    send: (message, press) =>
      server.pressButton({ as: visit.acting, channel: message.channel, ts: message.ts, ...press }),
  });
  const dismissNotice = (): void => {
    const channel = channelHere(visit);
    if (channel !== null) workspace.notices.delete(noticeKey(visit.acting, channel.id));
  };
  const openThread = (message: PageMessage): void => {
    goToThread(visit, message.threadTs ?? message.ts);
    soon(() => soon(threadPane.composer.focus));
  };
  const shared = { memory, presses, dismissNotice };
  const channelPane = createConversation({
    ...shared,
    name: "channel",
    openThread,
    send: (text) => send(visit, text, null),
  });
  const threadPane = createConversation({
    ...shared,
    name: "thread",
    openThread: null,
    send: (text) => send(visit, text, threadHere(visit)),
  });
  const inbox = createInbox();
  const calendar = createCalendar();
  const clockBar = createClockBar(server.moveClock);
  const modal = createModal({
    context: () => ({
      reader: readerOf(visit),
      userName: (id) => workspace.users.get(id)?.name ?? null,
      channelName: (id) => workspace.channels.get(id)?.name ?? null,
    }),
    submit: (viewId, values) => server.submitView({ as: visit.acting, viewId, values }),
    press: (viewId, press) => server.pressInView({ as: visit.acting, viewId, ...press }),
    close: (viewId) => {
      workspace.views.set(visit.acting, null);
      void server.closeView({ as: visit.acting, viewId });
    },
    settled: () => void loader.loadView().catch(draw),
  });
  const setMenu = (open: boolean): void => {
    if (visit.menuOpen === open) return;
    visit.menuOpen = open;
    draw();
  };
  const actAs = (user: string): void => {
    visit.acting = user;
    memory.actAs(user);
    history.replaceState(null, "", `?as=${encodeURIComponent(user)}${location.hash}`);
    presses.forget();
    void loader.loadPersonal().catch(draw);
    draw();
  };
  const sidebar = createSidebar({ actAs, close: () => setMenu(false), clock: clockBar.element });
  const frame = createFrame({
    root,
    sidebar: sidebar.element,
    toggleMenu: () => setMenu(!visit.menuOpen),
    closeThread: () => {
      goToThread(visit, null);
      channelPane.composer.focus();
    },
  });
  frame.threadPane.append(threadPane.element);
  frame.main.after(modal.element);
  addEventListener("hashchange", () => {
    const before = placeHash({ ...visit.place, ...withoutThread(visit.place) });
    visit.place = currentPlace();
    drawNow();
    if (placeHash({ ...visit.place, ...withoutThread(visit.place) }) !== before) focusComposer();
  });
  document.addEventListener("visibilitychange", draw);
  channelPane.list.element.addEventListener("scroll", () => {
    if (channelPane.list.isAtEnd()) draw();
  });

  /** As in Slack one can type at once, but no keyboard slides over a small screen unasked. */
  function focusComposer(): void {
    if (channelHere(visit) !== null && matchMedia("(min-width: 641px)").matches) channelPane.composer.focus();
  }
  function drawNow(): void {
    const missing = channelHere(visit) === null && (visit.place.kind === "channel" || visit.place.kind === "direct");
    if (missing) {
      visit.place = placeInstead(visit);
      history.replaceState(null, "", placeHash(visit.place));
    }
    const reader = readerOf(visit);
    drawHeading(frame, headingOf(visit), visit.menuOpen);
    drawPane(reader);
    drawSidebar();
    clockBar.draw({ now: reader.now, zone: reader.zone, moving: workspace.clock.moving });
    modal.show(workspace.views.get(visit.acting) ?? null);
  }
  function drawPane(reader: Reader): void {
    const { place } = visit;
    frame.thread.hidden = threadHere(visit) === null;
    if (place.kind === "inbox") {
      show(inbox.element);
      inbox.draw({ mails: workspace.mails, selected: place.mail, reader });
    } else if (place.kind === "calendar") {
      show(calendar.element);
      calendar.draw({ events: workspace.events, reader, personOf });
    } else drawConversation(reader);
  }
  function drawConversation(reader: Reader): void {
    const channel = channelHere(visit);
    if (channel === null) return;
    const as = visit.acting;
    // The "New" line stays where it was when the channel was opened.
    const key = `${as} ${channel.id}`;
    if (opened.key !== key) opened = { key, readTs: memory.readTs(as, channel.id) };
    show(channelPane.element);
    const scene = { workspace, as, reader, channel, readTs: opened.readTs };
    channelPane.draw({ ...scene, thread: null });
    const thread = threadHere(visit);
    if (thread !== null) threadPane.draw({ ...scene, thread });
    const newest = lastTs(workspace, channel.id, as);
    if (newest !== null && !document.hidden && channelPane.list.isAtEnd()) memory.markRead(as, channel.id, newest);
  }
  function show(element: HTMLElement): void {
    if (frame.pane.firstElementChild !== element) frame.pane.replaceChildren(element);
    if (element !== channelPane.element) opened = { key: "", readTs: null };
  }
  function personOf(email: string): string {
    return Array.from(workspace.users.values()).find((user) => user.email === email)?.name ?? email;
  }
  function drawSidebar(): void {
    const { acting, place, menuOpen } = visit;
    sidebar.draw({
      users: Array.from(workspace.users.values()).filter((user) => !user.isBot),
      acting,
      open: menuOpen,
      groups: sidebarGroups({ workspace, acting, place, readTs: (channel) => memory.readTs(acting, channel) }),
    });
  }
  function announce(message: PageMessage): void {
    if (message.user === visit.acting || message.channel !== channelHere(visit)?.id) return;
    if (message.ephemeralFor !== null && message.ephemeralFor !== visit.acting) return;
    const author = workspace.users.get(message.user)?.name ?? message.user;
    frame.announcer.textContent = `${author}: ${plainText(parseMrkdwn(message.text)).slice(0, 300)}`;
  }

  return {
    draw,
    load: loader.loadAll,
    setConnected: (connected) => {
      visit.connected = connected;
      draw();
    },
    apply: (change) => {
      const isNew =
        change.type === "message" && !workspace.messages.get(change.message.channel)?.has(change.message.ts);
      loader.apply(change);
      if (change.type === "message" && isNew) announce(change.message);
      draw();
    },
  };
}

export function currentPlace(): Place {
  return parsePlace(location.hash) ?? { kind: "channel", name: "revops", thread: null };
}

function withoutThread(place: Place): { thread?: null } {
  return place.kind === "channel" || place.kind === "direct" ? { thread: null } : {};
}

function goToThread({ place }: Visit, thread: string | null): void {
  if (place.kind === "channel" || place.kind === "direct") location.hash = placeHash({ ...place, thread });
}

async function send(visit: Visit, text: string, threadTs: string | null): Promise<Answer> {
  const channel = channelHere(visit);
  if (channel === null) return { ok: false, error: "channel_not_found", errors: {} };
  const thread = threadTs === null ? {} : { threadTs };
  return server.sendMessage({ as: visit.acting, channel: channel.id, text, ...thread });
}
