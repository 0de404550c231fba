/**
 * Filters: PostgreSQL predicates over `customer.*`, allow-listed and type-checked when they are loaded, evaluated here. A source
 * may narrow the rows beforehand; what is said here is what counts.
 *
 * The predicates of a list are joined by AND, and a customer matches when the whole is true: NULL isn't. `now()` is the instant
 * that the caller gives, `current_date` that zone's day, and a date compares with an instant as its local midnight. Days and
 * months run on the zone's calendar, months clamped to their end. Texts compare by code point.
 */
import type { Customer } from "./customer.ts";
import { checkCondition } from "./filter/check.ts";
import { compile, momentOf } from "./filter/evaluate.ts";
import type { Evaluate, Moment } from "./filter/evaluate.ts";
import type { Node } from "./filter/node.ts";
import { parseExpression } from "./filter/parse.ts";
import type { FilterProblem, Report } from "./filter/problem.ts";
import { readConjuncts } from "./filter/token.ts";
import { warningsOf } from "./filter/warning.ts";

export type { FilterProblem } from "./filter/problem.ts";

export interface FilterRow {
  customer: Customer;
  /** The scheduled instant, or the command's: one for a whole firing. */
  now: number;
  timezone: string;
}

export interface Filter {
  matches(row: FilterRow): boolean;
  /** One for each condition that AND joins at the top, in order; null is NULL. */
  explain(row: FilterRow): { text: string; value: boolean | null }[];
  /** The conditions' texts, as `explain` has them. */
  texts: string[];
  /** The conditions as they were checked, for a source that narrows by them. */
  nodes: readonly Node[];
}

export type CompiledFilter =
  { ok: true; filter: Filter; warnings: FilterProblem[] } | { ok: false; problems: FilterProblem[] };

/** Bounds the time that loading a flow takes. */
const maxPredicates = 20;

export function compileFilter({ predicates }: { predicates: string[] }): CompiledFilter {
  if (predicates.length > maxPredicates) {
    const message = `a filter may have ${maxPredicates} predicates; this one has ${predicates.length}`;
    return { ok: false, problems: [{ predicate: maxPredicates, offset: 0, message }] };
  }
  const problems: FilterProblem[] = [];
  const conditions = predicates.flatMap((text, predicate) => {
    const report: Report = (offset, message) => problems.push({ predicate, offset, message });
    return readPredicate(text, report).map((condition) => ({ ...condition, predicate }));
  });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, filter: toFilter(conditions), warnings: warningsOf(conditions) };
}

interface Condition {
  text: string;
  /** From the nodes' places to those in the predicate. */
  placeOf: (offset: number) => number;
  node: Node;
}

/** What could be read; the rest is reported. */
function readPredicate(text: string, report: Report): Condition[] {
  return (readConjuncts(text, report) ?? []).flatMap((conjunct) => {
    const placed: Report = (offset, message) => report(conjunct.placeOf(offset), message);
    const expression = parseExpression(conjunct.sql, placed);
    const node = expression === null ? null : checkCondition(expression, placed);
    return node === null ? [] : [{ text: conjunct.text, placeOf: conjunct.placeOf, node }];
  });
}

function toFilter(conditions: readonly Condition[]): Filter {
  const texts = conditions.map(({ text }) => text);
  const evaluators: Evaluate[] = conditions.map(({ node }) => compile(node));
  const momentFor = keepMoment();
  return {
    texts,
    nodes: conditions.map(({ node }) => node),
    matches(row) {
      const moment = momentFor(row);
      return evaluators.every((evaluate) => evaluate({ customer: row.customer, moment }) === true);
    },
    explain(row) {
      const moment = momentFor(row);
      return evaluators.map((evaluate, index) => {
        const value = evaluate({ customer: row.customer, moment });
        return { text: texts[index] ?? "", value: typeof value === "boolean" ? value : null };
      });
    },
  };
}

/** A firing asks with one instant and zone for thousands of customers: what doesn't change is calculated once. */
function keepMoment(): (row: FilterRow) => Moment {
  let kept: { now: number; timezone: string; moment: Moment } | null = null;
  return ({ now, timezone }) => {
    if (kept?.now !== now || kept.timezone !== timezone) kept = { now, timezone, moment: momentOf({ now, timezone }) };
    return kept.moment;
  };
}
