/**
 * Text from outside, in a picture (T2).
 *
 * 1. What our fonts can't draw is shown as □ (`missing`): the picture is the same on every machine, and the alternative text has the name.
 * 2. A text is cut at whole characters, by widths that are Inter's own for ASCII and careful estimates for the rest.
 * 3. Markup is escaped, and what XML can't hold isn't let through.
 */

export type Weight = 400 | 600;

/**
 * First and last code points of what the fonts have: Latin, Greek, Cyrillic, Hebrew, Arabic and their punctuation. The marks
 * by which `oneLine` sets a right-to-left name apart (U+2068, U+2069) draw nothing.
 */
const inFonts: readonly (readonly [number, number])[] = [
  [0x0020, 0x007e],
  [0x00a0, 0x00ac],
  [0x00ae, 0x0148],
  [0x014a, 0x01c3],
  [0x01c6, 0x024f],
  [0x0300, 0x0304],
  [0x037a, 0x03d7],
  [0x0400, 0x0479],
  [0x0480, 0x049d],
  [0x04a0, 0x04ff],
  [0x0591, 0x05ea],
  [0x0600, 0x0604],
  [0x0606, 0x061b],
  [0x061e, 0x06ff],
  [0x1ea0, 0x1ef9],
  [0x2010, 0x2027],
  [0x2030, 0x2055],
  [0x2068, 0x2069],
  [0x2070, 0x2070],
  [0x2074, 0x208e],
  [0x20a0, 0x20af],
  [0x2190, 0x2193],
  [0x2212, 0x2212],
  [0x25a1, 0x25a1],
];

/** Control characters, and those that turn the direction of what follows. */
const unseen = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066\u2067\u{E0000}-\u{E007F}]/gu;

/** One line, as far as the fonts go. */
export function drawable(text: string): string {
  const line = text.normalize("NFC").replaceAll(unseen, " ").replaceAll(/\s+/g, " ").trim();
  return line.replaceAll(/[^ -~]+/gu, (beyondAscii) =>
    Array.from(beyondAscii, (character) => (isInFonts(character) ? character : missing))
      .join("")
      .replaceAll(/□{2,}/g, missing),
  );
}

/** In place of any number of characters that no font of ours has. */
export const missing = "□";

function isInFonts(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return inFonts.some(([first, last]) => code >= first && code <= last);
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (found) => entities[found] ?? found);
}

/** The text, or as much of it as there is room for with an ellipsis behind it; empty where not even that fits. */
export function fitted(text: string, font: { room: number; size: number; weight: Weight }): string {
  const { room } = font;
  if (textWidth(text, font) <= room) return text;
  let kept = "";
  let used = textWidth("…", font);
  if (used > room) return "";
  for (const { segment } of characters.segment(text)) {
    used += textWidth(segment, font);
    if (used > room) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * The text in at most `lines` lines, broken behind a space where it then fits, else behind `_` or `.`; what is left over ends
 * the last line with an ellipsis.
 */
export function wrapped(text: string, font: { room: number; size: number; weight: Weight; lines: number }): string[] {
  const { room, lines } = font;
  if (lines <= 1 || textWidth(text, font) <= room) return [fitted(text, font)];
  let shown = [fitted(text, font)];
  for (const breaks of [/(?<= )/u, /(?<=[_. ])/u]) {
    const first = startOf(text.split(breaks), font);
    if (first === "") continue;
    shown = [first.trimEnd(), ...wrapped(text.slice(first.length), { ...font, lines: lines - 1 })];
    if (shown.at(-1)?.endsWith("…") !== true) break;
  }
  return shown;
}

/** As many pieces as there is room for in one line. */
function startOf(pieces: readonly string[], font: { room: number; size: number; weight: Weight }): string {
  let start = "";
  for (const piece of pieces) {
    if (textWidth((start + piece).trimEnd(), font) > font.room) break;
    start += piece;
  }
  return start;
}

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** In the units of `size`. */
export function textWidth(text: string, { size, weight }: { size: number; weight: Weight }): number {
  let thousandths = 0;
  for (const character of text) thousandths += characterWidth(character, weight);
  return (thousandths * size) / 1000;
}

function characterWidth(character: string, weight: Weight): number {
  const table = weight === 400 ? regular : semiBold;
  const known = table[(character.codePointAt(0) ?? 0) - firstInTable] ?? others[character];
  if (known !== undefined) return known;
  if (/^[\p{M}\u2068\u2069]$/u.test(character)) return 0;
  const [base = ""] = character.normalize("NFD");
  return base === character ? otherLetter : characterWidth(base, weight);
}

/** Careful: the heavier weight's. */
const others: Readonly<Record<string, number>> = {
  "·": 319,
  "“": 507,
  "”": 507,
  "‘": 294,
  "’": 294,
  "–": 500,
  "—": 1000,
  "−": 673,
  "…": 956,
  "→": 954,
  "□": 914,
};
const otherLetter = 720;

/** Advance widths of U+0020 to U+007E in thousandths of the size; a test compares them with the fonts. */
const firstInTable = 0x20;
const regular = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646, 593, 620,
  566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269, 571, 672, 565, 903,
  753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471, 456, 323, 562, 612, 571, 612,
  583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528, 327, 591, 562, 818, 546, 562, 552, 426,
  333, 426, 662,
];
const semiBold = [
  252, 321, 523, 644, 650, 1004, 663, 326, 373, 373, 540, 673, 319, 465, 319, 379, 660, 423, 623, 636, 666, 612, 640,
  576, 640, 640, 319, 329, 673, 673, 673, 543, 999, 728, 659, 737, 722, 605, 588, 749, 746, 277, 580, 703, 565, 922,
  759, 769, 645, 773, 652, 650, 660, 736, 728, 1020, 720, 713, 652, 373, 379, 373, 481, 469, 351, 574, 624, 583, 624,
  591, 389, 625, 612, 262, 262, 569, 262, 900, 612, 609, 624, 624, 397, 549, 353, 612, 587, 839, 569, 588, 566, 455,
  359, 455, 673,
];
