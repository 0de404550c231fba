/** The page's skeleton: sidebar, header, main pane, thread beside it, and the lines that tell of lost connections. */
import { h, setText } from "./h.ts";
import { skipLink } from "./keyboard-ways.ts";
import type { Heading } from "./visit.ts";

export interface Frame {
  main: HTMLElement;
  title: HTMLElement;
  topic: HTMLElement;
  pane: HTMLElement;
  tabs: HTMLElement;
  thread: HTMLElement;
  threadPane: HTMLElement;
  menu: HTMLButtonElement;
  /** Below the header. */
  slot: HTMLElement;
  banner: HTMLElement;
  /** Read out, not seen: what was just written in the open channel. */
  announcer: HTMLElement;
}

export interface FrameWiring {
  root: Element;
  sidebar: HTMLElement;
  /** Above the pane where it has tabs. */
  tabs: HTMLElement;
  tourToggle: HTMLElement;
  toggleMenu: () => void;
  closeThread: () => void;
}

export function createFrame({ root, sidebar, tabs, tourToggle, toggleMenu, closeThread }: FrameWiring): Frame {
  const title = h("h1", { tabindex: -1 });
  const topic = h("p", { class: "topic" });
  const pane = h("div", { class: "pane", id: "pane" });
  const threadPane = h("div", { class: "pane" });
  const menu = h(
    "button",
    { type: "button", class: "menu-button", "aria-expanded": "false", "aria-controls": "sidebar", onclick: toggleMenu },
    "Menu",
  );
  const slot = h("div", { class: "main-slot" });
  const banner = h("p", { class: "banner", role: "status", hidden: true });
  const announcer = h("div", { class: "out-of-sight", role: "status", "aria-label": "New messages" });
  const main = h(
    "main",
    {},
    h("header", { class: "pane-head" }, menu, title, topic, tourToggle),
    banner,
    slot,
    tabs,
    pane,
  );
  const thread = h(
    "aside",
    { class: "thread", "aria-label": "Thread", hidden: true },
    h(
      "header",
      { class: "pane-head" },
      h("h2", {}, "Thread"),
      h("button", { type: "button", class: "cross", "aria-label": "Close thread", onclick: closeThread }, "×"),
    ),
    threadPane,
  );
  thread.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) closeThread();
  });
  root.replaceChildren(skipLink(), h("div", { class: "page" }, sidebar, main, thread), announcer);
  return { main, title, topic, pane, tabs, thread, threadPane, menu, slot, banner, announcer };
}

/** Under tabs the pane is what they show. */
export function drawTabPanel({ pane, tabs }: Frame): void {
  const selected = tabs.hidden ? null : tabs.querySelector('[aria-selected="true"]');
  if (selected === null) {
    for (const name of ["role", "aria-labelledby", "tabindex"]) pane.removeAttribute(name);
    return;
  }
  pane.setAttribute("role", "tabpanel");
  pane.setAttribute("aria-labelledby", selected.id);
  pane.tabIndex = -1;
}

export function drawHeading(frame: Frame, heading: Heading, menuOpen: boolean): void {
  setText(frame.title, heading.title);
  setText(frame.topic, heading.topic);
  setText(frame.banner, heading.banner);
  frame.banner.hidden = heading.banner === "";
  frame.main.setAttribute("aria-label", heading.title);
  setText(frame.menu, heading.calls > 0 ? `Menu (${heading.calls})` : "Menu");
  frame.menu.setAttribute("aria-expanded", menuOpen ? "true" : "false");
  if (document.title !== heading.documentTitle) document.title = heading.documentTitle;
}
