/** What can be pressed or chosen among a message's or a view's blocks: buttons, menus, and the controls of forms. */
import type { BlockContext, InputField } from "./block-context.ts";
import { askConfirm } from "./confirm.ts";
import type { Control } from "./control.ts";
import { controlOf } from "./controls.ts";
import { elementId } from "./element-id.ts";
import { h } from "./h.ts";
import { menuButton } from "./menu-button.ts";
import { safeLink } from "./safe-url.ts";
import { placeholderOf } from "./select-control.ts";
import { fields, string, type Fields } from "./shape.ts";

export function element(item: Fields, blockId: string, context: BlockContext): HTMLElement {
  const drawn = draw(item, blockId, context);
  drawn.dataset["action"] = string(item["action_id"]);
  return drawn;
}

function draw(item: Fields, blockId: string, context: BlockContext): HTMLElement {
  const press = presser(item, blockId, context);
  if (item["type"] === "button") return button(item, press);
  if (item["type"] === "overflow") return menuButton(item, press);
  const actionId = string(item["action_id"]);
  const control = controlOf(item, elementId(context.scope, blockId, actionId));
  if (control === null) return h("span", { class: "unknown" }, `The sandbox does not draw “${string(item["type"])}”.`);
  control.node.setAttribute("aria-label", nameOf(item));
  control.onCommit(() => press(control.value()));
  context.inputs.push(field(blockId, actionId, control));
  return control.node;
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

/** Slack gives these no label: what stands in them has to do. */
function nameOf(item: Fields): string {
  if (item["type"] === "datepicker") return string(fields(item["placeholder"])["text"]) || "Date";
  return placeholderOf(item);
}

/** Among actions nothing is needed and nothing can be wrong. */
function field(blockId: string, actionId: string, control: Control): InputField {
  return {
    blockId,
    actionId,
    read: control.read,
    restore: control.restore,
    problem: () => null,
    setError: () => {},
    focus: () => control.field()?.focus(),
  };
}
