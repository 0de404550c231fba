/** Which control a Block Kit element is drawn as; null for what is none, or isn't drawn here. */
import { choiceControl } from "./choice-control.ts";
import type { Control } from "./control.ts";
import { dateControl } from "./date-control.ts";
import { selectControl } from "./select-control.ts";
import type { Fields } from "./shape.ts";
import { textControl } from "./text-control.ts";

export function controlOf(item: Fields, id: string): Control | null {
  switch (item["type"]) {
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return textControl(item, id);
    case "static_select":
      return selectControl(item, id);
    case "radio_buttons":
    case "checkboxes":
    case "multi_static_select":
      return choiceControl(item, id);
    case "datepicker":
    case "timepicker":
      return dateControl(item, id);
    default:
      return null;
  }
}
