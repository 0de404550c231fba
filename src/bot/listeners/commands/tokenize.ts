/** One line into tokens: spaces part them, quotes keep them together, typographic quotes count as straight ones. */

export interface Token {
  /** Without its quotes. */
  text: string;
  /** Where the first `=` outside quotes stands in `text`; null without one. */
  equalsAt: number | null;
  /** Some part of it stood in quotes, an empty one included. */
  quoted: boolean;
}

const closing: ReadonlyMap<string, string> = new Map([
  ['"', '"“”'],
  ["“", '"“”'],
  ["”", '"“”'],
  ["„", '"“”'],
  ["«", "»"],
  ["'", "'‘’"],
  ["‘", "'‘’"],
]);
const single = "'‘";

export function tokenize(line: string): Token[] | "unclosed" {
  const tokens: Token[] = [];
  let token: Token | null = null;
  let closers: string | null = null;
  for (const character of line) {
    if (closers !== null && token !== null) {
      if (closers.includes(character)) closers = null;
      else token.text += character;
    } else if (/\s/.test(character)) {
      token = null;
    } else {
      if (token === null) tokens.push((token = { text: "", equalsAt: null, quoted: false }));
      const closer = opens(token, character);
      if (closer !== null) {
        closers = closer;
        token.quoted = true;
      } else append(token, character);
    }
  }
  return closers === null ? tokens : "unclosed";
}

/** An apostrophe within a word is a letter ("O'Brien"); a single quote opens only where a token or a value begins. */
function opens(token: Token, character: string): string | null {
  const begins = token.text === "" || token.equalsAt === token.text.length - 1;
  if (single.includes(character) && !begins) return null;
  return closing.get(character) ?? null;
}

function append(token: Token, character: string): void {
  if (character === "=" && token.equalsAt === null) token.equalsAt = token.text.length;
  token.text += character;
}
