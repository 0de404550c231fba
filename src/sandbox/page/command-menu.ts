/** The list of commands above the composer: arrow keys choose, Tab and Enter take, Escape closes. */
import { suggestCommands, type Command } from "./completion.ts";
import { fill, h } from "./h.ts";

export interface CommandMenu {
  element: HTMLElement;
  update: (text: string, commands: Command[]) => void;
  /** True if the key was the menu's. */
  key: (event: KeyboardEvent) => boolean;
  close: () => void;
}

export interface CommandMenuWiring {
  id: string;
  field: HTMLTextAreaElement;
  choose: (command: Command) => void;
}

export function createCommandMenu({ id, field, choose }: CommandMenuWiring): CommandMenu {
  const element = h("div", { class: "command-menu", id, role: "listbox", "aria-label": "Commands", hidden: true });
  let offered: Command[] = [];
  let chosen = 0;
  field.setAttribute("aria-controls", id);

  const draw = (): void => {
    element.hidden = offered.length === 0;
    fill(
      element,
      ...offered.map((command, index) => option({ id: `${id}-${index}`, command, selected: index === chosen, choose })),
    );
    if (offered.length > 0) field.setAttribute("aria-activedescendant", `${id}-${chosen}`);
    else field.removeAttribute("aria-activedescendant");
  };
  const close = (): void => {
    offered = [];
    draw();
  };
  const take = (): boolean => {
    const command = offered[chosen];
    if (command === undefined) return false;
    close();
    choose(command);
    return true;
  };
  const move = (step: number): boolean => {
    chosen = (chosen + step + offered.length) % offered.length;
    draw();
    return true;
  };

  return {
    element,
    close,
    update: (text, commands) => {
      offered = suggestCommands(text, commands);
      chosen = 0;
      draw();
    },
    key: (event) => {
      if (offered.length === 0) return false;
      switch (event.key) {
        case "ArrowDown":
          return move(1);
        case "ArrowUp":
          return move(-1);
        case "Escape":
          close();
          return true;
        case "Tab":
          return !event.shiftKey && take();
        case "Enter":
          // A name typed to its end is sent; Tab still completes it.
          return !event.shiftKey && field.value !== offered[chosen]?.command && take();
        default:
          return false;
      }
    },
  };
}

interface OptionParts {
  id: string;
  command: Command;
  selected: boolean;
  choose: (command: Command) => void;
}

function option({ id, command, selected, choose }: OptionParts): HTMLElement {
  return h(
    "div",
    {
      id,
      class: "command",
      role: "option",
      "aria-selected": selected ? "true" : "false",
      onmousedown: keepFocusInField,
      onclick: () => choose(command),
    },
    h("b", {}, command.command),
    h("span", { class: "usage" }, command.usageHint),
    h("span", { class: "description" }, command.description),
  );
}

function keepFocusInField(event: Event): void {
  event.preventDefault();
}
