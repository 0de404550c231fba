/**
 * Regular expressions in JSONata's `/…/`, searched in a time that grows with the text alone.
 *
 * - R1. RE2's language: what a backtracking search needs (look-around, back-references) is refused when the flow is loaded.
 * - R2. A search is bounded by pattern and text together, and each costs its meter: many short ones could add up too.
 */
import { RE2JS, RE2JSSyntaxException } from "re2js";
import { LimitError } from "./meter.ts";
import type { Meter } from "./meter.ts";

/** Instructions of the pattern times characters of the text: a quarter of a second at worst. */
const mostWork = 5_000_000;
const mostKept = 500;

/** What JSONata's functions take for a regular expression: the first match from there on. */
type Searcher = (text: string, from?: number) => Match | undefined;

/** And `next`, the one behind it. */
interface Match {
  match: string;
  start: number;
  end: number;
  groups: (string | undefined)[];
}

const kept = new Map<string, RE2JS>();

/** Null: it can be used. */
export function regexProblem({ source, flags }: Pick<RegExp, "source" | "flags">): string | null {
  try {
    compiled(source, flags);
    return null;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return reason(error.message);
  }
}

export function searcher({ source, flags, meter }: { source: string; flags: string; meter: Meter }): Searcher {
  const pattern = compiled(source, flags);
  const search: Searcher = (text, from = 0) => {
    if (pattern.programSize() * text.length > mostWork)
      throw new LimitError("a text is too long for this regular expression");
    const matcher = pattern.matcher(text);
    const isFound = matcher.find(from);
    meter.searched((isFound ? matcher.end() : text.length) - from);
    if (!isFound) return undefined;
    const [start, end] = [matcher.start(), matcher.end()];
    const groups = Array.from({ length: matcher.groupCount() }, (_, index) => matcher.group(index + 1) ?? undefined);
    const match = { match: text.slice(start, end), start, end, groups };
    // Hidden, as it is no data: a function that replaces gets the match to look at.
    return Object.defineProperty(match, "next", { value: () => next(text, end) });
  };
  const next = (text: string, from: number) => {
    const found = from >= text.length ? undefined : search(text, from);
    if (found?.match === "") throw new LimitError("the regular expression matches nothing at all, again and again");
    return found;
  };
  return search;
}

function compiled(source: string, flags: string): RE2JS {
  const key = `${flags}/${source}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const options = (flags.includes("i") ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes("m") ? RE2JS.MULTILINE : 0);
  const pattern = RE2JS.compile(RE2JS.translateRegExp(source), options);
  const oldest = kept.keys().next().value;
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(key, pattern);
  return pattern;
}

function reason(message: string): string {
  const said = message.replace(/^error parsing regexp: /, "");
  if (/Perl syntax: `\(\?(?:<?[=!])/.test(said))
    return "a regular expression can't look ahead or behind here: its time must grow with the text alone";
  if (/escape sequence: `\\[1-9k]/.test(said))
    return "a regular expression can't refer back to a group here: its time must grow with the text alone";
  return `this regular expression can't be used: ${said}`;
}
