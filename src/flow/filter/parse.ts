/** The edge to the SQL parser: text in, its tree out, its complaints in our words. */
import { parse } from "pgsql-ast-parser";
import type { Expr } from "pgsql-ast-parser";
import type { Report } from "./problem.ts";

/** Null when something was reported. */
export function parseExpression(text: string, report: Report): Expr | null {
  try {
    // With options it gives a list, typed as statements; the entry makes it one expression.
    const [expression]: unknown[] = parse(text, { entry: "expr", locationTracking: true });
    if (isExpression(expression)) return expression;
    report(0, "there is no condition here");
  } catch (error) {
    const token = tokenOf(error);
    if (token === null) report(text.length, "the condition isn't complete, or a word before this is out of place");
    else report(token.offset, explain(token.text));
  }
  return null;
}

function isExpression(parsed: unknown): parsed is Expr {
  return typeof parsed === "object" && parsed !== null && "type" in parsed;
}

function tokenOf(error: unknown): { offset: number; text: string } | null {
  if (!(error instanceof Error) || !("token" in error)) return null;
  const { token } = error;
  if (typeof token !== "object" || token === null || !("offset" in token) || !("text" in token)) return null;
  return typeof token.offset === "number" && typeof token.text === "string"
    ? { offset: token.offset, text: token.text }
    : null;
}

const hints: Readonly<Record<string, string>> = {
  similar: "similar to isn't allowed; like and ilike are, with % and _",
  distinct: "is [not] distinct from isn't allowed; compare with = and is null",
  unknown: "write is null",
  symmetric: "write the smaller bound first, without symmetric",
  not: "put parentheses around not and what follows it",
};

function explain(word: string): string {
  const known = word.toLowerCase();
  return Object.hasOwn(hints, known) ? (hints[known] ?? "") : `"${word}" is out of place here`;
}
