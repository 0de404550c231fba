/**
 * Ways through the page by keyboard: F6 goes from part to part as in Slack, the arrow keys from link to link, and the
 * first Tab stop leads past the sidebar.
 */
import { h } from "./h.ts";

/** The parts in the order in which F6 visits them, each with what takes the keyboard there. */
const PARTS: { part: string; entries: string[] }[] = [
  { part: ".sidebar", entries: [".groups a[aria-current]", ".groups a", "select"] },
  { part: "main .composer", entries: [".composer-field"] },
  { part: ".thread", entries: [".composer-field"] },
  { part: "#pane", entries: ['[role="log"]', "a", "button", "input"] },
];

export function followF6(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (document.querySelector("dialog[open]") !== null) return;
    event.preventDefault();
    const stops = PARTS.map(({ part, entries }) => ({ part: document.querySelector(part), entries })).filter(
      ({ part }) => part?.checkVisibility() === true,
    );
    const here = stops.findIndex(({ part }) => part?.contains(document.activeElement) === true);
    const step = event.shiftKey ? -1 : 1;
    const from = here < 0 && step < 0 ? 0 : here;
    enter(stops[(from + step + stops.length) % stops.length]);
  });
}

function enter(stop: { part: Element | null; entries: string[] } | undefined): void {
  if (stop === undefined || stop.part === null) return;
  for (const entry of stop.entries) {
    const found = stop.part.querySelector<HTMLElement>(entry);
    if (found !== null) return found.focus();
  }
}

/** For a list of links: up, down, first, last. */
export function moveBetweenLinks(event: KeyboardEvent, list: HTMLElement): void {
  const links = Array.from(list.querySelectorAll<HTMLElement>("a"));
  const at = links.findIndex((link) => link === document.activeElement);
  if (at < 0) return;
  const next = linkAt(event.key, at, links);
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function linkAt(key: string, at: number, links: HTMLElement[]): HTMLElement | undefined {
  switch (key) {
    case "ArrowDown":
      return links[at + 1];
    case "ArrowUp":
      return links[at - 1];
    case "Home":
      return links[0];
    case "End":
      return links.at(-1);
    default:
      return undefined;
  }
}

/** Seen only while it has the keyboard. */
export function skipLink(): HTMLElement {
  return h("button", { type: "button", class: "skip", onclick: focusMain }, "Skip the sidebar");
}

/** To the composer; where there is none, to the first thing to use. */
function focusMain(): void {
  const ways = ["main .composer-field", "#pane a, #pane button, #pane input", "h1"];
  const target = ways.map((way) => document.querySelector<HTMLElement>(way)).find((found) => found !== null);
  target?.focus();
}
