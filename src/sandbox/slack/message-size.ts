/**
 * How large all blocks of one message are together. Slack documents no figure: it refused 13,297 characters of markdown and
 * 13,172 beside a divider, and about a hundred more for each header. So each block but markdown counts as its texts and 125.
 * Only `chat.*` asks; an answer through a response address isn't measured. Pure.
 */
import { isObject } from "./problems.ts";

const LARGEST_MESSAGE = 13_200;
const BLOCK_COST = 125;

export function isTooLarge(blocks: readonly unknown[]): boolean {
  return blocks.reduce<number>((size, block) => size + sizeOf(block), 0) > LARGEST_MESSAGE;
}

function sizeOf(block: unknown): number {
  const isMarkdown = isObject(block) && block["type"] === "markdown";
  return textLength(block) + (isMarkdown ? 0 : BLOCK_COST);
}

/** Whatever stands under `text`, at any depth: what people read. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((length, item: unknown) => length + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (length, [name, item]) => length + (name === "text" && typeof item === "string" ? item.length : textLength(item)),
    0,
  );
}
