/**
 * The tour as a quiet card: at the foot of the sidebar, in a narrow window below the header behind a button. It takes room
 * of its own, so it never covers anything, and it takes the keyboard from nobody.
 */
import { h, setText } from "./h.ts";
import type { TourAction, TourWords } from "./tour-words.ts";

export interface TourCard {
  element: HTMLElement;
  /** In a narrow window: shows and hides the card. */
  toggle: HTMLElement;
  /** At the foot of the sidebar while the tour is closed. */
  again: HTMLElement;
  /** Null: closed. */
  draw: (drawing: TourDrawing | null) => void;
}

export interface TourDrawing {
  words: TourWords;
  /** "2 of 6"; empty at the end. */
  place: string;
}

export interface TourCardWiring {
  /** The two places where the card can stand. */
  narrow: MediaQueryList;
  act: (action: TourAction) => void;
  next: () => void;
  close: () => void;
  start: () => void;
}

const CLOSE = "Close";

export function createTourCard({ narrow, act, next, close, start }: TourCardWiring): TourCard {
  const place = h("span", { class: "tour-place" });
  const title = h("h2", {});
  const text = h("p", { "aria-live": "polite" });
  const action = h("button", { type: "button", class: "button plain small", hidden: true });
  const forward = h("button", { type: "button", class: "button plain small" });
  let opened = false;
  let offered: TourAction | null = null;
  let isShown = false;

  const shut = (): void => {
    close();
    if (narrow.matches) document.querySelector<HTMLElement>("h1")?.focus();
    else {
      again.hidden = false;
      again.focus();
    }
  };
  forward.addEventListener("click", () => {
    if (forward.textContent === CLOSE) shut();
    else next();
  });
  const begin = (): void => {
    start();
    isShown = true;
    opened = true;
    fold();
    forward.focus();
  };
  const element = h(
    "section",
    { class: "tour", id: "tour", "aria-label": "Guided tour" },
    h(
      "div",
      { class: "tour-head" },
      title,
      place,
      h("button", { type: "button", class: "cross", "aria-label": "Close the tour", onclick: shut }, "×"),
    ),
    text,
    h("div", { class: "tour-buttons" }, action, forward),
  );
  const again = h("button", { type: "button", class: "tour-again", onclick: begin }, "Show the tour");
  const toggle = h(
    "button",
    { type: "button", class: "menu-button tour-toggle", "aria-expanded": "false", "aria-controls": "tour" },
    "Tour",
  );
  const fold = (): void => {
    element.hidden = !isShown || (narrow.matches && !opened);
    toggle.setAttribute("aria-expanded", opened ? "true" : "false");
  };
  toggle.addEventListener("click", () => {
    opened = !opened;
    fold();
  });
  action.addEventListener("click", () => {
    if (offered !== null) act(offered);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
  });
  narrow.addEventListener("change", fold);

  return {
    element,
    toggle,
    again,
    draw: (drawing) => {
      isShown = drawing !== null;
      toggle.hidden = !isShown;
      again.hidden = isShown;
      fold();
      if (drawing === null) return;
      const { words } = drawing;
      offered = words.action;
      setText(title, words.title);
      setText(place, drawing.place);
      setText(toggle, drawing.place === "" ? "Tour" : `Tour ${drawing.place}`);
      setText(text, words.text);
      setText(action, offered?.label ?? "");
      setText(forward, drawing.place === "" ? CLOSE : "Go on");
      const hadFocus = document.activeElement === action;
      action.hidden = offered === null;
      if (hadFocus && action.hidden) forward.focus();
    },
  };
}
