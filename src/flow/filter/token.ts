/**
 * The words of a predicate, before the SQL parser sees it. Not a parser: it refuses what the parser would take in another sense
 * than PostgreSQL, or at too high a price, and finds where the top-level conjuncts begin and end.
 *
 * K1. Nothing gets through that isn't in the alphabet of filters: no comments, dollar quotes, parameters, escape strings.
 * K2. At most one comparison (=, <, like, in, between, is …) between two logical words, without parentheses. There the parser
 *     binds IS tighter than PostgreSQL does, and takes chains that PostgreSQL refuses.
 * K3. Length and depth are bounded, so that parsing is.
 */
import type { Report } from "./problem.ts";

export const maxLength = 2048;
const maxDepth = 32;
const maxDigits = 15;

export interface Token {
  kind: "word" | "quoted" | "string" | "number" | "symbol";
  /** Lower case for words. */
  text: string;
  start: number;
  end: number;
}

/** A part of a predicate: one of the conditions that AND joins at its top level. */
export interface Conjunct {
  text: string;
  /** The same with one space between the words: the parser's lexer takes `arr -1` for a name and a number. */
  sql: string;
  offset: number;
  /** From a place in `sql` to the one in the predicate. */
  placeOf: (sqlOffset: number) => number;
}

const pattern =
  /\s+|(?<word>[A-Za-z_]\w*)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<number>\d+(?:\.\d*)?|\.\d+)|(?<symbol>::|<=|>=|<>|!=|[-+<>=(),.])/y;
const comparisons: ReadonlySet<string> = new Set(["=", "<", ">", "<=", ">=", "<>", "!="]);
const relations: ReadonlySet<string> = new Set(["is", "isnull", "notnull", "like", "ilike", "in", "between"]);

const hints: readonly (readonly [RegExp, string])[] = [
  [/^(?:--|\/\*)/, "comments aren't allowed inside a filter; YAML has its own, after #"],
  [/^!?~/, "regular expressions aren't allowed; like and ilike are, with % and _"],
  [/^\$/, "parameters and dollar quotes aren't allowed; write the value, text in 'single quotes'"],
  [/^;/, "a filter is one predicate; leave out the semicolon"],
  [/^[*/%^]/, "only + and - are allowed in calculations"],
  [/^\|\|/, "joining texts isn't allowed in a filter"],
  [/^'/, "this text has no closing quote"],
  [/^"/, "this name has no closing quote"],
  [/^[‘’“”]/, "this is a typographic quote; write '"],
  [/^==/, "write = once"],
];

/** The conjuncts of a predicate; null when something was reported. */
export function readConjuncts(text: string, report: Report): Conjunct[] | null {
  if (text.length > maxLength) {
    report(maxLength, `a predicate may have ${maxLength} characters; this one has ${text.length}`);
    return null;
  }
  const tokens = readTokens(text, report);
  if (tokens === null) return null;
  if (tokens.length === 0) {
    report(0, "the predicate is empty");
    return null;
  }
  const shape = readShape(tokens, report);
  return shape === null ? null : cut(tokens, { text, shape }, report);
}

function readTokens(text: string, report: Report): Token[] | null {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    pattern.lastIndex = start;
    const match = /^(?:--|\/\*|==)/.test(text.slice(start, start + 2)) ? null : pattern.exec(text);
    const token = match === null ? null : toToken(match, start);
    const fault =
      match === null ? unexpected(text.slice(start)) : token === null ? null : faultOf(token, tokens.at(-1));
    if (match === null || fault !== null) {
      report(start, fault ?? "");
      return null;
    }
    if (token !== null) tokens.push(token);
    start += match[0].length;
  }
  return tokens;
}

function toToken(match: RegExpExecArray, start: number): Token | null {
  const [text] = match;
  for (const kind of ["word", "string", "quoted", "number", "symbol"] as const) {
    if (match.groups?.[kind] === undefined) continue;
    return { kind, text: kind === "word" ? text.toLowerCase() : text, start, end: start + text.length };
  }
  return null;
}

function faultOf(token: Token, before: Token | undefined): string | null {
  const touches = before !== undefined && before.end === token.start;
  if (token.kind === "string" && touches && before.text === "e") return "write the text in plain quotes, without the E";
  if (token.kind === "number" && token.text.replace(/^0+|\./g, "").length > maxDigits) {
    return `a number may have ${maxDigits} digits`;
  }
  if (touches && before.kind === "number" && token.kind !== "symbol") {
    return `"${before.text}${token.text}" is not a number; write it in plain digits`;
  }
  return null;
}

function unexpected(rest: string): string {
  const hint = hints.find(([sign]) => sign.test(rest));
  return hint === undefined ? `"${Array.from(rest)[0] ?? ""}" isn't part of the filter language` : hint[1];
}

/** What stands between a pair of parentheses, or at the top. */
interface Group {
  open: Token | null;
  /** Whether a comma may stand in it: an IN list, a call. */
  lists: boolean;
  relation: Token | null;
  betweens: number;
}

interface Shape {
  ands: Token[];
  hasOr: boolean;
}

function readShape(tokens: readonly Token[], report: Report): Shape | null {
  const shape: Shape = { ands: [], hasOr: false };
  const groups: Group[] = [{ open: null, lists: false, relation: null, betweens: 0 }];
  for (const [index, token] of tokens.entries()) {
    const fault = take(token, { groups, shape, before: tokens[index - 1], after: tokens[index + 1] });
    if (fault === null) continue;
    report(token.start, fault);
    return null;
  }
  const open = groups.at(-1)?.open ?? null;
  if (open === null) return shape;
  report(open.start, "this parenthesis isn't closed");
  return null;
}

interface Around {
  groups: Group[];
  shape: Shape;
  before: Token | undefined;
  after: Token | undefined;
}

/** Moves on by one token; a sentence when it can't be there. */
function take(token: Token, around: Around): string | null {
  const group = around.groups.at(-1);
  if (group === undefined || token.kind === "string" || token.kind === "quoted") return null;
  // After a dot, a word is a field's name, whatever else it means.
  if (around.before?.text === "." || token.kind === "number") return null;
  if (token.text === "(") return openGroup(token, around);
  if (token.text === ")") return around.groups.length === 1 ? lonely : closeGroup(around);
  if (token.text === ",") return comma(group);
  if (token.text === "and" || token.text === "or") return logical(token, group, around);
  return comparisons.has(token.text) || relations.has(token.text) ? relation(token, group, around) : null;
}

const lonely = "this parenthesis was never opened";

function openGroup(token: Token, { groups, before }: Around): string | null {
  if (groups.length > maxDepth) return `parentheses may be ${maxDepth} deep`;
  const lists = before !== undefined && (before.kind === "word" || before.kind === "quoted") && !isLogical(before.text);
  groups.push({ open: token, lists, relation: null, betweens: 0 });
  return null;
}

function closeGroup({ groups }: Around): null {
  groups.pop();
  return null;
}

function comma(group: Group): string | null {
  group.relation = null;
  return group.lists ? null : "a comma belongs in a list after in, or in a function's brackets";
}

function logical(token: Token, group: Group, { groups, shape }: Around): null {
  if (token.text === "and" && group.betweens > 0) {
    group.betweens -= 1;
    return null;
  }
  group.relation = null;
  if (groups.length > 1) return null;
  if (token.text === "or") shape.hasOr = true;
  else shape.ands.push(token);
  return null;
}

function relation(token: Token, group: Group, { after }: Around): string | null {
  if (group.relation !== null) {
    return `"${group.relation.text}" and "${token.text}" in a row can be read in two ways; put parentheses around the inner one`;
  }
  if (token.text === "in" && after?.text !== "(") return "after in comes a list in parentheses";
  group.relation = token;
  if (token.text === "between") group.betweens += 1;
  return null;
}

function isLogical(text: string): boolean {
  return text === "and" || text === "or" || text === "not" || text === "between";
}

/** AND binds tighter than OR, so that an OR at the top leaves one conjunct. */
function cut(
  tokens: readonly Token[],
  { text, shape }: { text: string; shape: Shape },
  report: Report,
): Conjunct[] | null {
  const conjuncts: Conjunct[] = [];
  let from = 0;
  for (const and of [...(shape.hasOr ? [] : shape.ands), null]) {
    const to = and === null ? tokens.length : tokens.indexOf(and);
    const part = tokens.slice(from, to);
    if (part.length === 0) {
      report(and?.start ?? text.length, "a condition is missing beside this and");
      return null;
    }
    conjuncts.push(toConjunct(part, text));
    from = to + 1;
  }
  return conjuncts;
}

function toConjunct(tokens: readonly Token[], text: string): Conjunct {
  const offset = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? text.length;
  const starts: number[] = [];
  let sql = "";
  for (const token of tokens) {
    starts.push(sql.length);
    sql += `${token.text} `;
  }
  return {
    text: text.slice(offset, end),
    sql: sql.trimEnd(),
    offset,
    placeOf: (sqlOffset) =>
      sqlOffset >= sql.length - 1 ? end : (tokens[lastAtMost(starts, sqlOffset)]?.start ?? offset),
  };
}

function lastAtMost(starts: readonly number[], offset: number): number {
  return starts.findLastIndex((start) => start <= offset);
}
