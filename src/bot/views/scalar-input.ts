/** One value in a form: the element that Slack shows for its type, and what is typed there read back. */
import type {
  Datepicker,
  NumberInput,
  PlainTextInput,
  PlainTextOption,
  RadioButtons,
  StaticSelect,
} from "@slack/types";
import type { ScalarInput } from "../../flow/edit-field.ts";
import type { Json } from "../../flow/json.ts";
import { limits, truncate } from "../../notify/slack/limits.ts";

export type InputElement = PlainTextInput | NumberInput | Datepicker | StaticSelect | RadioButtons;

/** Of `view.state.values`, what is read here. */
export interface StateValue {
  value?: string | null | undefined;
  selected_date?: string | null | undefined;
  selected_option?: { value?: string } | null | undefined;
}

const mostChoices = 100;
const optionLength = 75;

export function inputElement(parameters: { actionId: string; input: ScalarInput; value: Json }): InputElement {
  const { actionId: action_id, input, value } = parameters;
  switch (input.kind) {
    case "text": {
      const text = typeof value === "string" ? truncate(value, limits.textInput) : "";
      const initial = text === "" ? {} : { initial_value: text };
      return { type: "plain_text_input", action_id, multiline: input.multiline || text.includes("\n"), ...initial };
    }
    case "number": {
      const initial = typeof value === "number" ? { initial_value: String(value) } : {};
      return { type: "number_input", action_id, is_decimal_allowed: !input.integer, ...initial };
    }
    case "date":
      return { type: "datepicker", action_id, ...(isDate(value) ? { initial_date: value } : {}) };
    case "flag": {
      const options = ["yes", "no"].map(option);
      const chosen = typeof value === "boolean" ? options[value ? 0 : 1] : undefined;
      return { type: "radio_buttons", action_id, options, ...(chosen === undefined ? {} : { initial_option: chosen }) };
    }
    case "choice": {
      const options = input.choices.slice(0, mostChoices).map(option);
      const chosen = options.find((each) => each.value === value);
      return { type: "static_select", action_id, options, ...(chosen === undefined ? {} : { initial_option: chosen }) };
    }
    default:
      return input satisfies never;
  }
}

export type ReadInput = { ok: true; value: Json } | { ok: false; message: string };

/** What was left empty is null. */
export function readInput(input: ScalarInput, state: StateValue): ReadInput {
  switch (input.kind) {
    case "text": {
      const text = (state.value ?? "").trim();
      return { ok: true, value: text === "" ? null : text };
    }
    case "number":
      return readNumber(state.value ?? "", input.integer);
    case "date":
      return { ok: true, value: state.selected_date ?? null };
    case "flag": {
      const chosen = state.selected_option?.value;
      return { ok: true, value: chosen === undefined ? null : chosen === "yes" };
    }
    case "choice":
      return { ok: true, value: state.selected_option?.value ?? null };
    default:
      return input satisfies never;
  }
}

function readNumber(text: string, integer: boolean): ReadInput {
  if (text.trim() === "") return { ok: true, value: null };
  const value = Number(text);
  if (!Number.isFinite(value)) return { ok: false, message: `"${truncate(text, 40)}" is no number.` };
  if (integer && !Number.isInteger(value)) return { ok: false, message: "A whole number is needed here." };
  return { ok: true, value };
}

function option(text: string): PlainTextOption & { value: string } {
  return {
    text: { type: "plain_text", text: truncate(text, optionLength), emoji: false },
    value: truncate(text, optionLength),
  };
}

function isDate(value: Json): value is string {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
