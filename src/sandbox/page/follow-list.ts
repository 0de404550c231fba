/**
 * A scrolling list that grows at its end: messages, traffic. Who reads at the end stays at the end; who reads further up
 * isn't moved. Only a window of it is drawn (list-window). The arrow keys go from entry to entry.
 *
 * Not its job: what a row holds; an element with `data-stop` is where the arrow keys stop.
 */
import { h, reconcile } from "./h.ts";
import { atEnd, atStart, keep, shift, type ListWindow } from "./list-window.ts";

export interface FollowList {
  element: HTMLElement;
  draw: (drawing: ListDrawing) => void;
  isAtEnd: () => boolean;
  scrollToEnd: () => void;
  /** Keeps the list where it is although something in it is about to grow. */
  hold: () => void;
}

export interface ListDrawing {
  label: string;
  /** Changes when the list shows something else: it then starts at its end. */
  subject: string;
  /** Of all entries, in order; only some are drawn. */
  keys: readonly string[];
  /** The rows of the entries `from` to `to` (excluded), with what stands between them. */
  rows: (window: ListWindow) => ListRow[];
  /** Stands where there is no entry yet. */
  empty: HTMLElement | null;
}

export interface ListRow {
  key: string;
  make: () => HTMLElement;
  draw: (row: HTMLElement) => void;
}

const NEAR_END_PX = 24;
const EDGE_PX = 400;

interface State {
  drawing: ListDrawing | null;
  window: ListWindow;
  firstKey: string | null;
  following: boolean;
  /** Where the list stood when `following` was last worked out. */
  top: number;
  known: Map<string, HTMLElement>;
}

export function createFollowList(attributes: { class: string; role: string }): FollowList {
  const rows = h("div", { class: "rows" });
  const element = h("div", { ...attributes, "aria-live": "off", tabindex: 0 }, rows);
  const state: State = {
    drawing: null,
    window: { from: 0, to: 0 },
    firstKey: null,
    following: true,
    top: 0,
    known: new Map(),
  };

  const isNearEnd = (): boolean => element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  const isAtEnd = (): boolean => state.window.to === (state.drawing?.keys.length ?? 0) && isNearEnd();
  // Only going up ends the following: what grows below it doesn't.
  const look = (): void => {
    const wentUp = element.scrollTop < state.top - 1;
    state.following = isAtEnd() || (state.following && !wentUp);
    state.top = element.scrollTop;
  };
  const stickToEnd = (): void => {
    element.scrollTop = element.scrollHeight;
    state.top = element.scrollTop;
  };
  const show = (window: ListWindow): void => {
    const { drawing } = state;
    if (drawing === null) return;
    state.window = window;
    state.firstKey = drawing.keys[window.from] ?? null;
    const anchor = state.following ? null : anchorOf(element, rows);
    const wanted = drawing.rows(window);
    const nodes = wanted.map((row) => rowOf(state.known, row));
    const keys = new Set(wanted.map(({ key }) => key));
    for (const key of state.known.keys()) if (!keys.has(key)) state.known.delete(key);
    const hadFocus = rows.contains(document.activeElement);
    reconcile(rows, nodes.length === 0 && drawing.empty !== null ? [drawing.empty] : nodes);
    if (hadFocus && !rows.contains(document.activeElement)) element.focus({ preventScroll: true });
    if (state.following) stickToEnd();
    else if (anchor?.row.isConnected === true) element.scrollTop += anchor.row.getBoundingClientRect().top - anchor.top;
    state.top = element.scrollTop;
  };
  const draw = (drawing: ListDrawing): void => {
    const fresh = drawing.subject !== state.drawing?.subject;
    // Somebody may have scrolled since the last look: their event comes only with the next frame.
    if (!fresh && Math.abs(element.scrollTop - state.top) > 1) look();
    if (fresh) {
      state.known.clear();
      state.following = true;
    }
    state.drawing = drawing;
    element.setAttribute("aria-label", drawing.label);
    show(state.following ? atEnd(drawing.keys.length) : keep(state.window, state.firstKey, drawing.keys));
  };
  const go = (window: ListWindow, following: boolean): void => {
    state.following = following;
    show(window);
    if (!following) element.scrollTop = 0;
  };
  const scrollToEnd = (): void => go(atEnd(state.drawing?.keys.length ?? 0), true);

  element.addEventListener("scroll", () => {
    look();
    const moved = windowInSight(element, state);
    if (moved !== state.window) show(moved);
  });
  element.addEventListener("keydown", (event) => {
    if (event.target === element && event.key === "Home") go(atStart(state.drawing?.keys.length ?? 0), false);
    else if (event.target === element && event.key === "End") scrollToEnd();
    else return moveBetween(event, element, rows);
    event.preventDefault();
  });
  // Pictures that arrive, errors that appear, a window that shrinks: the end stays in sight.
  const watcher = new ResizeObserver(() => {
    if (state.following) stickToEnd();
  });
  watcher.observe(rows);
  watcher.observe(element);
  return { element, draw, isAtEnd, scrollToEnd, hold: () => (state.following = false) };
}

function rowOf(known: Map<string, HTMLElement>, row: ListRow): HTMLElement {
  const node = known.get(row.key) ?? row.make();
  known.set(row.key, node);
  row.draw(node);
  return node;
}

/** Moved on when an edge of what is drawn comes near; the edges' zones never meet. */
function windowInSight(element: HTMLElement, { window, drawing }: State): ListWindow {
  const length = drawing?.keys.length ?? 0;
  const below = element.scrollHeight - element.scrollTop - element.clientHeight;
  const edge = Math.min(EDGE_PX, (element.scrollHeight - element.clientHeight) / 4);
  if (element.scrollTop < edge) return shift(window, -1, length);
  return below < edge ? shift(window, 1, length) : window;
}

/** The first entry in sight: what is drawn above it must not push it away. */
function anchorOf(element: HTMLElement, rows: HTMLElement): { row: Element; top: number } | null {
  const edge = element.getBoundingClientRect().top;
  const entries = Array.from(rows.querySelectorAll(":scope > :is([data-stop], :has(> [data-stop]))"));
  const row = entries.find((candidate) => candidate.getBoundingClientRect().bottom > edge);
  return row === undefined ? null : { row, top: row.getBoundingClientRect().top };
}

function moveBetween(event: KeyboardEvent, element: HTMLElement, rows: HTMLElement): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target === null || target.matches("input,select,textarea")) return;
  const stops = Array.from(rows.querySelectorAll<HTMLElement>("[data-stop]"));
  const at = stops.findIndex((stop) => stop.contains(target));
  if (at < 0 && target !== element) return;
  const next = at < 0 ? stops.at(-1) : stops[event.key === "ArrowDown" ? at + 1 : at - 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
