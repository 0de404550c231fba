/**
 * What a person reads of a message or a view, as plain text: entities as characters, dates as a client without its own zone draws
 * them, a button in brackets, what stands in an input. What would ping anybody is written so that it can't be overlooked.
 */
import type { AnyBlock, HomeView, KnownBlock, ModalView } from "@slack/types";
import { z } from "zod";

export type Shown =
  { kind: "message"; text: string; blocks: readonly KnownBlock[] } | { kind: "view"; view: ModalView | HomeView };

export function asRead(shown: Shown): string {
  if (shown.kind === "message")
    return [`(${read(shown.text)})`, ...shown.blocks.flatMap((block) => linesOf(block))].join("\n");
  const { view } = shown;
  const body = view.blocks.flatMap((block) => linesOf(block));
  if (view.type === "home") return body.join("\n");
  const buttons = [view.close, view.submit].flatMap((word) => (word === undefined ? [] : [`[${word.text}]`]));
  return [`== ${view.title.text} ==`, ...body, buttons.join(" ")].join("\n");
}

const Text = z
  .object({ type: z.string(), text: z.string() })
  .transform(({ type, text }) => (type === "mrkdwn" ? read(text) : text));
const Element = z.object({
  type: z.string(),
  text: Text.optional(),
  style: z.string().optional(),
  confirm: z.object({ title: Text, text: Text, confirm: Text, deny: Text }).optional(),
  initial_value: z.string().optional(),
  initial_date: z.string().optional(),
  initial_option: z.object({ text: Text }).optional(),
});
const Block = z.object({
  type: z.string(),
  text: Text.optional(),
  elements: z.array(z.unknown()).default([]),
  accessory: Element.optional(),
  element: Element.optional(),
  label: Text.optional(),
  hint: Text.optional(),
  optional: z.boolean().optional(),
});

function linesOf(given: AnyBlock): string[] {
  const block = Block.parse(given);
  const { text = "", label = "", hint, element, accessory, elements } = block;
  switch (block.type) {
    case "header":
      return ["", `# ${text}`];
    case "divider":
      return ["----"];
    case "section":
      return [...text.split("\n"), ...(accessory === undefined ? [] : [`    ${pressed(accessory)}`])];
    case "context":
      return elements.map((each) => `~ ${Text.parse(each)}`);
    case "actions":
      return [elements.map((each) => pressed(Element.parse(each))).join(" ")];
    case "input":
      return [
        `${label}${block.optional === true ? " (optional)" : ""}: ${element === undefined ? "" : typed(element)}`,
        ...(hint === undefined ? [] : [`    ${hint}`]),
      ];
    default:
      return [`a block of type ${block.type}`];
  }
}

function pressed({ text = "", style, confirm }: z.infer<typeof Element>): string {
  const label = style === "primary" ? `[[${text}]]` : `[${text}]`;
  if (confirm === undefined) return label;
  return `${label} asks “${confirm.title} ${confirm.text}” [${confirm.confirm}] [${confirm.deny}]`;
}

function typed({
  type,
  initial_value: value,
  initial_date: date,
  initial_option: option,
}: z.infer<typeof Element>): string {
  return `<${type}> ${(value ?? date ?? option?.text ?? "").replaceAll("\n", "⏎")}`.trimEnd();
}

/** mrkdwn as Slack would read it. Text that was escaped comes back as it was given; what wasn't is seen to be a token. */
function read(mrkdwn: string): string {
  return mrkdwn
    .replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, "$1")
    .replaceAll(/<@([A-Z0-9]+)>/g, "@$1")
    .replaceAll(/<#([A-Z0-9]+)>/g, "#$1")
    .replaceAll(/<(https?:[^|>]+)\|([^>]*)>/g, "$2 ($1)")
    .replaceAll(/<([^>]*)>/g, "‼ UNESCAPED $1 ‼")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
