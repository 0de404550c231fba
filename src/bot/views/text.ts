/** Pieces of text that several views share: safe (T2), short enough for a row, in words. */
import type { ExecutionHeader } from "../../flow/record.ts";
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

/** Whom an execution is about: by name, by id where the name is blank; null: about nobody. */
export function aboutOf({
  customer_name: name,
  customer_id: id,
}: Pick<ExecutionHeader, "customer_name" | "customer_id">): string | null {
  return name !== null && name.trim() !== "" ? name : id;
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
