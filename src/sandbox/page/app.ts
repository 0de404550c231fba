/**
 * Holds the page together: who acts, where the page stands, what is drawn after a change. The parts draw themselves.
 * Timers and storage are handed in by main.
 */
import type { PageChange, PageChannel, PageMessage, PageState } from "../page-api.ts";
import { createCalendar } from "./calendar.ts";
import { createClockBar } from "./clock-bar.ts";
import { createConversation } from "./conversation.ts";
import type { Reader } from "./dates.ts";
import { createFrame } from "./frame.ts";
import { createInbox } from "./inbox.ts";
import type { Memory } from "./memory.ts";
import { createModal } from "./modal.ts";
import { parseMrkdwn, plainText } from "./mrkdwn.ts";
import { parsePlace, placeHash, type Place } from "./place.ts";
import { createPresses } from "./presses.ts";
import { server } from "./server.ts";
import { createSidebar } from "./sidebar.ts";
import { sidebarGroups } from "./sidebar-groups.ts";
import { lastTs, unreadOf } from "./timeline.ts";
import {
  applyChange,
  channelsOf,
  channelTitle,
  directMessagesOf,
  noticeKey,
  replaceMessages,
  replaceState,
  type Workspace,
} from "./workspace.ts";

export interface App {
  apply: (change: PageChange) => void;
  reload: () => Promise<void>;
  setConnected: (connected: boolean) => void;
  /** Draws what changed, at most once a turn. */
  draw: () => void;
}

export interface AppWiring {
  root: Element;
  workspace: Workspace;
  acting: string;
  memory: Memory;
  /** Milliseconds that really passed, for the clock's hands between two messages from the server. */
  elapsed: () => number;
  soon: (action: () => void) => void;
}

export function createApp(wiring: AppWiring): App {
  const { workspace, memory } = wiring;
  let acting = wiring.acting;
  let place = currentPlace();
  let opened: { key: string; readTs: string | null } = { key: "", readTs: null };
  let connected = true;
  let menuOpen = false;
  let clockReadAt = wiring.elapsed();
  let scheduled = false;

  const draw = (): void => {
    if (scheduled) return;
    scheduled = true;
    wiring.soon(() => {
      scheduled = false;
      drawNow();
    });
  };
  const reader = (): Reader => ({
    zone: workspace.users.get(acting)?.timezone ?? "UTC",
    now: Date.parse(workspace.clock.now) + wiring.elapsed() - clockReadAt,
  });
  const go = (next: Place): void => {
    if (placeHash(next) === location.hash) return;
    location.hash = placeHash(next);
  };
  const channelOf = (at: Place): PageChannel | null => {
    if (at.kind === "channel") return channelsOf(workspace).find((channel) => channel.name === at.name) ?? null;
    if (at.kind === "direct")
      return directMessagesOf(workspace, acting).find((channel) => channel.id === at.id) ?? null;
    return null;
  };
  const threadOf = (at: Place): string | null => (at.kind === "channel" || at.kind === "direct" ? at.thread : null);
  const inThread = (thread: string | null): void => {
    if (place.kind === "channel" || place.kind === "direct") go({ ...place, thread });
  };

  const send = (thread: boolean) => async (text: string) => {
    const channel = channelOf(place);
    if (channel === null) return { ok: false as const, error: "channel_not_found", errors: {} };
    const threadTs = thread ? threadOf(place) : null;
    if (!thread) channelPane.list.scrollToEnd();
    return server.sendMessage({ as: acting, channel: channel.id, text, ...(threadTs === null ? {} : { threadTs }) });
  };
  const dismissNotice = (): void => {
    const channel = channelOf(place);
    if (channel !== null) workspace.notices.delete(noticeKey(acting, channel.id));
  };
  const presses = createPresses({
    changed: draw,
    send: (message, press) => server.pressButton({ as: acting, channel: message.channel, ts: message.ts, ...press }),
  });
  const openThread = (message: PageMessage): void => {
    inThread(message.threadTs ?? message.ts);
    wiring.soon(() => threadPane.composer.focus());
  };
  const channelPane = createConversation({
    name: "channel",
    memory,
    presses,
    openThread,
    send: send(false),
    dismissNotice,
  });
  const threadPane = createConversation({
    name: "thread",
    memory,
    presses,
    openThread: null,
    send: send(true),
    dismissNotice,
  });
  const inbox = createInbox();
  const calendar = createCalendar();
  const clockBar = createClockBar(server.moveClock);
  const modal = createModal({
    context: () => ({
      reader: reader(),
      userName: (id) => workspace.users.get(id)?.name ?? null,
      channelName: (id) => workspace.channels.get(id)?.name ?? null,
    }),
    submit: (viewId, values) => server.submitView({ as: acting, viewId, values }),
    press: (viewId, press) => server.pressInView({ as: acting, viewId, ...press }),
    close: (viewId) => {
      workspace.views.set(acting, null);
      void server.closeView({ as: acting, viewId });
    },
    settled: () => void loadView(),
  });
  const closeMenu = (): void => {
    if (!menuOpen) return;
    menuOpen = false;
    draw();
  };
  const sidebar = createSidebar({ actAs: (user) => void actAs(user), close: closeMenu, clock: clockBar.element });
  const frame = createFrame({
    root: wiring.root,
    sidebar: sidebar.element,
    closeThread: () => {
      inThread(null);
      channelPane.composer.focus();
    },
    toggleMenu: () => {
      menuOpen = !menuOpen;
      draw();
    },
  });
  frame.threadPane.append(threadPane.element);
  frame.main.after(modal.element);
  addEventListener("hashchange", () => {
    place = currentPlace();
    draw();
  });
  document.addEventListener("visibilitychange", draw);
  channelPane.list.element.addEventListener("scroll", draw);

  async function actAs(user: string): Promise<void> {
    acting = user;
    memory.actAs(user);
    history.replaceState(null, "", `?as=${encodeURIComponent(user)}${location.hash}`);
    presses.forget();
    if (place.kind === "direct" && channelOf(place) === null) go(ownDirectPlace());
    await loadPersonal();
    draw();
  }
  /** The same conversation (with the bot) in the eyes of the one who acts now. */
  function ownDirectPlace(): Place {
    const first = directMessagesOf(workspace, acting)[0];
    return first === undefined
      ? { kind: "channel", name: "revops", thread: null }
      : { kind: "direct", id: first.id, thread: null };
  }
  async function loadView(): Promise<void> {
    const asked = acting;
    workspace.views.set(asked, await server.view(asked).catch(() => workspace.views.get(asked) ?? null));
    draw();
  }
  async function loadMessages(channel: string, as: string): Promise<void> {
    const messages = await server.messages(channel, as);
    if (as === acting) replaceMessages(workspace, channel, messages);
  }
  async function loadPersonal(): Promise<void> {
    const here = channelOf(place);
    const channels = [...channelsOf(workspace), ...directMessagesOf(workspace, acting)];
    if (here !== null) await loadMessages(here.id, acting);
    draw();
    const others = channels.filter((channel) => channel.id !== here?.id);
    await Promise.all([...others.map((channel) => loadMessages(channel.id, acting)), loadView()]);
  }
  async function reload(): Promise<void> {
    const state: PageState = await server.state(acting);
    replaceState(workspace, state);
    clockReadAt = wiring.elapsed();
    if (!workspace.users.has(acting)) acting = state.defaultUser;
    const [mails, events] = await Promise.all([server.mails(), server.calendar(), loadPersonal()]);
    Object.assign(workspace, { mails, events });
    draw();
  }

  function drawNow(): void {
    const at = reader();
    const channel = channelOf(place);
    if (channel === null && (place.kind === "channel" || place.kind === "direct")) return go(ownDirectOrFirst());
    rememberOpened(channel);
    drawHeader(channel);
    drawPane(channel, at);
    markRead(channel);
    drawSidebar();
    clockBar.draw({ now: at.now, zone: at.zone, moving: workspace.clock.moving });
    modal.show(workspace.views.get(acting) ?? null);
  }
  function ownDirectOrFirst(): Place {
    if (place.kind === "direct") return ownDirectPlace();
    const names = channelsOf(workspace).map(({ name }) => name);
    return { kind: "channel", name: names.includes("revops") ? "revops" : (names[0] ?? "revops"), thread: null };
  }
  /** The "New" line stays where it was when the channel was opened. */
  function rememberOpened(channel: PageChannel | null): void {
    const key = `${acting} ${channel?.id ?? ""}`;
    if (opened.key !== key) opened = { key, readTs: channel === null ? null : memory.readTs(acting, channel.id) };
  }
  function drawHeader(channel: PageChannel | null): void {
    const title =
      channel === null ? (place.kind === "inbox" ? "Inbox" : "Calendar") : channelTitle(workspace, channel, acting);
    setText(frame.title, title);
    setText(
      frame.topic,
      channel?.topic ?? (place.kind === "inbox" ? "Every mail that left over SMTP" : "What the flows booked"),
    );
    frame.main.setAttribute("aria-label", title);
    frame.menu.setAttribute("aria-expanded", menuOpen ? "true" : "false");
    const banner = !connected
      ? "The sandbox does not answer. Trying again…"
      : workspace.bot.connected
        ? ""
        : `${workspace.bot.name} is not connected. What you send it waits for nobody; try again in a moment.`;
    setText(frame.banner, banner);
    frame.banner.hidden = banner === "";
    const calls = directMessagesOf(workspace, acting).reduce((sum, { id }) => sum + callsOf(id), 0);
    document.title = `${calls > 0 ? `(${calls}) ` : ""}${title} · RevOps Flows sandbox`;
  }
  function drawPane(channel: PageChannel | null, at: Reader): void {
    const thread = threadOf(place);
    frame.thread.hidden = thread === null || channel === null;
    if (channel !== null) {
      show(channelPane.element);
      const scene = { workspace, as: acting, reader: at, channel, readTs: opened.readTs };
      channelPane.draw({ ...scene, thread: null });
      if (thread !== null) threadPane.draw({ ...scene, thread });
    } else if (place.kind === "inbox") {
      show(inbox.element);
      inbox.draw({ mails: workspace.mails, selected: place.mail, reader: at });
    } else {
      show(calendar.element);
      calendar.draw({ events: workspace.events, reader: at, personOf });
    }
  }
  function show(element: HTMLElement): void {
    if (frame.pane.firstElementChild !== element) frame.pane.replaceChildren(element);
  }
  function personOf(email: string): string {
    return Array.from(workspace.users.values()).find((user) => user.email === email)?.name ?? email;
  }
  function markRead(channel: PageChannel | null): void {
    if (channel === null || document.hidden || !channelPane.list.isAtEnd()) return;
    const ts = lastTs(workspace, channel.id, acting);
    if (ts !== null) memory.markRead(acting, channel.id, ts);
  }
  function callsOf(channel: string): number {
    return unreadOf({ workspace, channel, as: acting, readTs: memory.readTs(acting, channel) }).calls;
  }
  function drawSidebar(): void {
    sidebar.draw({
      users: Array.from(workspace.users.values()).filter((user) => !user.isBot),
      acting,
      open: menuOpen,
      groups: sidebarGroups({ workspace, acting, place, readTs: (channel) => memory.readTs(acting, channel) }),
    });
  }
  function announce(message: PageMessage): void {
    const here = channelOf(place);
    if (message.user === acting || message.channel !== here?.id) return;
    if (message.ephemeralFor !== null && message.ephemeralFor !== acting) return;
    const author = workspace.users.get(message.user)?.name ?? message.user;
    setText(frame.announcer, `${author}: ${plainText(parseMrkdwn(message.text)).slice(0, 300)}`);
  }

  return {
    draw,
    reload,
    setConnected: (now) => {
      connected = now;
      draw();
    },
    apply: (change) => {
      const known = change.type === "message" && workspace.messages.get(change.message.channel)?.has(change.message.ts);
      applyChange(workspace, change);
      if (change.type === "clock") clockReadAt = wiring.elapsed();
      if (change.type === "message" && known !== true) announce(change.message);
      draw();
    },
  };
}

function currentPlace(): Place {
  return parsePlace(location.hash) ?? { kind: "channel", name: "revops", thread: null };
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
