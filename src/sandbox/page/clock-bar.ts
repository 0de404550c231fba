/** The sandbox's clock: date and time in the acting user's zone, and the buttons that move it on. */
import { format } from "./dates.ts";
import { h, setText } from "./h.ts";
import type { Answer } from "./server.ts";

export type ClockMove = { advanceMs: number } | { to: "next" };

const HOUR_MS = 3_600_000;
const MOVES: { name: string; move: ClockMove }[] = [
  { name: "+1 hour", move: { advanceMs: HOUR_MS } },
  { name: "+1 day", move: { advanceMs: 24 * HOUR_MS } },
  { name: "Next schedule", move: { to: "next" } },
];

export interface ClockBar {
  element: HTMLElement;
  draw: (drawing: { now: number; zone: string; moving: boolean }) => void;
}

export function createClockBar(move: (move: ClockMove) => Promise<Answer>): ClockBar {
  const date = h("span", { class: "clock-date" });
  const time = h("b", { class: "clock-time" });
  const zone = h("span", { class: "clock-zone" });
  const instant = h("time", { class: "clock-face" }, time, date);
  const status = h("p", { class: "clock-status", role: "status" });
  let asked = false;
  let failed = "";

  const press = async (step: ClockMove): Promise<void> => {
    if (element.getAttribute("aria-busy") === "true") return;
    asked = true;
    failed = "";
    mark(true);
    const answer = await move(step);
    asked = false;
    failed = answer.ok ? "" : answer.error;
    mark(false);
  };
  const buttons = MOVES.map((step) =>
    h("button", { type: "button", class: "button plain small", onclick: () => void press(step.move) }, step.name),
  );
  const element = h(
    "section",
    { class: "clock", "aria-label": "Clock" },
    h("div", { class: "clock-row" }, instant, zone),
    h("div", { class: "clock-buttons" }, ...buttons),
    status,
  );

  // Not `disabled`: a disabled button would drop the keyboard's focus in the middle of pressing it again and again.
  const mark = (busy: boolean): void => {
    if (busy) element.setAttribute("aria-busy", "true");
    else element.removeAttribute("aria-busy");
    for (const button of buttons) {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    const text = busy ? "Moving…" : failed;
    if (status.textContent !== text) status.textContent = text;
  };

  return {
    element,
    draw: ({ now, zone: where, moving }) => {
      setText(date, format(now, "shortWeekday", where));
      setText(time, format(now, "time", where));
      setText(zone, where.replaceAll("_", " "));
      instant.dateTime = new Date(now).toISOString();
      mark(moving || asked);
    },
  };
}
