/** `static_select`: one of a list. */
import { choicesOf, optionObject, selectOptions } from "./choices.ts";
import type { Control } from "./control.ts";
import { h } from "./h.ts";
import { fields, string, type Fields } from "./shape.ts";

export function selectControl(item: Fields, id: string): Control {
  const node = h("select", { id });
  selectOptions(node, item, placeholderOf(item));
  return {
    node,
    field: () => node,
    labelled: "for",
    read: () => ({ type: "static_select", selected_option: optionObject(item, node.value) }),
    restore: (state) => {
      const wanted = string(fields(state["selected_option"])["value"]);
      if (wanted === "" || choicesOf(item).some(({ value }) => value === wanted)) node.value = wanted;
    },
    isEmpty: () => node.value === "",
    problem: () => null,
    value: () => node.value,
    onCommit: (commit) => commitSelect(node, commit),
  };
}

export function placeholderOf(item: Fields): string {
  return string(fields(item["placeholder"])["text"]) || "Choose";
}

/** On a closed list the browser takes each arrow key for a choice: it opens the list instead. */
function commitSelect(node: HTMLSelectElement, commit: () => void): void {
  node.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    node.showPicker();
  });
  node.addEventListener("change", () => {
    if (node.value !== "") commit();
  });
}
