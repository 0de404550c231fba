/** Slack's own additions to blocks: ids where none were given, and the flags of its text objects. Pure. */
import type { Block } from "./message.ts";
import { isObject, type Fields } from "./problems.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** `index` makes ids that are unique within the message. */
export function fillBlocks(blocks: readonly Fields[], seed: string): Block[] {
  // The seed may be a whole message: it is read once.
  const root = shortId(seed);
  return blocks.map((block, index) => fillBlock(block, `${root}/${index}`));
}

function fillBlock(block: Fields, seed: string): Block {
  const filled: Block = { ...fillTexts(block), block_id: block["block_id"] || shortId(seed) };
  if (block["type"] === "actions" && Array.isArray(filled["elements"])) {
    filled["elements"] = filled["elements"].map((element: unknown, index) => fillElement(element, `${seed}/${index}`));
  }
  for (const place of ["accessory", "element"]) {
    if (filled[place] !== undefined) filled[place] = fillElement(filled[place], `${seed}/${place}`);
  }
  return filled;
}

function fillElement(element: unknown, seed: string): unknown {
  if (!isObject(element) || element["type"] === "image") return element;
  return { ...element, action_id: element["action_id"] || shortId(seed) };
}

/** Text objects at any depth; other values as they are. */
function fillTexts(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fillText(value)]));
}

function fillText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fillText);
  if (!isObject(value)) return value;
  if (value["type"] === "plain_text" && typeof value["text"] === "string") return { emoji: true, ...value };
  if (value["type"] === "mrkdwn" && typeof value["text"] === "string") return { verbatim: false, ...value };
  return fillTexts(value);
}

/** Five letters, the same for the same place: FNV-1a, which is enough to tell blocks of one message apart. */
function shortId(seed: string): string {
  let hash = 0x811c9dc5;
  for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  let id = "";
  for (let rest = hash; id.length < 5; rest = Math.floor(rest / ALPHABET.length))
    id += ALPHABET.charAt(rest % ALPHABET.length);
  return id;
}
