/**
 * Slack's limits, the only place that knows them, and how to stay within them.
 *
 * Lengths count UTF-16 units, which is never fewer than Slack counts. Cutting never splits a character of two units, what
 * is joined to one, or an entity. `checkBlocks` says what Slack would refuse; tests hold every card against it.
 */
import type { KnownBlock, SectionBlock } from "@slack/types";

export const limits = {
  messageText: 4000,
  messageBlocks: 50,
  modalBlocks: 100,
  /** Undocumented: all blocks of one message together are refused above about 13,200 characters. */
  messageCharacters: 12_000,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  headerText: 150,
  contextElements: 10,
  contextText: 2000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  id: 255,
  textInput: 3000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
} as const;

/** At most `maxLength` units, the last one an ellipsis where something was cut. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength <= 0) return "";
  return `${wholeCharacters(text, maxLength - 1)}…`;
}

/** The same for text that is escaped already: an entity or a `<…>` is kept whole or dropped whole. */
export function truncateEscaped(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  if (maxLength <= 0) return "";
  const cut = wholeCharacters(text, maxLength - 1);
  return `${cut.replace(/<[^>]*$/, "").replace(/&[a-z]{0,3}$/, "")}…`;
}

/** Joins as many whole lines as fit; what was left out is said by the last line. */
export function fitLines(lines: readonly string[], maxLength: number, more: (left: number) => string): string {
  const full = lines.join("\n");
  if (full.length <= maxLength) return full;
  for (let kept = lines.length - 1; kept > 0; kept -= 1) {
    const text = [...lines.slice(0, kept), more(lines.length - kept)].join("\n");
    if (text.length <= maxLength) return text;
  }
  return truncateEscaped(full, maxLength);
}

function wholeCharacters(text: string, maxLength: number): string {
  let end = maxLength;
  while (end > 0 && isJoined(text, end)) end -= 1;
  return text.slice(0, end);
}

/** Would cutting here part a surrogate pair, a combining mark, a variation or a joined emoji from what it belongs to? */
function isJoined(text: string, at: number): boolean {
  const next = text.slice(at, at + 2);
  const before = text[at - 1] ?? "";
  return /^[\uDC00-\uDFFF]/.test(next) || /^(?:\p{M}|\u200D|\uFE0F)/u.test(next) || before === "\u200D";
}

export function checkBlocks(blocks: readonly KnownBlock[], surface: "message" | "modal" = "message"): string[] {
  const most = surface === "message" ? limits.messageBlocks : limits.modalBlocks;
  const problems = blocks.flatMap((block, index) => checkBlock(block).map((problem) => `blocks[${index}]: ${problem}`));
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  if (new Set(ids).size < ids.length) problems.push("two blocks have one block_id");
  if (blocks.length > most) problems.push(`${blocks.length} blocks, ${most} allowed`);
  const characters = JSON.stringify(blocks).length;
  if (surface === "message" && characters > limits.messageCharacters)
    problems.push(`${characters} characters together, ${limits.messageCharacters} allowed`);
  return problems;
}

function checkBlock(block: KnownBlock): string[] {
  if (block.type === "section") return checkSection(block);
  if (block.type === "header") return within("text", block.text.text, limits.headerText);
  if (block.type === "divider") return [];
  if (block.type === "context")
    return [
      ...atMost("elements", block.elements, limits.contextElements),
      ...block.elements.flatMap((each) => ("text" in each ? within("text", each.text, limits.contextText) : [])),
    ];
  if (block.type === "actions")
    return [
      ...atMost("elements", block.elements, limits.actionsElements),
      ...block.elements.flatMap((element) => checkElement(element)),
    ];
  return [`the cards use no block of type ${block.type}`];
}

function checkSection(block: SectionBlock): string[] {
  return [
    ...(block.text === undefined ? [] : within("text", block.text.text, limits.sectionText)),
    ...(block.text === undefined && block.fields === undefined ? ["neither text nor fields"] : []),
    ...atMost("fields", block.fields ?? [], limits.sectionFields),
    ...(block.fields ?? []).flatMap((field) => within("field", field.text, limits.sectionField)),
  ];
}

interface CheckedElement {
  type: string;
  action_id?: string;
  text?: unknown;
  value?: string;
}

function checkElement(element: CheckedElement): string[] {
  if (element.type !== "button") return [`the cards use no element of type ${element.type}`];
  const label =
    element.text !== null && typeof element.text === "object" && "text" in element.text ? element.text.text : "";
  return [
    ...within("button text", typeof label === "string" ? label : "", limits.buttonText),
    ...within("value", element.value ?? "", limits.buttonValue),
    ...within("action_id", element.action_id ?? "", limits.id),
  ];
}

function within(name: string, text: string, most: number): string[] {
  if (text.length === 0) return [`${name} is empty`];
  return text.length > most ? [`${name} has ${text.length} characters, ${most} allowed`] : [];
}

function atMost(name: string, items: readonly unknown[], most: number): string[] {
  return items.length > most ? [`${name} holds ${items.length}, ${most} allowed`] : [];
}
