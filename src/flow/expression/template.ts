/**
 * Templates: text with `${…}` in it.
 *
 * - A brace within a JSONata string, a back-quoted name or a comment doesn't end the expression.
 * - `$${` writes `${`.
 */

export type TemplatePart =
  | { kind: "text"; text: string }
  /** `offset` is where the expression itself begins, after `${`. */
  | { kind: "expression"; source: string; offset: number };

export type Template =
  | {
      ok: true;
      parts: TemplatePart[];
      /** The text is one `${…}` and nothing else, so the value keeps its type. */
      whole: boolean;
    }
  | { ok: false; offset: number; message: string };

export function splitTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      literal += "${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      const end = closingBrace(text, at + 2);
      if (end === null) {
        return { ok: false, offset: at, message: 'this "${" has no closing "}"; for the two characters write "$${"' };
      }
      if (literal !== "") parts.push({ kind: "text", text: literal });
      literal = "";
      parts.push({ kind: "expression", source: text.slice(at + 2, end), offset: at + 2 });
      at = end + 1;
    } else {
      literal += text.charAt(at);
      at += 1;
    }
  }
  if (literal !== "") parts.push({ kind: "text", text: literal });
  return { ok: true, parts, whole: parts.length === 1 && parts[0]?.kind === "expression" };
}

/** Where the `}` stands that ends an expression beginning at `from`. */
function closingBrace(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' || char === "'" || char === "`") at = endOfQuoted(text, at);
    // Only in a regular expression: what stands behind it is a character.
    else if (char === "\\") at += 1;
    else if (text.startsWith("/*", at)) at = endOfComment(text, at);
    else if (char === "{") depth += 1;
    else if (char === "}" && depth === 0) return at;
    else if (char === "}") depth -= 1;
  }
  return null;
}

function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === "\\" && quote !== "`") at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return text.length;
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf("*/", start + 2);
  return end === -1 ? text.length : end + 1;
}
