/** What Slack refuses in interactive elements. */
import { isObject, type Fields, type Problems } from "./problems.ts";
import { checkText } from "./text-check.ts";

const MOST_OPTIONS: Record<string, number> = { checkboxes: 10, radio_buttons: 10, overflow: 5 };

/** Known to Slack; what holds for all elements is checked. */
const OTHER_TYPES = new Set(
  (
    "channels_select conversations_select datepicker datetimepicker email_text_input external_select file_input image " +
    "multi_channels_select multi_conversations_select multi_external_select multi_users_select number_input " +
    "plain_text_input rich_text_input timepicker url_text_input users_select workflow_button feedback_buttons icon_button"
  ).split(" "),
);
const WITH_OPTIONS = new Set(["static_select", "multi_static_select", "checkboxes", "radio_buttons", "overflow"]);

export function checkElement(element: unknown, at: string, problems: Problems): void {
  if (!isObject(element)) return problems.add("must be an object", at);
  const type = String(element["type"]);
  problems.optionalText(element["action_id"], `${at}/action_id`, 255);
  if (element["placeholder"] !== undefined) {
    checkText({ text: element["placeholder"], at: `${at}/placeholder`, longest: 150, plain: true }, problems);
  }
  if (element["confirm"] !== undefined) checkConfirm(element["confirm"], `${at}/confirm`, problems);
  if (type === "button") return checkButton(element, at, problems);
  if (WITH_OPTIONS.has(type)) return checkOptions(element, at, problems);
  if (!OTHER_TYPES.has(type)) problems.add(`unsupported type: ${type}`, `${at}/type`);
}

function checkButton(button: Fields, at: string, problems: Problems): void {
  checkText({ text: button["text"], at: `${at}/text`, longest: 75, plain: true }, problems);
  problems.optionalText(button["value"], `${at}/value`, 2_000);
  problems.optionalText(button["url"], `${at}/url`, 3_000);
  problems.optionalText(button["accessibility_label"], `${at}/accessibility_label`, 75);
  const { style } = button;
  if (style !== undefined && style !== "primary" && style !== "danger") {
    problems.add("must be one of `primary`, `danger`", `${at}/style`);
  }
}

function checkOptions(element: Fields, at: string, problems: Problems): void {
  if (element["options"] === undefined && element["option_groups"] !== undefined) {
    return problems.list(element["option_groups"], `${at}/option_groups`, 100, (group, groupAt) => {
      if (isObject(group)) checkOptionList(group["options"], { at: `${groupAt}/options`, most: 100 }, problems);
    });
  }
  const most = MOST_OPTIONS[String(element["type"])] ?? 100;
  checkOptionList(element["options"], { at: `${at}/options`, most }, problems);
}

function checkOptionList(options: unknown, { at, most }: { at: string; most: number }, problems: Problems): void {
  problems.list(options, at, most, (option, optionAt) => {
    if (!isObject(option)) return problems.add("must be an object", optionAt);
    checkText({ text: option["text"], at: `${optionAt}/text`, longest: 75 }, problems);
    problems.text(option["value"], `${optionAt}/value`, 150);
  });
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
}
