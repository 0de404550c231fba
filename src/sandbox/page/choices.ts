/** Options of selects, radio buttons and checkboxes. */
import { h } from "./h.ts";
import { parseMrkdwn, plainText } from "./mrkdwn.ts";
import { fields, list, string, type Fields } from "./shape.ts";

export interface Choice {
  value: string;
  text: string;
  description: string;
}

export function choicesOf(item: Fields): Choice[] {
  const grouped = list(item["option_groups"]).flatMap((group) => list(fields(group)["options"]));
  return [...list(item["options"]), ...grouped].map((option) => {
    const { text, value, description } = fields(option);
    return {
      value: string(value),
      text: wordsOf(text),
      description: wordsOf(description),
    };
  });
}

/** An option's text may be mrkdwn; in a list only its words count. */
function wordsOf(object: unknown): string {
  const { type, text } = fields(object);
  return type === "mrkdwn" ? plainText(parseMrkdwn(string(text))) : string(text);
}

/** Slack's option object again, for `view.state.values`. */
export function optionObject(item: Fields, value: string): unknown {
  const all = [
    ...list(item["options"]),
    ...list(item["option_groups"]).flatMap((group) => list(fields(group)["options"])),
  ];
  return all.find((option) => fields(option)["value"] === value) ?? null;
}

/** Fills a select and returns what is chosen at first; an empty value is the placeholder. */
export function selectOptions(select: HTMLSelectElement, item: Fields, placeholder: string): string {
  const initial = string(fields(item["initial_option"])["value"]);
  select.append(h("option", { value: "" }, placeholder));
  for (const { value, text } of choicesOf(item)) {
    select.append(h("option", { value, selected: value === initial && value !== "" }, text));
  }
  return initial;
}

export function choiceList(item: Fields, name: string): HTMLElement {
  const many = item["type"] !== "radio_buttons";
  const chosen = many
    ? list(item["initial_options"]).map((option) => string(fields(option)["value"]))
    : [string(fields(item["initial_option"])["value"])];
  const rows = choicesOf(item).map(({ value, text, description }) =>
    h(
      "label",
      { class: "choice" },
      h("input", { type: many ? "checkbox" : "radio", name, value, checked: chosen.includes(value) }),
      h("span", {}, text, description !== "" && h("small", {}, description)),
    ),
  );
  return h("div", { class: "choices" }, ...rows);
}

export function readChoices(choices: HTMLElement): string[] {
  return Array.from(choices.querySelectorAll("input"))
    .filter((input) => input.checked)
    .map((input) => input.value);
}

export function setChoices(choices: HTMLElement, values: string[]): void {
  for (const input of choices.querySelectorAll("input")) input.checked = values.includes(input.value);
}
