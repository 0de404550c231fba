/**
 * Text from outside in Slack's mrkdwn (T2).
 *
 * 1. `<!channel>` as a customer's name pings nobody: `& < >` become entities, as Slack asks.
 * 2. mrkdwn has no escape for its marks, so one that could open or close a style is shown by a character that looks alike;
 *    inside a word (`dana_reyes@…`) it stands as it is.
 * 3. A text is cut before it is escaped, so no entity is ever cut in half.
 */
import { truncate } from "./limits.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const lookalikes: Readonly<Record<string, string>> = { "*": "∗", _: "ˍ", "~": "∼", "`": "ˋ" };

export function escapeMrkdwn(text: string): string {
  return text
    .replaceAll(mark, (found) => lookalikes[found] ?? found)
    .replaceAll(/[&<>]/g, (found) => entities[found] ?? found);
}

/** A mark beside a letter or digit on both sides opens and closes nothing. */
const mark = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu;

/** One line from outside, cut to a length and escaped: what most places of a card want. */
export function piece(text: string, maxLength = 200): string {
  return escapeMrkdwn(oneLine(text, maxLength));
}

/** The same without escapes, for `plain_text`. */
export function oneLine(text: string, maxLength = 200): string {
  const line = truncate(text.replaceAll(unseen, " ").replaceAll(/\s+/g, " ").trim(), maxLength);
  return rightToLeft.test(line) ? `\u2068${truncate(line, maxLength - 2)}\u2069` : line;
}

/** Set apart, or it would turn the order of the figures beside it. */
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Control characters, and those that turn the direction of what follows: a name must not rewrite the line after it. */
const unseen = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;
