/**
 * The templates' small language, read once when they are loaded:
 * `{{path}}`, `{{path | filter argument}}`, `{{#if path}} … {{else}} … {{/if}}`, `{{#each path}} … {{/each}}` (in which `item` and
 * `number`, from 1, are known). A tag of a block that stands alone on its line takes the line with it.
 */

export type TemplateNode =
  | { kind: "text"; text: string }
  | { kind: "value"; path: string; filter: { name: string; argument: string | null } | null; line: number }
  | { kind: "if"; path: string; there: TemplateNode[]; otherwise: TemplateNode[]; line: number }
  | { kind: "each"; path: string; body: TemplateNode[]; line: number };

/** Says where: the line, from 1. */
export class TemplateSyntaxError extends Error {
  override readonly name = "TemplateSyntaxError";
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

interface Token {
  text: string;
  line: number;
  isTag: boolean;
}

const pathPattern = /^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*$/;
const aloneOnItsLine = /^[ \t]*(\{\{(?:#(?:if|each)\s[^{}]*|\/(?:if|each)|else)\}\})[ \t]*\r?\n/gm;

export function parseTemplate(source: string): TemplateNode[] {
  return new Reader(tokensOf(source.replaceAll(aloneOnItsLine, "$1\uE000"))).nodes([]);
}

/** A removed line break leaves a mark, for the count of lines. */
function tokensOf(source: string): Token[] {
  let line = 1;
  return source.split(/(\{\{[^{}]*\}\})/).flatMap((part, index) => {
    const token = { text: part.replaceAll("\uE000", ""), line, isTag: index % 2 === 1 };
    line += part.match(/[\n\uE000]/g)?.length ?? 0;
    return token.text === "" ? [] : [token];
  });
}

class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  /** Up to one of `ends`, which is left for the caller; without it, the block that was opened is to blame. */
  nodes(ends: readonly string[], openedAt = 1): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      const tag = token.isTag ? tagText(token) : null;
      if (tag !== null && ends.includes(tag)) return nodes;
      this.#at += 1;
      nodes.push(tag === null ? textNode(token) : this.#node(tag, token.line));
    }
    if (ends.length > 0) throw new TemplateSyntaxError(`{{${ends.at(-1)}}} is missing`, openedAt);
    return nodes;
  }

  #node(tag: string, line: number): TemplateNode {
    const block = /^#(if|each)\s+(\S+)$/.exec(tag);
    if (block !== null)
      return block[1] === "if" ? this.#if(path(block[2], line), line) : this.#each(path(block[2], line), line);
    return valueNode(tag, line);
  }

  #if(condition: string, line: number): TemplateNode {
    const there = this.nodes(["else", "/if"], line);
    const hasElse = this.#tag() === "else";
    const otherwise = hasElse ? this.nodes(["/if"], line) : [];
    if (hasElse) this.#at += 1;
    return { kind: "if", path: condition, there, otherwise, line };
  }

  #each(list: string, line: number): TemplateNode {
    const body = this.nodes(["/each"], line);
    this.#at += 1;
    return { kind: "each", path: list, body, line };
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #tag(): string {
    const token = this.#peek();
    this.#at += 1;
    return token === undefined ? "" : tagText(token);
  }
}

function textNode({ text, line }: Token): TemplateNode {
  if (text.includes("{{") || text.includes("}}")) throw new TemplateSyntaxError("a tag is not closed", line);
  return { kind: "text", text };
}

function valueNode(tag: string, line: number): TemplateNode {
  const [value = "", filter, ...rest] = tag.split("|").map((part) => part.trim());
  if (rest.length > 0) throw new TemplateSyntaxError(`{{${tag}}} has more than one filter`, line);
  if (filter === undefined) return { kind: "value", path: path(value, line), filter: null, line };
  const [name = "", argument, ...more] = filter.split(/\s+/);
  if (more.length > 0) throw new TemplateSyntaxError(`the filter of {{${tag}}} takes at most one path`, line);
  return {
    kind: "value",
    path: path(value, line),
    filter: { name, argument: argument === undefined ? null : path(argument, line) },
    line,
  };
}

function tagText({ text }: Token): string {
  return text.slice(2, -2).trim();
}

function path(text: string | undefined, line: number): string {
  if (text !== undefined && pathPattern.test(text)) return text;
  throw new TemplateSyntaxError(`{{${text ?? ""}}} is neither a path nor a block`, line);
}
