/** Makes the page's parts and tells each what its gestures mean: whom to ask, where to go. What is drawn: draw-page. */
import type { PageMessage } from "../page-api.ts";
import { createCalendar, type Calendar } from "./calendar.ts";
import { createClockBar, type ClockBar } from "./clock-bar.ts";
import { createConversation, type Conversation } from "./conversation.ts";
import { createFrame, type Frame } from "./frame.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { Loader } from "./loader.ts";
import { createModal, type Modal } from "./modal.ts";
import { placeHash } from "./place.ts";
import { createPresses, type Presses } from "./presses.ts";
import { server, type Answer } from "./server.ts";
import { createSidebar, type Sidebar } from "./sidebar.ts";
import { channelHere, readerOf, threadHere, type Visit } from "./visit.ts";
import { noticeKey } from "./workspace.ts";

export interface Parts {
  frame: Frame;
  sidebar: Sidebar;
  channel: Conversation;
  thread: Conversation;
  inbox: Inbox;
  calendar: Calendar;
  clockBar: ClockBar;
  modal: Modal;
}

export interface PartsWiring {
  root: Element;
  visit: Visit;
  loader: Loader;
  draw: () => void;
  soon: (action: () => void) => void;
}

export function createParts(wiring: PartsWiring): Parts {
  const { root, visit, draw } = wiring;
  const presses = createPresses({
    changed: draw,
    send: ({ channel, ts }, press) => server.pressButton({ as: visit.acting, channel, ts, ...press }),
  });
  const conversations = createConversations(wiring, presses);
  const clockBar = createClockBar(server.moveClock);
  const setMenu = (open: boolean): void => {
    if (visit.menuOpen === open) return;
    visit.menuOpen = open;
    draw();
  };
  const sidebar = createSidebar({
    actAs: (user) => {
      // What was read out to one person is not the next one's to find.
      frame.announcer.textContent = "";
      actAs(user, wiring, presses);
    },
    close: () => setMenu(false),
    clock: clockBar.element,
  });
  const frame = createFrame({
    root,
    sidebar: sidebar.element,
    toggleMenu: () => setMenu(!visit.menuOpen),
    closeThread: () => {
      goToThread(visit, null);
      conversations.channel.composer.focus();
    },
  });
  const modal = createActingModal(wiring);
  frame.threadPane.append(conversations.thread.element);
  frame.main.after(modal.element);
  return { ...conversations, frame, sidebar, clockBar, modal, inbox: createInbox(), calendar: createCalendar() };
}

function createConversations({ visit, soon }: PartsWiring, presses: Presses): Pick<Parts, "channel" | "thread"> {
  const dismissNotice = (): void => {
    const here = channelHere(visit);
    if (here !== null) visit.workspace.notices.delete(noticeKey(visit.acting, here.id));
  };
  const shared = { memory: visit.memory, presses, dismissNotice };
  const thread = createConversation({
    ...shared,
    name: "thread",
    openThread: null,
    send: (text) => send(visit, text, threadHere(visit)),
  });
  const openThread = (message: PageMessage): void => {
    goToThread(visit, message.threadTs ?? message.ts);
    // The thread is drawn by the address's change; its field can take the keyboard only after that.
    soon(() => soon(thread.composer.focus));
  };
  const channel = createConversation({
    ...shared,
    name: "channel",
    openThread,
    send: (text) => send(visit, text, null),
  });
  return { channel, thread };
}

function createActingModal({ visit, loader, draw }: PartsWiring): Modal {
  const { workspace } = visit;
  return createModal({
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
}

function actAs(user: string, { visit, loader, draw }: PartsWiring, presses: Presses): void {
  visit.acting = user;
  visit.memory.actAs(user);
  history.replaceState(null, "", `?as=${encodeURIComponent(user)}${location.hash}`);
  presses.forget();
  void loader.loadPersonal().catch(draw);
  draw();
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
