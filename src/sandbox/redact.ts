/** What people may see of a request: no token, no secret, not without end. Pure. */

const LONGEST = 4_000;
const LOOKED_AT = 4 * LONGEST;
const HIDDEN = "[hidden]";
const SECRET_NAMES = /^(?:token|authorization|access_token|assertion|client_secret|private_key|x-slack-signature)$/i;
/** Capabilities in addresses, and tokens wherever else they stand. */
const SECRETS: [RegExp, string][] = [
  [/xox[a-z]-[\w-]+|xapp-[\w-]+/g, HIDDEN],
  [/Bearer\s+[\w.~+/-]+=*/gi, `Bearer ${HIDDEN}`],
  [/(\bticket=)[\w-]+/g, `$1${HIDDEN}`],
  [/(\/(?:response|upload)\/\w+\/)[\w-]+/g, `$1${HIDDEN}`],
];
/** What a form carries as text but is JSON, for reading. */
const STRUCTURES = new Set(["blocks", "view", "metadata", "files", "payload", "attachments"]);

/** `secrets`: values that may stand nowhere, whatever their names. */
export function readable(value: unknown, secrets: readonly string[]): string {
  const whole = JSON.stringify(value, shown, 2) ?? "";
  // Hidden before it is cut: half a token is one too.
  let text = whole.slice(0, LOOKED_AT);
  for (const secret of secrets) text = text.replaceAll(secret, HIDDEN);
  for (const [pattern, put] of SECRETS) text = text.replaceAll(pattern, put);
  const left = whole.length - LONGEST;
  return left <= 0 ? text : `${text.slice(0, LONGEST)}\n… and ${left} more characters`;
}

function shown(name: string, value: unknown): unknown {
  if (SECRET_NAMES.test(name) && typeof value === "string") return HIDDEN;
  return STRUCTURES.has(name) && typeof value === "string" ? parsed(value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
