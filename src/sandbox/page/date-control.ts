/** `datepicker` and `timepicker`. */
import type { Control } from "./control.ts";
import { h } from "./h.ts";
import { string, type Fields } from "./shape.ts";

export function dateControl(item: Fields, id: string): Control {
  const type = string(item["type"]);
  const kind = type === "timepicker" ? "time" : "date";
  const node = h("input", { id, type: kind, value: string(item[`initial_${kind}`]) });
  return {
    node,
    field: () => node,
    labelled: "for",
    read: () => ({ type, [`selected_${kind}`]: node.value === "" ? null : node.value }),
    restore: (state) => (node.value = string(state[`selected_${kind}`])),
    isEmpty: () => node.value === "",
    problem: () => null,
    value: () => node.value,
    onCommit: (commit) => commitDate(node, commit),
  };
}

/** While it is typed each digit makes another date: what was typed counts at Enter or when the field is left. */
function commitDate(node: HTMLInputElement, commit: () => void): void {
  let committed = node.value;
  let typing = false;
  const settle = (): void => {
    typing = false;
    if (node.value === committed || node.value === "") return;
    committed = node.value;
    commit();
  };
  node.addEventListener("keydown", (event) => {
    typing = true;
    if (event.key !== "Enter") return;
    event.preventDefault();
    settle();
  });
  node.addEventListener("blur", settle);
  node.addEventListener("change", () => {
    if (!typing) settle();
  });
}
