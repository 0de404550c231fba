/** Makes the page's parts and tells each what its gestures mean: whom to ask, where to go. What is drawn: draw-page. */
import type { PageMessage } from "../page-api.ts";
import { createAppTabs, type AppTabs } from "./app-tabs.ts";
import { createCalendar, type Calendar } from "./calendar.ts";
import { createClockBar, type ClockBar } from "./clock-bar.ts";
import { createConversation, type Conversation } from "./conversation.ts";
import { createFrame, type Frame } from "./frame.ts";
import { createHomePane, type HomePane } from "./home-pane.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { Loader } from "./loader.ts";
import { createModal, type Modal } from "./modal.ts";
import { placeHash } from "./place.ts";
import { createPresses, type Presses } from "./presses.ts";
import { server, type Answer } from "./server.ts";
import { createSidebar, type Sidebar } from "./sidebar.ts";
import { createTourGuide, type TourGuide } from "./tour-guide.ts";
import type { TourAction } from "./tour-words.ts";
import { createTrafficPane, type TrafficPane } from "./traffic-pane.ts";
import type { ViewContext } from "./view-body.ts";
import { channelHere, readerOf, threadHere, type Visit } from "./visit.ts";
import { noticeKey } from "./workspace.ts";

export interface Parts {
  frame: Frame;
  sidebar: Sidebar;
  channel: Conversation;
  thread: Conversation;
  inbox: Inbox;
  calendar: Calendar;
  tabs: AppTabs;
  home: HomePane;
  traffic: TrafficPane;
  clockBar: ClockBar;
  modal: Modal;
  tour: TourGuide;
  /** What is asked for only once somebody looks. */
  loadTraffic: () => void;
  openHome: () => void;
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
    send: async (message, press) => {
      const { channel, ts } = message;
      const answer = await server.pressButton({ as: visit.acting, channel, ts, ...press });
      if (answer.ok) tour.pressed(message, press);
      return answer;
    },
  });
  const conversations = createConversations(wiring, presses, (text) => tour.sent(text));
  const clockBar = createClockBar(server.moveClock);
  const setMenu = (open: boolean): void => {
    if (visit.menuOpen === open) return;
    visit.menuOpen = open;
    draw();
  };
  const switchTo = (user: string): void => {
    // What was read out to one person is not the next one's to find.
    frame.announcer.textContent = "";
    actAs(user, wiring, presses);
  };
  const tour = createTourGuide({
    visit,
    narrow: matchMedia("(max-width: 640px)"),
    slots: () => ({ wide: sidebar.slot, narrow: frame.slot }),
    act: (action) => follow(action, { wiring, conversations, switchTo }),
    changed: draw,
  });
  const sidebar = createSidebar({
    actAs: switchTo,
    close: () => setMenu(false),
    clock: clockBar.element,
    tourAgain: tour.card.again,
  });
  const tabs = createAppTabs("pane");
  const frame = createFrame({
    root,
    sidebar: sidebar.element,
    tabs: tabs.element,
    tourToggle: tour.card.toggle,
    toggleMenu: () => setMenu(!visit.menuOpen),
    closeThread: () => {
      const parent = document.querySelector<HTMLElement>(`main article[data-ts="${threadHere(visit) ?? ""}"]`);
      goToThread(visit, null);
      if (parent === null) conversations.channel.composer.focus();
      else parent.focus({ preventScroll: true });
    },
  });
  const modal = createActingModal(wiring);
  frame.threadPane.append(conversations.thread.element);
  frame.main.after(modal.element);
  const home = createHomePane({
    context: () => viewContext(visit),
    press: (viewId, press, values) => server.pressInView({ as: visit.acting, viewId, ...press, values }),
  });
  const traffic = createTrafficPane({
    cause: server.causeFault,
    clear: server.clearFault,
    changed: draw,
    open: matchMedia("(min-width: 1001px)").matches,
  });
  const beside = { inbox: createInbox(), calendar: createCalendar(), traffic };
  const asked = {
    loadTraffic: () => void wiring.loader.loadTraffic().catch(draw),
    openHome: () => void wiring.loader.openHome().catch(draw),
  };
  return { ...conversations, ...beside, ...asked, frame, sidebar, clockBar, modal, tabs, home, tour };
}

/** What the tour's card offers to do. */
function follow(
  action: TourAction,
  parts: { wiring: PartsWiring; conversations: Conversations; switchTo: (user: string) => void },
): void {
  switch (action.kind) {
    case "go":
      location.hash = action.href;
      return;
    case "act_as":
      return parts.switchTo(action.user);
    case "show":
      document.querySelector<HTMLElement>(`main article[data-ts="${action.ts}"]`)?.focus();
      return;
    case "offer": {
      const { soon } = parts.wiring;
      location.hash = "#/c/revops";
      // The channel is drawn by the address's change; its field can be filled only after that.
      soon(() => soon(() => parts.conversations.channel.composer.offer(action.text)));
    }
  }
}

type Conversations = Pick<Parts, "channel" | "thread">;

function createConversations(
  { visit, soon }: PartsWiring,
  presses: Presses,
  sent: (text: string) => void,
): Conversations {
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
    send: async (text) => {
      const answer = await send(visit, text, null);
      if (answer.ok) sent(text);
      return answer;
    },
  });
  return { channel, thread };
}

function createActingModal({ visit, loader, draw }: PartsWiring): Modal {
  const closeView = async (viewId: string, nothingBelow: boolean): Promise<void> => {
    const as = visit.acting;
    if (nothingBelow) visit.workspace.views.set(as, null);
    await server.closeView({ as, viewId });
    await loader.loadView().catch(draw);
  };
  return createModal({
    context: () => viewContext(visit),
    submit: (viewId, values) => server.submitView({ as: visit.acting, viewId, values }),
    press: (viewId, press, values) => server.pressInView({ as: visit.acting, viewId, ...press, values }),
    close: (viewId, nothingBelow) => void closeView(viewId, nothingBelow),
    settled: () => loader.loadView().catch(draw),
  });
}

function viewContext(visit: Visit): ViewContext {
  const { users, channels } = visit.workspace;
  return {
    reader: readerOf(visit),
    userName: (id) => users.get(id)?.name ?? null,
    channelName: (id) => channels.get(id)?.name ?? null,
  };
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
