/**
 * A checked predicate at work: each node becomes a function once, so that a firing over ten thousand customers walks no tree.
 * Three-valued logic: NULL is null, and a condition that gives NULL selects nobody.
 */
import { Temporal } from "temporal-polyfill";
import type { Customer } from "../customer.ts";
import { addToInstant, addToTimestamp, between, Interval, toInstant, toTimestamp } from "./interval.ts";
import { lower, matchesLike, upper } from "./like.ts";
import { someNode } from "./node.ts";
import type { CompareNode, CompareOperator, FieldNode, LogicalNode, Node } from "./node.ts";
import { addNumbers, attempt, compareValues, parseDate, parseTime } from "./value.ts";
import type { Value } from "./value.ts";

/** The instant that `now()` is, the same for the whole firing, and what doesn't change during it. */
export interface Moment {
  now: Temporal.Instant;
  today: Temporal.PlainDate;
  zone: string;
  constants: Map<Node, Value>;
}

export interface Row {
  customer: Customer;
  moment: Moment;
}

export type Evaluate = (row: Row) => Value;

export function momentOf({ now, timezone }: { now: number; timezone: string }): Moment {
  const instant = Temporal.Instant.fromEpochMilliseconds(now);
  return {
    now: instant,
    today: instant.toZonedDateTimeISO(timezone).toPlainDate(),
    zone: timezone,
    constants: new Map(),
  };
}

export function compile(node: Node): Evaluate {
  const evaluate = compileNode(node);
  if (node.kind === "literal" || someNode(node, ({ kind }) => kind === "field")) return evaluate;
  return (row) => {
    const known = row.moment.constants.get(node);
    if (known !== undefined) return known;
    const value = evaluate(row);
    row.moment.constants.set(node, value);
    return value;
  };
}

function compileNode(node: Node): Evaluate {
  switch (node.kind) {
    case "literal":
      return () => node.value;
    case "now":
      return ({ moment }) => moment.now;
    case "today":
      return ({ moment }) => moment.today;
    case "field":
      return compileField(node);
    case "compare":
      return compileComparison(node);
    case "and":
    case "or":
      return compileLogical(node);
    case "not":
      return onValue(node.operand, (value) => value !== true);
    case "is":
      return compileIs(node);
    case "like":
      return compileLike(node);
    case "lower":
      return onText(node.operand, lower);
    case "upper":
      return onText(node.operand, upper);
    case "negate":
      return onValue(node.operand, (value) => (value instanceof Interval ? value.negated() : 0 - Number(value)));
    case "convert":
      return onValue(node.operand, (value, { moment }) => attempt(() => convert(value, node.type, moment)));
    case "add":
    case "subtract":
      return compileSum(node);
    case "coalesce": {
      const operands = node.operands.map(compile);
      return (row) => {
        for (const operand of operands) {
          const value = operand(row);
          if (value !== null) return value;
        }
        return null;
      };
    }
  }
}

function compileLike({ pattern, ignoresCase, operand }: Extract<Node, { kind: "like" }>): Evaluate {
  if (!ignoresCase) return onText(operand, (text) => matchesLike(text, pattern));
  const folded = pattern.map((part) =>
    part.kind === "character" ? { ...part, character: lower(part.character) } : part,
  );
  return onText(operand, (text) => matchesLike(lower(text), folded));
}

/** NULL in, NULL out. */
function onValue(operand: Node, change: (value: Exclude<Value, null>, row: Row) => Value): Evaluate {
  const evaluate = compile(operand);
  return (row) => {
    const value = evaluate(row);
    return value === null ? null : change(value, row);
  };
}

function onText(operand: Node, change: (text: string) => Value): Evaluate {
  return onValue(operand, (value) => (typeof value === "string" ? change(value) : null));
}

function compileField({ name, type }: FieldNode): Evaluate {
  if (type === "date") {
    return ({ customer }) => {
      const value = customer[name];
      return typeof value === "string" ? parseDate(value) : null;
    };
  }
  if (type !== "timestamptz") return ({ customer }) => customer[name];
  return ({ customer, moment }) => {
    const value = customer[name];
    const time = typeof value === "string" ? parseTime(value) : null;
    return time instanceof Temporal.PlainDateTime ? toInstant(time, moment.zone) : time;
  };
}

const decide: Readonly<Record<CompareOperator, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function compileComparison(node: CompareNode): Evaluate {
  const left = compile(node.left);
  const right = compile(node.right);
  const holds = decide[node.operator];
  return (row) => {
    const a = left(row);
    const b = a === null ? null : right(row);
    return a === null || b === null ? null : holds(compareValues(a, b));
  };
}

/** FALSE decides an AND, and TRUE an OR, even beside NULL. */
function compileLogical({ kind, left, right }: LogicalNode): Evaluate {
  const first = compile(left);
  const second = compile(right);
  const deciding = kind === "or";
  return (row) => {
    const a = first(row);
    if (a === deciding) return deciding;
    const b = second(row);
    if (b === deciding) return deciding;
    return a === null || b === null ? null : !deciding;
  };
}

function compileIs({ test, isNegated, operand }: Extract<Node, { kind: "is" }>): Evaluate {
  const evaluate = compile(operand);
  const wanted = test === "null" ? null : test === "true";
  return (row) => (evaluate(row) === wanted) !== isNegated;
}

function convert(value: Value, type: Node["type"], { zone }: Moment): Value {
  const time = value instanceof Temporal.PlainDate ? value.toPlainDateTime() : value;
  if (time instanceof Temporal.PlainDateTime) {
    return type === "timestamptz" ? toInstant(time, zone) : type === "date" ? time.toPlainDate() : time;
  }
  if (!(time instanceof Temporal.Instant)) return time;
  const local = toTimestamp(time, zone);
  return type === "date" ? local.toPlainDate() : local;
}

function compileSum(node: Extract<Node, { kind: "add" | "subtract" }>): Evaluate {
  const left = compile(node.left);
  const right = compile(node.right);
  return (row) => {
    const a = left(row);
    const b = right(row);
    if (a === null || b === null) return null;
    return attempt(() => (node.kind === "add" ? add(a, b, row.moment) : subtract(a, b, row.moment)));
  };
}

function add(a: Value, b: Value, { zone }: Moment): Value {
  if (typeof a === "number" && typeof b === "number") return addNumbers(a, b);
  if (a instanceof Interval && b instanceof Interval) return a.plus(b);
  const [time, amount] = a instanceof Interval || typeof a === "number" ? [b, a] : [a, b];
  if (time instanceof Temporal.PlainDate && typeof amount === "number") return time.add({ days: amount });
  if (!(amount instanceof Interval)) throw new TypeError("a filter adds what can't be added");
  if (time instanceof Temporal.PlainDate) return addToTimestamp(time.toPlainDateTime(), amount);
  if (time instanceof Temporal.PlainDateTime) return addToTimestamp(time, amount);
  if (time instanceof Temporal.Instant) return addToInstant(time, amount, zone);
  throw new TypeError("a filter adds what can't be added");
}

function subtract(a: Value, b: Value, moment: Moment): Value {
  if (typeof b === "number") return add(a, 0 - b, moment);
  if (b instanceof Interval) return add(a, b.negated(), moment);
  if (a instanceof Temporal.PlainDate && b instanceof Temporal.PlainDate)
    return b.until(a, { largestUnit: "day" }).days;
  if (a instanceof Temporal.Instant && b instanceof Temporal.Instant) return between(a, b);
  if (a instanceof Temporal.PlainDateTime && b instanceof Temporal.PlainDateTime) {
    return between(toInstant(a, "UTC"), toInstant(b, "UTC"));
  }
  throw new TypeError("a filter subtracts what can't be subtracted");
}
