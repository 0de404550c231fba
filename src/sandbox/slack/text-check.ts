/** Slack's text object: `plain_text` or `mrkdwn`, never empty, never longer than its place allows. */
import { isObject, type Problems } from "./problems.ts";

export function checkText(
  parameters: { text: unknown; at: string; longest: number; plain?: boolean },
  problems: Problems,
): void {
  const { text, at, longest, plain = false } = parameters;
  if (text === undefined) return problems.add(`missing required field: ${at.split("/").at(-1)}`, at);
  if (!isObject(text)) return problems.add("must be an object", at);
  const allowed = plain ? ["plain_text"] : ["plain_text", "mrkdwn"];
  if (!allowed.includes(String(text["type"])))
    return problems.add(`unsupported type: ${String(text["type"])}`, `${at}/type`);
  problems.text(text["text"], `${at}/text`, longest);
}
