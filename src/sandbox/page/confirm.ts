/** Slack's "Are you sure?" before a press. */
import type { BlockContext } from "./block-context.ts";
import { h } from "./h.ts";
import { fields, string, type Fields } from "./shape.ts";
import { textNodes } from "./text-view.ts";

export interface Confirmation {
  dialog: Fields;
  context: BlockContext;
  onConfirm: () => void;
}

export function askConfirm({ dialog, context, onConfirm }: Confirmation): void {
  const label = (key: string, fallback: string): string => string(fields(dialog[key])["text"]) || fallback;
  const style = dialog["style"] === "danger" ? "danger" : "primary";
  const answer = (confirmed: boolean): void => {
    box.close();
    box.remove();
    if (confirmed) onConfirm();
  };
  const box = h(
    "dialog",
    { class: "dialog confirm", "aria-label": label("title", "Are you sure?"), oncancel: () => answer(false) },
    h("h2", {}, label("title", "Are you sure?")),
    h("div", { class: "text" }, ...textNodes(dialog["text"], context)),
    h(
      "div",
      { class: "dialog-buttons" },
      h("button", { type: "button", class: "button plain", onclick: () => answer(false) }, label("deny", "Cancel")),
      h("button", { type: "button", class: `button ${style}`, onclick: () => answer(true) }, label("confirm", "Yes")),
    ),
  );
  document.body.append(box);
  box.showModal();
}
