/**
 * Which part of a long list is drawn. Pure.
 *
 * 1. Never more than SHOWN entries, so that a list of any length costs the same.
 * 2. Who follows the end sees the end; who reads further up keeps the entries that are in sight.
 */

export const SHOWN = 100;
/** How far the window moves when its edge comes near. */
export const STEP = 30;

/** Entries `from` to `to`, the latter excluded. */
export interface ListWindow {
  from: number;
  to: number;
}

export function atEnd(length: number): ListWindow {
  return { from: Math.max(0, length - SHOWN), to: length };
}

export function atStart(length: number): ListWindow {
  return { from: 0, to: Math.min(length, SHOWN) };
}

/** The window that starts with the same entry as before; entries may have come and gone meanwhile. */
export function keep(window: ListWindow, firstKey: string | null, keys: readonly string[]): ListWindow {
  const there = firstKey === null ? -1 : keys.indexOf(firstKey);
  const from = there >= 0 ? there : Math.min(window.from, Math.max(0, keys.length - SHOWN));
  return { from, to: Math.min(keys.length, from + SHOWN) };
}

/** Towards older (-1) or newer (1) entries; the same window if there are none. */
export function shift(window: ListWindow, direction: -1 | 1, length: number): ListWindow {
  const last = Math.max(0, length - SHOWN);
  const from = Math.min(Math.max(window.from + direction * STEP, 0), last);
  return from === window.from ? window : { from, to: Math.min(length, from + SHOWN) };
}
