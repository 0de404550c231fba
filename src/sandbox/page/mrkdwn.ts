/**
 * Slack's mrkdwn as a tree of tokens. Pure: no DOM, so that it can be tested with hostile text (T2).
 *
 * 1. Nothing is lost: what isn't markup comes out as text, character for character (entities aside).
 * 2. A link token carries only http, https or mailto; any other `<…>` stays visible as it was written.
 * 3. Emoji shortcodes stay text.
 */
import { safeLink } from "./safe-url.ts";

export type Style = "bold" | "italic" | "strike";

export type Token =
  | { kind: "text"; text: string }
  | { kind: Style; children: Token[] }
  | { kind: "code"; children: Token[] }
  | { kind: "pre"; children: Token[] }
  | { kind: "quote"; children: Token[] }
  | { kind: "link"; url: string; label: string }
  | { kind: "user"; id: string; label: string }
  | { kind: "channel"; id: string; label: string }
  | { kind: "broadcast"; name: string }
  | { kind: "date"; seconds: number; format: string; url: string | null; fallback: string };

const STYLES: Record<string, Style> = { "*": "bold", _: "italic", "~": "strike" };

export function parseMrkdwn(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = 0;
  for (const fence of source.matchAll(/```\n?([\s\S]+?)\n?```/g)) {
    tokens.push(...parseLines(source.slice(rest, fence.index)));
    tokens.push({ kind: "pre", children: parsePlain(fence[1] ?? "") });
    rest = fence.index + fence[0].length;
    if (source[rest] === "\n") rest += 1;
  }
  tokens.push(...parseLines(source.slice(rest)));
  return tokens;
}

/** Text as a person would read it aloud, for notices and labels. */
export function plainText(tokens: Token[]): string {
  return tokens.map(tokenText).join("");
}

function tokenText(token: Token): string {
  switch (token.kind) {
    case "text":
      return token.text;
    case "link":
    case "user":
    case "channel":
      return token.label;
    case "broadcast":
      return `@${token.name}`;
    case "date":
      return token.fallback;
    case "bold":
    case "italic":
    case "strike":
    case "code":
    case "pre":
    case "quote":
      return plainText(token.children);
  }
}

/** Lines that start with `>` are gathered into one quote. */
function parseLines(source: string): Token[] {
  const tokens: Token[] = [];
  let quoted: string[] = [];
  let plain: string[] = [];
  const endQuote = (): void => {
    if (quoted.length > 0) tokens.push({ kind: "quote", children: parseInline(quoted.join("\n")) });
    quoted = [];
  };
  const endPlain = (): void => {
    if (plain.length > 0) tokens.push(...parseInline(plain.join("\n")));
    plain = [];
  };
  if (source === "") return tokens;
  for (const line of source.split("\n")) {
    const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quote) {
      endPlain();
      quoted.push(quote[1] ?? "");
    } else {
      endQuote();
      plain.push(line);
    }
  }
  endQuote();
  endPlain();
  return tokens;
}

function parseInline(source: string, open: readonly Style[] = []): Token[] {
  const tokens: Token[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") tokens.push({ kind: "text", text: unescapeEntities(text) });
    text = "";
  };
  let at = 0;
  while (at < source.length) {
    const found = tokenAt(source, at, open);
    if (found === null) {
      text += source[at];
      at += 1;
      continue;
    }
    flush();
    tokens.push(found.token);
    at = found.end;
  }
  flush();
  return tokens;
}

interface Found {
  token: Token;
  end: number;
}

function tokenAt(source: string, at: number, open: readonly Style[]): Found | null {
  const character = source[at] ?? "";
  if (character === "<") return angleAt(source, at);
  if (character === "`") return codeAt(source, at);
  const style = STYLES[character];
  if (style === undefined || open.includes(style)) return null;
  const close = closingOf(source, at, character);
  if (close === null) return null;
  return {
    token: { kind: style, children: parseInline(source.slice(at + 1, close), [...open, style]) },
    end: close + 1,
  };
}

function codeAt(source: string, at: number): Found | null {
  const match = /^`([^`\n]+)`/.exec(source.slice(at));
  if (!match) return null;
  return { token: { kind: "code", children: parsePlain(match[1] ?? "") }, end: at + match[0].length };
}

/** A style opens before a word and closes behind one, on the same line: `2 * 3 * 4` and `snake_case_name` stay text. */
function closingOf(source: string, at: number, mark: string): number | null {
  if (isWord(source[at - 1]) || isSpace(source[at + 1]) || source[at + 1] === mark) return null;
  for (let index = at + 2; index < source.length && source[index] !== "\n"; index += 1) {
    if (source[index] === "<") index = Math.max(index, source.indexOf(">", index));
    else if (source[index] === mark && !isSpace(source[index - 1]) && !isWord(source[index + 1])) return index;
  }
  return null;
}

/** Inside code only `<…>` and entities count. */
function parsePlain(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = 0;
  for (const angle of source.matchAll(/<[^<>\n]+>/g)) {
    const found = angleAt(source, angle.index);
    if (found === null) continue;
    if (angle.index > rest) tokens.push({ kind: "text", text: unescapeEntities(source.slice(rest, angle.index)) });
    tokens.push(found.token);
    rest = found.end;
  }
  if (rest < source.length) tokens.push({ kind: "text", text: unescapeEntities(source.slice(rest)) });
  return tokens;
}

function angleAt(source: string, at: number): Found | null {
  const match = /^<([^<>\n]+)>/.exec(source.slice(at, at + 4000));
  if (!match) return null;
  const token = reference(match[1] ?? "");
  return token === null ? null : { token, end: at + match[0].length };
}

function reference(inner: string): Token | null {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : unescapeEntities(inner.slice(bar + 1));
  const named = /^([@#])([A-Z0-9]+)$/.exec(target);
  if (named)
    return { kind: named[1] === "@" ? "user" : "channel", id: named[2] ?? "", label: label || (named[2] ?? "") };
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = unescapeEntities(target);
  if (url.startsWith("#") || safeLink(url) === null) return null;
  return { kind: "link", url, label: label || url.replace(/^mailto:/, "") };
}

function special(command: string, label: string): Token | null {
  if (command === "here" || command === "channel" || command === "everyone")
    return { kind: "broadcast", name: command };
  const date = /^date\^(\d{1,12})\^([^^]+)(?:\^(.+))?$/.exec(command);
  if (date)
    return {
      kind: "date",
      seconds: Number(date[1]),
      format: unescapeEntities(date[2] ?? ""),
      url: date[3] === undefined ? null : safeLink(unescapeEntities(date[3])),
      fallback: label,
    };
  return label === "" ? null : { kind: "text", text: label };
}

export function unescapeEntities(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}
