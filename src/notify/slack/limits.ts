/**
 * Slack's limits, the only place that knows them, and how to cut a text to them.
 *
 * Lengths count UTF-16 units, which is never fewer than Slack counts. Cutting never splits a character of two units, what
 * is joined to one, or an entity. `check-blocks.ts` says what Slack would refuse.
 */

export const limits = {
  messageText: 4000,
  messageBlocks: 50,
  modalBlocks: 100,
  /** Undocumented: all blocks of one message together are refused above about 13,200 characters. */
  messageCharacters: 12_000,
  /** Undocumented: what a block of text alone counts for beyond its JSON, so that many small ones are refused sooner. */
  messageBlockCharacters: 60,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  headerText: 150,
  contextElements: 10,
  contextText: 2000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  address: 3000,
  id: 255,
  inputLabel: 2000,
  inputHint: 2000,
  textInput: 3000,
  placeholder: 150,
  /** Of a select; Slack's own types say 75 for both. */
  options: 100,
  radioOptions: 10,
  optionText: 75,
  optionValue: 75,
  altText: 2000,
  imageTitle: 2000,
  /** Of an uploaded picture; that of an image block is `altText`. */
  fileAltText: 1000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** Title, submit and close of a modal, each. */
  modalWords: 24,
  privateMetadata: 3000,
  /** Slack says 250 KB, and not of which encoding. */
  viewBytes: 200_000,
  /** Of these, kept for what stands around a view's blocks. */
  viewFrameBytes: 8_000,
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

/** As UTF-8 JSON, which is how it travels. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
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
