/** A modal's input block: label, hint, error, and the control as a field that can be read, restored and checked. */
import type { BlockContext, InputField, InputState } from "./block-context.ts";
import { choiceList, optionObject, readChoices, selectOptions, setChoices } from "./choices.ts";
import { fill, h } from "./h.ts";
import { fields, list, number, string, type Fields } from "./shape.ts";

interface Control {
  node: HTMLElement;
  /** What the label's `for` points at; a group is labelled as a whole instead. */
  labelled: "for" | "group";
  read: () => InputState;
  restore: (state: InputState) => void;
  isEmpty: () => boolean;
}

export function inputBlock(block: Fields, context: BlockContext): HTMLElement {
  const item = fields(block["element"]);
  const blockId = string(block["block_id"]);
  const id = `${context.scope}-${blockId}-${string(item["action_id"])}`;
  const control = controlOf(item, id);
  if (control === null) {
    return h("div", { class: "block unknown" }, `The sandbox does not draw “${string(item["type"])}”.`);
  }
  const label = string(fields(block["label"])["text"]);
  const hint = string(fields(block["hint"])["text"]);
  const optional = block["optional"] === true;
  const error = h("div", { class: "field-error", id: `${id}-error`, role: "alert" });
  const caption = h(control.labelled === "for" ? "label" : "div", { class: "field-label", id: `${id}-label` }, label);
  if (caption instanceof HTMLLabelElement) caption.htmlFor = id;
  else control.node.setAttribute("aria-labelledby", `${id}-label`);
  if (optional) caption.append(h("span", { class: "optional" }, " (optional)"));
  control.node.setAttribute("aria-describedby", `${id}-error ${id}-hint`);
  if (!optional && control.labelled === "for") control.node.setAttribute("aria-required", "true");
  control.node.dataset["action"] = string(item["action_id"]);
  context.inputs.push(field({ block, item, control, error, label }));
  const under = hint === "" ? null : h("div", { class: "field-hint", id: `${id}-hint` }, hint);
  return h("div", { class: "block block-input" }, caption, control.node, error, under);
}

interface Parts {
  block: Fields;
  item: Fields;
  control: Control;
  error: HTMLElement;
  label: string;
}

function field({ block, item, control, error, label }: Parts): InputField {
  return {
    blockId: string(block["block_id"]),
    actionId: string(item["action_id"]),
    label,
    required: block["optional"] !== true,
    read: control.read,
    restore: control.restore,
    isEmpty: control.isEmpty,
    setError: (text) => {
      fill(error, text ?? "");
      if (text === null) control.node.removeAttribute("aria-invalid");
      else control.node.setAttribute("aria-invalid", "true");
    },
    focus: () =>
      (control.node.matches("input,select,textarea") ? control.node : control.node.querySelector("input"))?.focus(),
  };
}

function controlOf(item: Fields, id: string): Control | null {
  switch (item["type"]) {
    case "plain_text_input":
      return textControl(item, id);
    case "static_select":
      return selectControl(item, id);
    case "radio_buttons":
    case "checkboxes":
      return choiceControl(item, id);
    case "datepicker":
      return dateControl(item, id);
    default:
      return null;
  }
}

function textControl(item: Fields, id: string): Control {
  const attributes = {
    id,
    placeholder: string(fields(item["placeholder"])["text"]) || null,
    maxlength: number(item["max_length"]),
  };
  const node =
    item["multiline"] === true
      ? h("textarea", { ...attributes, rows: 4 })
      : h("input", { ...attributes, type: "text" });
  node.value = string(item["initial_value"]);
  if (item["focus_on_load"] === true) node.setAttribute("autofocus", "");
  return {
    node,
    labelled: "for",
    read: () => ({ type: "plain_text_input", value: node.value === "" ? null : node.value }),
    restore: (state) => (node.value = string(state["value"])),
    isEmpty: () => node.value.trim() === "",
  };
}

function selectControl(item: Fields, id: string): Control {
  const node = h("select", { id });
  selectOptions(node, item, string(fields(item["placeholder"])["text"]) || "Choose");
  return {
    node,
    labelled: "for",
    read: () => ({ type: "static_select", selected_option: optionObject(item, node.value) }),
    restore: (state) => (node.value = string(fields(state["selected_option"])["value"])),
    isEmpty: () => node.value === "",
  };
}

function choiceControl(item: Fields, id: string): Control {
  const node = choiceList(item, id);
  const many = item["type"] === "checkboxes";
  node.setAttribute("role", many ? "group" : "radiogroup");
  const options = (): unknown[] => readChoices(node).map((value) => optionObject(item, value));
  return {
    node,
    labelled: "group",
    read: () =>
      many
        ? { type: "checkboxes", selected_options: options() }
        : { type: "radio_buttons", selected_option: options()[0] ?? null },
    restore: (state) => {
      const chosen = many ? list(state["selected_options"]) : [state["selected_option"]];
      setChoices(
        node,
        chosen.map((option) => string(fields(option)["value"])),
      );
    },
    isEmpty: () => readChoices(node).length === 0,
  };
}

function dateControl(item: Fields, id: string): Control {
  const node = h("input", { id, type: "date", value: string(item["initial_date"]) });
  return {
    node,
    labelled: "for",
    read: () => ({ type: "datepicker", selected_date: node.value === "" ? null : node.value }),
    restore: (state) => (node.value = string(state["selected_date"])),
    isEmpty: () => node.value === "",
  };
}
