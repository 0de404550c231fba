/** Finding what a person used in blocks, and what Slack says that they chose. Pure. */
import type { Block } from "./message.ts";
import { isObject, type Fields } from "./problems.ts";

export interface Found {
  block: Block;
  element: Fields;
}

export function findElement(blocks: readonly Block[], blockId: string, actionId: string): Found | null {
  const block = blocks.find((candidate) => candidate["block_id"] === blockId);
  if (block === undefined) return null;
  const element = elementsOf(block).find((candidate) => candidate["action_id"] === actionId);
  return element === undefined ? null : { block, element };
}

/** All that can be used in a block. */
export function elementsOf(block: Block): Fields[] {
  const listed: unknown[] = Array.isArray(block["elements"]) ? block["elements"] : [];
  return [...listed, block["accessory"], block["element"]].filter(isObject);
}

export function optionsOf(element: Fields): Fields[] {
  const groups: unknown[] = Array.isArray(element["option_groups"]) ? element["option_groups"] : [];
  const lists = [element["options"], ...groups.filter(isObject).map((group) => group["options"])];
  return lists.flatMap((list): unknown[] => (Array.isArray(list) ? list : [])).filter(isObject);
}

/** What was chosen, in the fields of the element's type; null for a choice that the element doesn't offer. */
export function chosenFields(element: Fields, value: unknown): Fields | null {
  switch (element["type"]) {
    case "button":
      // The element's own value: what the page says is nobody's.
      return { text: element["text"], ...defined({ value: element["value"], style: element["style"] }) };
    case "static_select":
    case "overflow":
    case "radio_buttons": {
      const option = optionsOf(element).find((candidate) => candidate["value"] === value);
      return option === undefined ? null : { selected_option: option };
    }
    case "checkboxes":
    case "multi_static_select":
      return chosenOptions(element, value);
    case "datepicker":
      return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? { selected_date: value } : null;
    default:
      return typeof value === "string" ? { value } : null;
  }
}

function chosenOptions(element: Fields, value: unknown): Fields | null {
  if (!Array.isArray(value)) return null;
  const options = optionsOf(element);
  const chosen = value.map((wanted: unknown) => options.find((option) => option["value"] === wanted));
  return chosen.includes(undefined) ? null : { selected_options: chosen };
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
