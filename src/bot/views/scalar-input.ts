/**
 * One value in a form: the element that Slack shows for its type, and what is typed there read back. What is sent back as it was
 * shown changes nothing.
 */
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
import { oneLine } from "../../notify/slack/escape.ts";
import { limits, truncate } from "../../notify/slack/limits.ts";

export type InputElement = PlainTextInput | NumberInput | Datepicker | StaticSelect | RadioButtons;

/** Of `view.state.values`, what is read here. */
export interface StateValue {
  value?: string | null | undefined;
  selected_date?: string | null | undefined;
  selected_option?: { value?: string } | null | undefined;
}

export function inputElement(parameters: { actionId: string; input: ScalarInput; value: Json }): InputElement {
  const { actionId: action_id, input, value } = parameters;
  switch (input.kind) {
    case "text": {
      const text = typeof value === "string" ? value : "";
      const initial = text === "" ? {} : { initial_value: text };
      return { type: "plain_text_input", action_id, multiline: input.multiline || text.includes("\n"), ...initial };
    }
    case "number": {
      const initial = typeof value === "number" && isPlain(value) ? { initial_value: String(value) } : {};
      return { type: "number_input", action_id, is_decimal_allowed: !input.integer, ...initial };
    }
    case "date":
      return { type: "datepicker", action_id, ...(isDate(value) ? { initial_date: value } : {}) };
    case "flag": {
      const options = ["yes", "no"].map((word) => option(word, word));
      const chosen = typeof value === "boolean" ? options[value ? 0 : 1] : undefined;
      return { type: "radio_buttons", action_id, options, ...(chosen === undefined ? {} : { initial_option: chosen }) };
    }
    case "choice": {
      // By its place: a choice may be longer than what Slack carries.
      const options = input.choices.slice(0, limits.options).map((choice, index) => option(choice, String(index)));
      const chosen = options.find((each) => input.choices[Number(each.value)] === value);
      return { type: "static_select", action_id, options, ...(chosen === undefined ? {} : { initial_option: chosen }) };
    }
    default:
      return input satisfies never;
  }
}

/** False: no input of Slack holds it whole, so that changing it there would lose the rest. */
export function canBeShown(input: ScalarInput, value: Json): boolean {
  return input.kind !== "text" || typeof value !== "string" || value.length <= limits.textInput;
}

export function isUntouched(input: ScalarInput, value: Json, state: StateValue): boolean {
  const element = inputElement({ actionId: "", input, value });
  const initial: StateValue = {
    value: "initial_value" in element ? element.initial_value : undefined,
    selected_date: "initial_date" in element ? element.initial_date : undefined,
    selected_option: "initial_option" in element ? element.initial_option : undefined,
  };
  return textOf(initial) === textOf(state);
}

function textOf({ value, selected_date: date, selected_option: option }: StateValue): string {
  return value ?? date ?? option?.value ?? "";
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
      return { ok: true, value: input.choices[Number(state.selected_option?.value)] ?? null };
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

/** Slack writes an exponent into no number field. */
function isPlain(value: number): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(String(value));
}

function option(text: string, value: string): PlainTextOption & { value: string } {
  return { text: { type: "plain_text", text: oneLine(text, limits.optionText) || "(empty)", emoji: false }, value };
}

function isDate(value: Json): value is string {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
}
