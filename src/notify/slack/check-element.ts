/** What Slack would refuse of a button or an input, of the kinds that builders use. */
import { z } from "zod";
import { atMost, problemsIn, within } from "./check-text.ts";
import { limits } from "./limits.ts";

const Text = z.looseObject({ text: z.string() });
const Option = z.looseObject({ text: Text, value: z.string() });
const Confirm = z.looseObject({ title: Text, text: Text, confirm: Text, deny: Text });

const actionId = z.string().optional();
const Element = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("button"),
    action_id: actionId,
    text: Text,
    value: z.string().optional(),
    confirm: Confirm.optional(),
  }),
  z.looseObject({
    type: z.literal("plain_text_input"),
    action_id: actionId,
    initial_value: z.string().optional(),
    max_length: z.number().optional(),
    placeholder: Text.optional(),
  }),
  z.looseObject({ type: z.literal("number_input"), action_id: actionId, initial_value: z.string().optional() }),
  z.looseObject({ type: z.literal("datepicker"), action_id: actionId, initial_date: z.string().optional() }),
  z.looseObject({
    type: z.literal("static_select"),
    action_id: actionId,
    options: z.array(Option),
    initial_option: Option.optional(),
  }),
  z.looseObject({
    type: z.literal("radio_buttons"),
    action_id: actionId,
    options: z.array(Option),
    initial_option: Option.optional(),
  }),
]);
type Element = z.infer<typeof Element>;

export function checkElement(element: { type: string }): string[] {
  const read = Element.safeParse(element);
  if (!read.success) return [`no builder uses an element of type ${element.type}, or not in this form`];
  return problemsIn(element.type, [...withinIfThere("action_id", read.data.action_id, limits.id), ...check(read.data)]);
}

function check(element: Element): string[] {
  switch (element.type) {
    case "button":
      return [
        ...within("text", element.text.text, limits.buttonText),
        ...withinIfThere("value", element.value, limits.buttonValue),
        ...(element.confirm === undefined ? [] : problemsIn("confirm", checkConfirm(element.confirm))),
      ];
    case "plain_text_input": {
      const most = element.max_length ?? limits.textInput;
      return [
        ...(most < 1 || most > limits.textInput ? [`max_length is ${most}, at most ${limits.textInput}`] : []),
        ...withinIfThere("initial_value", element.initial_value, most),
        ...withinIfThere("placeholder", element.placeholder?.text, limits.placeholder),
      ];
    }
    case "number_input": {
      const { initial_value: initial } = element;
      return initial === undefined || /^-?\d+(\.\d+)?$/.test(initial) ? [] : [`initial_value ${initial} is no number`];
    }
    case "datepicker": {
      const { initial_date: initial } = element;
      return initial === undefined || z.iso.date().safeParse(initial).success ? [] : [`${initial} is no date`];
    }
    case "static_select":
      return checkOptions(element, limits.options);
    case "radio_buttons":
      return checkOptions(element, limits.radioOptions);
    default:
      return element satisfies never;
  }
}

function checkOptions(
  { options, initial_option: initial }: Extract<Element, { options: unknown }>,
  most: number,
): string[] {
  const shown = options.map((option) => JSON.stringify(option));
  const values = new Set(options.map(({ value }) => value));
  return [
    ...atMost("options", options, most),
    ...options.flatMap(({ text, value }) => [
      ...within("option text", text.text, limits.optionText),
      ...within("option value", value, limits.optionValue),
    ]),
    ...(values.size < options.length ? ["two options have one value"] : []),
    ...(initial === undefined || shown.includes(JSON.stringify(initial)) ? [] : ["initial_option is none of them"]),
  ];
}

function checkConfirm({ title, text, confirm, deny }: z.infer<typeof Confirm>): string[] {
  return [
    ...within("title", title.text, limits.confirmTitle),
    ...within("text", text.text, limits.confirmText),
    ...within("confirm", confirm.text, limits.confirmButton),
    ...within("deny", deny.text, limits.confirmButton),
  ];
}

function withinIfThere(name: string, text: string | undefined, most: number): string[] {
  return text === undefined ? [] : within(name, text, most);
}
