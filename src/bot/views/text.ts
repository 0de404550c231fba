/** Pieces of text that several views share: safe (T2), short enough for a row, in words. */
import { list } from "../../notify/slack/format.ts";
import { piece } from "../../notify/slack/escape.ts";

/** From outside, in a row of a list. */
export function shown(text: string, maxLength = 80): string {
  return piece(text, maxLength);
}

/** Ids and what can be typed stand as code; a backtick inside is shown by its lookalike. */
export function code(text: string): string {
  return `\`${shown(text)}\``;
}

/** "Dana Reyes or a RevOps lead". */
export function anyOf(names: string[]): string {
  return names.length === 0
    ? "nobody"
    : list(
        names.map((name) => shown(name)),
        "or",
      );
}
