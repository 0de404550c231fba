/** Radio buttons, checkboxes, and Slack's select of several as a list of checkboxes. */
import { choiceList, optionObject, readChoices, setChoices } from "./choices.ts";
import type { Control } from "./control.ts";
import { fields, list, number, string, type Fields } from "./shape.ts";

export function choiceControl(item: Fields, id: string): Control {
  const type = string(item["type"]);
  const many = type !== "radio_buttons";
  const node = choiceList(item, id);
  node.id = id;
  node.setAttribute("role", many ? "group" : "radiogroup");
  if (type === "multi_static_select") node.classList.add("long");
  const options = (): unknown[] => readChoices(node).map((value) => optionObject(item, value));
  const most = number(item["max_selected_items"]);
  return {
    node,
    field: () => node.querySelector<HTMLElement>("input:checked") ?? node.querySelector("input"),
    labelled: "group",
    read: () => (many ? { type, selected_options: options() } : { type, selected_option: options()[0] ?? null }),
    restore: (state) => {
      const chosen = many ? list(state["selected_options"]) : [state["selected_option"]];
      setChoices(
        node,
        chosen.map((option) => string(fields(option)["value"])),
      );
    },
    isEmpty: () => readChoices(node).length === 0,
    problem: () => (most !== null && readChoices(node).length > most ? `At most ${most} can be chosen.` : null),
    value: () => (many ? readChoices(node) : (readChoices(node)[0] ?? "")),
    onCommit: (commit) => node.addEventListener("change", commit),
  };
}
