/**
 * A scrolling list of messages. Who reads at the end stays at the end; who reads further up isn't moved.
 * The arrow keys go from message to message.
 */
import { fill, h, reconcile } from "./h.ts";
import { drawMessage, newMessage, type Surroundings } from "./message-view.ts";
import type { TimelineItem } from "./timeline.ts";

export interface MessageList {
  element: HTMLElement;
  draw: (drawing: Drawing) => void;
  isAtEnd: () => boolean;
  scrollToEnd: () => void;
}

export interface Drawing {
  label: string;
  /** Changes when the list shows something else: it then starts at its end. */
  subject: string;
  items: TimelineItem[];
  around: Surroundings;
  /** Stands where there is no message yet. */
  empty: HTMLElement | null;
}

const NEAR_END_PX = 24;

export function createMessageList(): MessageList {
  const rows = h("div", { class: "rows" });
  const element = h("div", { class: "messages", role: "log", "aria-live": "off", tabindex: 0 }, rows);
  const known = new Map<string, HTMLElement>();
  let subject = "";
  const isAtEnd = (): boolean => element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  const scrollToEnd = (): void => {
    element.scrollTop = element.scrollHeight;
  };

  const draw = (drawing: Drawing): void => {
    const fresh = drawing.subject !== subject;
    const atEnd = fresh || isAtEnd();
    if (fresh) known.clear();
    subject = drawing.subject;
    element.setAttribute("aria-label", drawing.label);
    const anchor = atEnd ? null : anchorOf(element, rows);
    const nodes = drawing.items.map((item) => rowOf(known, item, drawing.around));
    forgetOthers(known, drawing.items);
    reconcile(rows, nodes.length === 0 && drawing.empty !== null ? [drawing.empty] : nodes);
    if (atEnd) scrollToEnd();
    else if (anchor !== null) element.scrollTop += anchor.row.getBoundingClientRect().top - anchor.top;
  };

  element.addEventListener("keydown", (event) => moveBetween(event, rows));
  return { element, draw, isAtEnd, scrollToEnd };
}

function rowOf(known: Map<string, HTMLElement>, item: TimelineItem, around: Surroundings): HTMLElement {
  const row = known.get(item.key) ?? newRow(item);
  known.set(item.key, row);
  if (item.kind === "message") drawMessage(row, item, around);
  else if (item.kind === "day" && row.textContent !== item.name) fill(row, h("span", {}, item.name));
  return row;
}

function newRow(item: TimelineItem): HTMLElement {
  switch (item.kind) {
    case "message":
      return newMessage();
    case "day":
      return h("div", { class: "day", role: "separator" });
    case "new":
      return h("div", { class: "day new", role: "separator" }, h("span", {}, "New"));
  }
}

function forgetOthers(known: Map<string, HTMLElement>, items: TimelineItem[]): void {
  const keys = new Set(items.map((item) => item.key));
  for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
}

/** The first message in sight: what is drawn above it must not push it away. */
function anchorOf(element: HTMLElement, rows: HTMLElement): { row: Element; top: number } | null {
  const edge = element.getBoundingClientRect().top;
  const row = Array.from(rows.children).find((candidate) => candidate.getBoundingClientRect().bottom > edge);
  return row === undefined ? null : { row, top: row.getBoundingClientRect().top };
}

function moveBetween(event: KeyboardEvent, rows: HTMLElement): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target === null || target.matches("input,select,textarea")) return;
  const messages = Array.from(rows.querySelectorAll<HTMLElement>("article"));
  const at = messages.findIndex((message) => message.contains(target));
  const next = at < 0 ? messages.at(-1) : messages[event.key === "ArrowDown" ? at + 1 : at - 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
