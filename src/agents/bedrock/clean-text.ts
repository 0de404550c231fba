/**
 * Text that others wrote, on its way to a model, and a model's on its way to people: without what can't be seen and without
 * what Slack would act on. It is still not to be believed.
 */
import type { Json } from "../../flow/json.ts";

/** Control, bidirectional, zero-width and tag characters, and variation selectors: what hides words from people. */
const unseen = /\p{C}|\p{Variation_Selector}|\p{Zl}|\p{Zp}/gu;
/** `<!channel>`, `<@U1>`, `<#C1>`, `<https://…|words>`. */
const slackToken = /<(?:[!@#][^>]*|https?:[^>]*|mailto:[^>]*)>/gi;

/** `most`: characters that are kept. */
export function cleanText(text: string, most: number): string {
  const seen = text
    .replaceAll(/[\n\r\t]/g, " ")
    .replaceAll(unseen, "")
    .replaceAll(slackToken, " ");
  const tidy = Array.from(seen.replaceAll(/ {2,}/g, " ").trim());
  return tidy.length <= most ? tidy.join("") : `${tidy.slice(0, most - 1).join("")}…`;
}

/** All texts of a document; its keys are ours. */
export function cleanTexts(json: Json, most: number): Json {
  if (typeof json === "string") return cleanText(json, most);
  if (Array.isArray(json)) return json.map((one) => cleanTexts(one, most));
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, cleanTexts(value, most)]));
}
