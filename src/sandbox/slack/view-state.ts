/** A modal's `state.values` from what a person put in, and what Slack itself refuses before the app hears of it. Pure. */
import { elementsOf, optionsOf } from "./block-elements.ts";
import type { Block } from "./message.ts";
import { isObject, type Fields } from "./problems.ts";

export type Values = Record<string, Record<string, Fields>>;

const REQUIRED = "Please complete this required field.";

export function viewState(
  blocks: readonly Block[],
  given: unknown,
): { values: Values; errors: Record<string, string> } {
  const values: Values = {};
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const blockId = String(block["block_id"]);
    for (const element of elementsOf(block)) {
      const actionId = String(element["action_id"]);
      const state = stateOf(element, at(at(given, blockId), actionId));
      if (state === null) continue;
      values[blockId] = { ...values[blockId], [actionId]: state };
      const error = block["type"] === "input" ? errorOf(block, element, state) : null;
      if (error !== null) errors[blockId] = error;
    }
  }
  return { values, errors };
}

/** Null for what has no state: buttons. */
function stateOf(element: Fields, given: unknown): Fields | null {
  const type = String(element["type"]);
  const value = isObject(given) ? given : {};
  switch (type) {
    case "button":
    case "image":
    case "overflow":
      return null;
    case "static_select":
    case "radio_buttons":
      return { type, selected_option: offered(element, value["selected_option"]) };
    case "checkboxes":
    case "multi_static_select": {
      const chosen: unknown[] = Array.isArray(value["selected_options"]) ? value["selected_options"] : [];
      return {
        type,
        selected_options: chosen.map((option) => offered(element, option)).filter((option) => option !== null),
      };
    }
    case "datepicker":
      return { type, selected_date: textOrNull(value["selected_date"]) };
    default:
      return { type, value: textOrNull(value["value"]) };
  }
}

/** The element's own option: text and value as the bot wrote them. */
function offered(element: Fields, chosen: unknown): Fields | null {
  if (!isObject(chosen)) return null;
  return optionsOf(element).find((option) => option["value"] === chosen["value"]) ?? null;
}

function errorOf(block: Block, element: Fields, state: Fields): string | null {
  const { type: _type, ...rest } = state;
  const [content] = Object.values(rest);
  const isEmpty = content === null || (Array.isArray(content) && content.length === 0);
  if (isEmpty) return block["optional"] === true ? null : REQUIRED;
  if (typeof content !== "string") return null;
  const { min_length: least, max_length: most } = element;
  if (typeof least === "number" && content.length < least) return `Please use at least ${least} characters.`;
  if (typeof most === "number" && content.length > most) return `Please use at most ${most} characters.`;
  return null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function at(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
