/** The messages of a channel or of a thread: which of them are drawn is the list's, what stands between them the timeline's. */
import { createFollowList, type FollowList, type ListRow } from "./follow-list.ts";
import { fill, h } from "./h.ts";
import type { ListWindow } from "./list-window.ts";
import { drawMessage, newMessage, type Surroundings } from "./message-view.ts";
import type { TimelineItem } from "./timeline.ts";

export interface MessageList extends Omit<FollowList, "draw"> {
  draw: (drawing: Drawing) => void;
}

export interface Drawing {
  label: string;
  /** Changes when the list shows something else: it then starts at its end. */
  subject: string;
  /** The ts of every message that there is. */
  keys: readonly string[];
  items: (window: ListWindow) => TimelineItem[];
  around: Surroundings;
  /** Stands where there is no message yet. */
  empty: HTMLElement | null;
}

export function createMessageList(): MessageList {
  const list = createFollowList({ class: "messages", role: "log" });
  return {
    ...list,
    draw: ({ items, around, ...drawing }) =>
      list.draw({ ...drawing, rows: (window) => items(window).map((item) => rowOf(item, around)) }),
  };
}

function rowOf(item: TimelineItem, around: Surroundings): ListRow {
  const { key } = item;
  switch (item.kind) {
    case "message":
      return { key, make: newMessage, draw: (row) => drawMessage(row, item, around) };
    case "day":
      return { key, make: newDay, draw: (row) => drawDay(row, item.name) };
    case "new":
      return { key, make: newLine, draw: () => {} };
  }
}

function newDay(): HTMLElement {
  return h("div", { class: "day", role: "separator" });
}

function newLine(): HTMLElement {
  return h("div", { class: "day new", role: "separator" }, h("span", {}, "New"));
}

/** A day ends while the page is open: what was today is yesterday. */
function drawDay(row: HTMLElement, name: string): void {
  if (row.textContent !== name) fill(row, h("span", {}, name));
}
