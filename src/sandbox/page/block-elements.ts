/** What can be pressed or chosen in a message or in a modal's actions: buttons, selects, radio buttons, checkboxes. */
import type { BlockContext } from "./block-context.ts";
import { choiceList, readChoices, selectOptions } from "./choices.ts";
import { askConfirm } from "./confirm.ts";
import { h } from "./h.ts";
import { safeLink } from "./safe-url.ts";
import { fields, string, type Fields } from "./shape.ts";

const INTERACTIVE = new Set(["button", "static_select", "overflow", "radio_buttons", "checkboxes", "datepicker"]);

export function isInteractive(item: Fields): boolean {
  return INTERACTIVE.has(string(item["type"]));
}

export function element(item: Fields, blockId: string, context: BlockContext): HTMLElement {
  const drawn = draw(item, blockId, context);
  const actionId = string(item["action_id"]);
  drawn.dataset["action"] = actionId;
  if (context.isPending(blockId, actionId)) {
    drawn.setAttribute("aria-busy", "true");
    drawn.setAttribute("aria-disabled", "true");
  }
  return drawn;
}

function draw(item: Fields, blockId: string, context: BlockContext): HTMLElement {
  const press = presser(item, blockId, context);
  switch (item["type"]) {
    case "button":
      return button(item, press);
    case "static_select":
    case "overflow":
      return select(item, press);
    case "datepicker":
      return datepicker(item, press);
    case "radio_buttons":
    case "checkboxes":
      return group(item, `${context.scope}-${blockId}-${string(item["action_id"])}`, press);
    default:
      return h("span", { class: "unknown" }, `The sandbox does not draw “${string(item["type"])}”.`);
  }
}

type Presser = (value: unknown) => void;

/** Asks first where the block wants it; a second press while the first is unanswered does nothing. */
function presser(item: Fields, blockId: string, context: BlockContext): Presser {
  const actionId = string(item["action_id"]);
  return (value) => {
    if (context.press === null || context.isPending(blockId, actionId)) return;
    const { press } = context;
    const go = (): void => press({ blockId, actionId, value });
    if (item["confirm"]) askConfirm({ dialog: fields(item["confirm"]), context, onConfirm: go });
    else go();
  };
}

function button(item: Fields, press: Presser): HTMLElement {
  const label = string(fields(item["text"])["text"]);
  const style = item["style"] === "primary" || item["style"] === "danger" ? string(item["style"]) : "plain";
  const attributes = {
    class: `button ${style}`,
    "aria-label": string(item["accessibility_label"]) || null,
    onclick: () => press(string(item["value"])),
  };
  const address = safeLink(string(item["url"]));
  if (address === null) return h("button", { type: "button", ...attributes }, label);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes }, label);
}

function select(item: Fields, press: Presser): HTMLElement {
  const overflow = item["type"] === "overflow";
  const placeholder = overflow ? "More…" : string(fields(item["placeholder"])["text"]) || "Choose";
  const drawn = h("select", { class: overflow ? "overflow" : null, "aria-label": placeholder });
  const chosen = selectOptions(drawn, item, placeholder);
  drawn.addEventListener("change", () => {
    if (drawn.value === "") return;
    press(drawn.value);
    if (overflow) drawn.value = chosen;
  });
  return drawn;
}

function datepicker(item: Fields, press: Presser): HTMLElement {
  const label = string(fields(item["placeholder"])["text"]) || "Date";
  const drawn = h("input", { type: "date", "aria-label": label, value: string(item["initial_date"]) });
  drawn.addEventListener("change", () => press(drawn.value));
  return drawn;
}

function group(item: Fields, name: string, press: Presser): HTMLElement {
  const drawn = choiceList(item, name);
  drawn.setAttribute("role", item["type"] === "checkboxes" ? "group" : "radiogroup");
  drawn.addEventListener("change", () => {
    const chosen = readChoices(drawn);
    press(item["type"] === "checkboxes" ? chosen : (chosen[0] ?? ""));
  });
  return drawn;
}
