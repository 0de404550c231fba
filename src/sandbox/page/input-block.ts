/** An input block: label, hint, error, and the control as a field that can be read, restored and checked. */
import type { BlockContext, InputField } from "./block-context.ts";
import type { Control } from "./control.ts";
import { controlOf } from "./controls.ts";
import { elementId } from "./element-id.ts";
import { fill, h } from "./h.ts";
import { fields, string, type Fields } from "./shape.ts";

const NEEDED = "This field is needed.";

export function inputBlock(block: Fields, context: BlockContext): HTMLElement {
  const item = fields(block["element"]);
  const blockId = string(block["block_id"]);
  const actionId = string(item["action_id"]);
  const id = elementId(context.scope, blockId, actionId);
  const control = controlOf(item, id);
  if (control === null) {
    return h("div", { class: "block unknown" }, `The sandbox does not draw “${string(item["type"])}”.`);
  }
  const hint = string(fields(block["hint"])["text"]);
  const optional = block["optional"] === true;
  const error = h("div", { class: "field-error", id: `${id}-error`, role: "alert" });
  const under = hint === "" ? null : h("div", { class: "field-hint", id: `${id}-hint` }, hint);
  control.node.setAttribute("aria-describedby", under === null ? error.id : `${error.id} ${under.id}`);
  if (!optional && control.labelled === "for") control.node.setAttribute("aria-required", "true");
  control.node.dataset["action"] = actionId;
  if (block["dispatch_action"] === true) {
    control.onCommit(() => context.press?.({ blockId, actionId, value: control.value() }));
  }
  context.inputs.push(field({ blockId, actionId, optional, control, error }));
  const caption = captionOf({ text: string(fields(block["label"])["text"]), id, optional, control });
  return h("div", { class: "block block-input" }, caption, control.node, error, under);
}

function captionOf(parts: { text: string; id: string; optional: boolean; control: Control }): HTMLElement {
  const { text, id, optional, control } = parts;
  const direct = control.labelled === "for";
  const caption = h(direct ? "label" : "div", { class: "field-label", id: `${id}-label` }, text);
  if (caption instanceof HTMLLabelElement) caption.htmlFor = id;
  else control.node.setAttribute("aria-labelledby", caption.id);
  if (optional) caption.append(h("span", { class: "optional" }, " (optional)"));
  return caption;
}

interface Parts {
  blockId: string;
  actionId: string;
  optional: boolean;
  control: Control;
  error: HTMLElement;
}

function field({ blockId, actionId, optional, control, error }: Parts): InputField {
  return {
    blockId,
    actionId,
    read: control.read,
    restore: control.restore,
    problem: () => (control.isEmpty() ? (optional ? null : NEEDED) : control.problem()),
    setError: (text) => {
      fill(error, text ?? "");
      if (text === null) control.node.removeAttribute("aria-invalid");
      else control.node.setAttribute("aria-invalid", "true");
    },
    focus: () => control.field()?.focus(),
  };
}
