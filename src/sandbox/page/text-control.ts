/** What is typed: a line, several lines, a number, an address. */
import type { Control } from "./control.ts";
import { h } from "./h.ts";
import { fields, list, number, string, type Fields } from "./shape.ts";
import { numberProblem, textProblem } from "./text-check.ts";

const LINE_TYPES: Record<string, string> = { email_text_input: "email", url_text_input: "url" };

export function textControl(item: Fields, id: string): Control {
  const type = string(item["type"]);
  const attributes = {
    id,
    placeholder: string(fields(item["placeholder"])["text"]) || null,
    maxlength: number(item["max_length"]),
    // Not the browser's number field: it takes "12 seats" for nothing at all.
    inputmode: type === "number_input" ? "decimal" : null,
  };
  const node =
    item["multiline"] === true
      ? h("textarea", { ...attributes, rows: 4 })
      : h("input", { ...attributes, type: LINE_TYPES[type] ?? "text" });
  node.value = string(item["initial_value"]);
  if (item["focus_on_load"] === true) node.setAttribute("autofocus", "");
  return {
    node,
    field: () => node,
    labelled: "for",
    read: () => ({ type, value: node.value === "" ? null : node.value }),
    restore: (state) => (node.value = string(state["value"])),
    isEmpty: () => node.value.trim() === "",
    problem: () => (type === "number_input" ? numberProblem(item, node.value) : textProblem(item, node.value)),
    value: () => node.value,
    onCommit: (commit) => commitText(node, item, commit),
  };
}

/** Slack's `dispatch_action_config`: at Enter, or with each character. */
function commitText(node: HTMLInputElement | HTMLTextAreaElement, item: Fields, commit: () => void): void {
  const moments = list(fields(item["dispatch_action_config"])["trigger_actions_on"]);
  if (moments.includes("on_character_entered")) node.addEventListener("input", commit);
  if (moments.length > 0 && !moments.includes("on_enter_pressed")) return;
  node.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    commit();
  });
}
