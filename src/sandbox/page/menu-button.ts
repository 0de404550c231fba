/** Slack's `overflow`: a button with a short menu. Arrow keys choose, Enter takes, Escape closes and leads back. */
import { choicesOf } from "./choices.ts";
import { h } from "./h.ts";
import { safeLink } from "./safe-url.ts";
import { fields, list, string, type Fields } from "./shape.ts";

export function menuButton(item: Fields, take: (value: string) => void): HTMLElement {
  const button = h(
    "button",
    { type: "button", class: "button plain overflow", "aria-haspopup": "menu", "aria-expanded": "false" },
    h("span", { "aria-hidden": "true" }, "⋯"),
    h("span", { class: "out-of-sight" }, "More"),
  );
  const close = (): void => menu.hidePopover();
  const entries = menuEntries(item, (value) => {
    close();
    take(value);
  });
  const menu = h("div", { class: "menu", role: "menu", "aria-label": "More", popover: "auto" }, ...entries);
  button.addEventListener("click", () => menu.togglePopover());
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    event.stopPropagation();
    menu.showPopover();
  });
  menu.addEventListener("toggle", () => {
    const open = menu.matches(":popover-open");
    button.setAttribute("aria-expanded", open ? "true" : "false");
    if (!open) return;
    place(menu, button);
    entries[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => moveIn(event, entries, close));
  return h("span", { class: "menu-holder" }, button, menu);
}

function menuEntries(item: Fields, take: (value: string) => void): HTMLElement[] {
  const addresses = list(item["options"]).map((option) => safeLink(string(fields(option)["url"])));
  return choicesOf(item).map(({ value, text, description }, index) => {
    const attributes = { role: "menuitem", tabindex: -1, onclick: () => take(value) };
    const content = [text, description !== "" && h("small", {}, description)];
    const address = addresses[index] ?? null;
    if (address === null) return h("button", { type: "button", ...attributes }, ...content);
    return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes }, ...content);
  });
}

/** Under the button, or above it where there is no room below. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = from.bottom + 4 + height < innerHeight;
  menu.style.top = `${below ? from.bottom + 4 : Math.max(4, from.top - 4 - height)}px`;
  menu.style.left = `${Math.max(4, Math.min(from.left, innerWidth - width - 4))}px`;
}

function moveIn(event: KeyboardEvent, entries: HTMLElement[], close: () => void): void {
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const next = nextIndex(event.key, at, entries.length);
  if (event.key === "Tab") close();
  // The list around it and the thread have their own use for these keys.
  if (next !== null || event.key === "Escape") event.stopPropagation();
  if (next === null) return;
  event.preventDefault();
  entries[next]?.focus();
}

function nextIndex(key: string, at: number, length: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % length;
    case "ArrowUp":
      return (at - 1 + length) % length;
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return null;
  }
}
