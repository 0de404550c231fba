/** Home and Messages, above the conversation with the bot. They are places: each has its address. */
import { h } from "./h.ts";

export interface AppTabs {
  element: HTMLElement;
  /** Null: what is open is not the bot's. */
  draw: (drawing: { selected: "home" | "messages"; messagesHref: string } | null) => void;
}

export function createAppTabs(panelId: string): AppTabs {
  const attributes = { role: "tab", "aria-controls": panelId };
  const home = h("a", { ...attributes, id: "tab-home", href: "#/home" }, "Home");
  const messages = h("a", { ...attributes, id: "tab-messages" }, "Messages");
  const element = h(
    "div",
    { class: "tabs app-tabs", role: "tablist", "aria-label": "The app", hidden: true },
    home,
    messages,
  );
  element.addEventListener("keydown", (event) => {
    const forward = event.key === "ArrowRight" || event.key === "ArrowLeft";
    if (!forward) return;
    event.preventDefault();
    const next = document.activeElement === home ? messages : home;
    next.focus();
    next.click();
  });
  return {
    element,
    draw: (drawing) => {
      element.hidden = drawing === null;
      if (drawing === null) return;
      messages.href = drawing.messagesHref;
      mark(home, drawing.selected === "home");
      mark(messages, drawing.selected === "messages");
    },
  };
}

function mark(tab: HTMLElement, selected: boolean): void {
  tab.setAttribute("aria-selected", selected ? "true" : "false");
  tab.tabIndex = selected ? 0 : -1;
}
