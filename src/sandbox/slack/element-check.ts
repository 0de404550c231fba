/** What Slack refuses in interactive elements, and where each may stand. */
import { checkOptions } from "./option-check.ts";
import { isObject, type Fields, type Problems } from "./problems.ts";
import { checkText } from "./text-check.ts";

/** What holds an element. */
export type ElementPlace = "actions" | "accessory" | "input";

const MENUS = words(
  `static_select multi_static_select external_select multi_external_select users_select multi_users_select
   conversations_select multi_conversations_select channels_select multi_channels_select`,
);
const CHOICES = words("checkboxes radio_buttons datepicker timepicker");
const PRESSED = words("button overflow workflow_button");
const TYPED = words("plain_text_input email_text_input url_text_input number_input rich_text_input file_input");

const ALLOWED: Record<ElementPlace, ReadonlySet<string>> = {
  actions: new Set([...PRESSED, ...MENUS, ...CHOICES, "datetimepicker"]),
  accessory: new Set([...PRESSED, ...MENUS, ...CHOICES]),
  input: new Set([...MENUS, ...CHOICES, ...TYPED, "datetimepicker"]),
};
const WITH_OPTIONS = new Set(words("static_select multi_static_select checkboxes radio_buttons overflow"));
const LONGEST_INPUT = 3_000;

export function checkElement(element: unknown, at: string, place: ElementPlace, problems: Problems): void {
  if (!isObject(element)) return problems.add("must be an object", at);
  const type = String(element["type"]);
  if (!ALLOWED[place].has(type)) return problems.add(`unsupported type: ${type}`, `${at}/type`);
  problems.optionalText(element["action_id"], `${at}/action_id`, 255);
  if (element["placeholder"] !== undefined) {
    checkText({ text: element["placeholder"], at: `${at}/placeholder`, longest: 150, plain: true }, problems);
  }
  if (element["confirm"] !== undefined) checkConfirm(element["confirm"], `${at}/confirm`, problems);
  if (type === "button") checkButton(element, at, problems);
  else if (WITH_OPTIONS.has(type)) checkOptions(element, at, problems);
  else if (type === "plain_text_input") checkTextInput(element, at, problems);
  else if (type === "number_input" && typeof element["is_decimal_allowed"] !== "boolean")
    problems.add("missing required field: is_decimal_allowed", at);
  else if (type === "datepicker") checkDate(element["initial_date"], `${at}/initial_date`, problems);
}

function checkButton(button: Fields, at: string, problems: Problems): void {
  checkText({ text: button["text"], at: `${at}/text`, longest: 75, plain: true }, problems);
  problems.optionalText(button["value"], `${at}/value`, 2_000);
  problems.optionalText(button["url"], `${at}/url`, 3_000);
  problems.optionalText(button["accessibility_label"], `${at}/accessibility_label`, 75);
  checkStyle(button["style"], at, problems);
}

function checkTextInput(input: Fields, at: string, problems: Problems): void {
  problems.optionalText(input["initial_value"], `${at}/initial_value`, LONGEST_INPUT);
  checkLength(input["min_length"], { at: `${at}/min_length`, least: 0 }, problems);
  checkLength(input["max_length"], { at: `${at}/max_length`, least: 1 }, problems);
}

function checkLength(value: unknown, { at, least }: { at: string; least: number }, problems: Problems): void {
  if (value === undefined) return;
  if (typeof value !== "number" || !Number.isInteger(value)) return problems.add("must be an integer", at);
  if (value < least) problems.add(`must be greater than or equal to ${least}`, at);
  if (value > LONGEST_INPUT) problems.add(`must be less than or equal to ${LONGEST_INPUT}`, at);
}

function checkDate(value: unknown, at: string, problems: Problems): void {
  if (value === undefined) return;
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) problems.add("must be a date: YYYY-MM-DD", at);
}

function checkConfirm(confirm: unknown, at: string, problems: Problems): void {
  if (!isObject(confirm)) return problems.add("must be an object", at);
  for (const [field, longest] of [
    ["title", 100],
    ["confirm", 30],
    ["deny", 30],
  ] as const) {
    if (confirm[field] !== undefined)
      checkText({ text: confirm[field], at: `${at}/${field}`, longest, plain: true }, problems);
  }
  checkText({ text: confirm["text"], at: `${at}/text`, longest: 300 }, problems);
  checkStyle(confirm["style"], at, problems);
}

function checkStyle(style: unknown, at: string, problems: Problems): void {
  if (style !== undefined && style !== "primary" && style !== "danger")
    problems.add("must be one of `primary`, `danger`", `${at}/style`);
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
