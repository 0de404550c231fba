/**
 * Secrets out of what is shown of a log (T3): values under keys that name a secret, and key material wherever it stands.
 * Pure. Non-job: it knows no secret by its value, so a password in plain prose stays.
 */
import type { Json } from "../flow/json.ts";

export const redacted = "[redacted]";

/** Words of a key, in any spelling: `apiKey`, `API_KEY` and `x-api-key` are the same. */
const secretWords = new Set(
  "password passwords passwd pwd passphrase passcode secret secrets token tokens authorization auth credential credentials cookie jwt bearer".split(
    " ",
  ),
);
const secretPairs = /(?:api|access|private|secret|signing|encryption|webhook)key/;

export function redact(value: Json): Json {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== "object") return value;
  const fields = Object.entries(value).map(([key, own]) => [
    redactText(key),
    namesSecret(key) ? hidden(own) : redact(own),
  ]);
  return Object.fromEntries(fields);
}

/** That there is none, or whether there is one, tells nothing. */
function hidden(value: Json): Json {
  return value === null || typeof value === "boolean" ? value : redacted;
}

export function namesSecret(key: string): boolean {
  const words = key
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
  return words.some((word) => secretWords.has(word)) || secretPairs.test(words.join(""));
}

const assigned = /((?:pass(?:word|wd|phrase)|pwd|secret|token|authorization|api[_-]?key)["']?\s*[=:]\s*)/.source;

/** Without quotes; the sentence's own full stop isn't part of it. */
const bare = /[^\s"',;&}\]]*[^\s"',;&}\].):!?]/.source;

/** What is kept of a match stands in its first group. */
const patterns: readonly RegExp[] = [
  // A key in PEM; one that is cut off ends with the text.
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // `Authorization: Bearer …`, `password=…`, also within JSON.
  new RegExp(`${assigned}(?:"[^"]*"?|'[^']*'?|(?:(?:bearer|basic)\\s+)?${bare})`, "gi"),
  /(\bbearer\s+)[\w.~+/=-]{6,}/gi,
  // Slack's tokens and webhooks, AWS's key ids, Standard Webhooks, Stripe, OpenAI, GitHub, GitLab, Google.
  /()\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[\w-]{4,}/gi,
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/gi,
  /()\b(?:AKIA|ASIA|AROA|AIDA)[A-Z\d]{12,}/g,
  /()\bwhsec_[\w+/=-]+/gi,
  /()\b(?:sk|pk|rk)[-_](?:(?:live|test|proj|ant)[-_])?[\w-]{16,}/g,
  /()\b(?:gh[a-z]_|github_pat_|glpat-)[\w-]{16,}/g,
  /()\bAIza[\w-]{30,}/g,
  // A JWT: three parts of base64url, the first of which begins with `{"`.
  /()\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g,
  // A password in an address.
  /(:\/\/[^\s/:@]{1,200}:)[^\s/@]{1,200}(?=@)/g,
];

export function redactText(text: string): string {
  return patterns.reduce((kept, pattern) => kept.replaceAll(pattern, `$1${redacted}`), text);
}
