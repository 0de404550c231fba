/**
 * A filter as far as the database can narrow by it: SQL that is true for every customer for whom the filter is true.
 *
 * - The filter is evaluated again on what comes back, so a condition may let too many through, never too few.
 * - What has no field in it is calculated here, with the filter's own clock and zone, and bound as a value.
 * - Only columns of the field's own type are asked: a text that holds a date could fail on the server.
 * - Zones stay here: a day against an instant is asked two days wider, so that two time zone databases can't differ.
 */
import { Temporal } from "temporal-polyfill";
import { Interval, toTimestamp } from "../../../flow/filter/interval.ts";
import type { LikePattern } from "../../../flow/filter/like.ts";
import { type CompareNode, type CompareOperator, type Node, someNode } from "../../../flow/filter/node.ts";
import type { Moment } from "../../../flow/filter/evaluate.ts";
import type { Value } from "../../../flow/filter/value.ts";
import type { Column } from "./catalogue.ts";
import { constantOf } from "./constant.ts";
import { textTypes } from "./field.ts";

export interface PushedCondition {
  sql: string;
  values: (string | number | boolean)[];
}

interface Context {
  columns: ReadonlyMap<string, Column>;
  moment: Moment;
  /** Filled as SQL is written: `$1` is the first. */
  values: (string | number | boolean)[];
  /** Placeholders that others have before ours. */
  offset: number;
}

/** Null: nothing of it can be asked. `offset`: how many values the query has already. */
export function pushDown(
  node: Node,
  asked: { columns: ReadonlyMap<string, Column>; moment: Moment; offset: number },
): PushedCondition | null {
  const context: Context = { ...asked, values: [] };
  const sql = wide(node, context);
  return sql === null ? null : { sql, values: context.values };
}

/** True wherever the node is. */
function wide(node: Node, context: Context): string | null {
  const kept = context.values.length;
  const sql = widest(node, context);
  // What was bound for a part that came to nothing would be a value without a place.
  if (sql === null) context.values.length = kept;
  return sql;
}

function widest(node: Node, context: Context): string | null {
  if (node.kind === "and" || node.kind === "or") {
    const left = wide(node.left, context);
    const right = wide(node.right, context);
    if (left !== null && right !== null) return `(${left} ${node.kind.toUpperCase()} ${right})`;
    return node.kind === "and" ? (left ?? right) : null;
  }
  return exact(node, context) ?? (node.kind === "compare" ? (days(node, context) ?? letters(node, context)) : null);
}

/** What it is for every customer, NULL included; null where the server could see it otherwise. */
function exact(node: Node, context: Context): string | null {
  const kept = context.values.length;
  const sql = hasField(node) ? translate(node, context) : bind(constantOf(node, context.moment), node, context);
  if (sql === null) context.values.length = kept;
  return sql;
}

function hasField(node: Node): boolean {
  return someNode(node, ({ kind }) => kind === "field");
}

function translate(node: Node, context: Context): string | null {
  switch (node.kind) {
    case "field":
      return fieldSql(context.columns.get(node.name));
    case "compare": {
      if (node.left.type === "interval" || node.right.type === "interval") return null;
      return both(node, context, node.operator === "!=" ? "<>" : node.operator);
    }
    case "and":
    case "or":
      return both(node, context, node.kind.toUpperCase());
    case "not":
      return around(exact(node.operand, context), (sql) => `(NOT ${sql})`);
    case "is": {
      const test = `IS ${node.isNegated ? "NOT " : ""}${node.test.toUpperCase()}`;
      return around(exact(node.operand, context), (sql) => `(${sql} ${test})`);
    }
    case "like": {
      if (node.ignoresCase) return null;
      const operand = exact(node.operand, context);
      return around(operand, (sql) => `(${sql} LIKE ${place(patternText(node.pattern), "text", context)})`);
    }
    case "coalesce": {
      const operands = node.operands.map((operand) => exact(operand, context));
      return operands.includes(null) ? null : `coalesce(${operands.join(", ")})`;
    }
    case "convert":
      return node.operand.type === "date" && node.type === "timestamp"
        ? around(exact(node.operand, context), (sql) => `(${sql})::timestamp`)
        : null;
    case "add":
    case "subtract":
      return sum(node, context);
    // Letters as this machine folds them, and decimals: both stay here.
    case "lower":
    case "upper":
    case "negate":
    case "literal":
    case "now":
    case "today":
      return null;
  }
}

function around(sql: string | null, write: (sql: string) => string): string | null {
  return sql === null ? null : write(sql);
}

function both({ left, right }: { left: Node; right: Node }, context: Context, operator: string): string | null {
  const a = exact(left, context);
  const b = a === null ? null : exact(right, context);
  return a === null || b === null ? null : `(${a} ${operator} ${b})`;
}

/** Days between days, and a day or local time moved by whole months, days and time. */
function sum(node: Extract<Node, { kind: "add" | "subtract" }>, context: Context): string | null {
  const { left, right, kind } = node;
  if (left.type === "date" && right.type === "date") return around(both(node, context, "-"), (sql) => `${sql}::float8`);
  const [time, amount] = left.type === "interval" ? [right, left] : [left, right];
  if (amount.type !== "interval" || hasField(amount) || (time.type !== "date" && time.type !== "timestamp"))
    return null;
  const by = constantOf(amount, context.moment);
  if (!(by instanceof Interval)) return null;
  const moved = kind === "add" ? by : by.negated();
  return around(
    exact(time, context),
    // Months before days before time, each on its own, as the evaluator does.
    (sql) =>
      `(${sql} + ${place(`${moved.months} months ${moved.days} days ${moved.microseconds} microseconds`, "interval", context)})`,
  );
}

const turned: Readonly<Record<CompareOperator, CompareOperator>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

/** No zone is further from its neighbour, and no change of the clocks is larger. */
const slack = { days: 2 };

/** A day or local time against an instant. */
function days({ left, right, operator }: CompareNode, context: Context): string | null {
  if (hasField(left) === hasField(right)) return null;
  const [side, other, order] = hasField(left) ? [left, right, operator] : [right, left, turned[operator]];
  if (side.kind !== "convert" || side.type !== "timestamptz") return null;
  const at = constantOf(other, context.moment);
  if (!(at instanceof Temporal.Instant)) return null;
  const sql = exact(side.operand, context);
  if (sql === null) return null;
  const local = toTimestamp(at, context.moment.zone);
  const isDay = side.operand.type === "date";
  const bound = (time: Temporal.PlainDateTime) =>
    isDay ? place(time.toPlainDate().toString(), "date", context) : place(time.toString(), "timestamp", context);
  const below = () => `${sql} <= ${bound(local.add(slack))}`;
  const above = () => `${sql} >= ${bound(local.subtract(slack))}`;
  if (order === "!=") return `(${sql} IS NOT NULL)`;
  if (order === "=") return `(${below()} AND ${above()})`;
  return `(${order.startsWith("<") ? below() : above()})`;
}

/** In whatever letters, where they are of ASCII: those alone the server folds as this machine does, but for İ and the kelvin sign. */
function letters({ left, right, operator }: CompareNode, context: Context): string | null {
  const [side, other] = left.kind === "lower" ? [left, right] : [right, left];
  if (operator !== "=" || side.kind !== "lower" || hasField(other)) return null;
  const text = constantOf(other, context.moment);
  if (typeof text !== "string" || /[^\0-\x7f]/.test(text)) return null;
  return around(
    exact(side.operand, context),
    (sql) => `(lower(translate(${sql}, U&'\\0130\\212A', 'ik') COLLATE "C") = ${place(text, "text", context)})`,
  );
}

/** What JavaScript's `trim` takes away: the cell readers do. */
const blanks =
  "\\t\\n\\x0b\\f\\r \\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

/** A field as the readers give it. Texts compare by code point, numbers as doubles. */
function fieldSql(column: Column | undefined): string | null {
  if (column === undefined) return null;
  const { sql, type, field } = column;
  switch (field.kind) {
    case "id":
      return textTypes.has(type) || column.isEnum ? `(${sql}::text COLLATE "C")` : null;
    case "text":
      return textTypes.has(type) || column.isEnum
        ? `(nullif(btrim(${sql}::text, E'${blanks}'), '') COLLATE "C")`
        : null;
    case "number":
      if (type === "float4") return `${sql}::text::float8`;
      return ["int2", "int4", "int8", "numeric", "float8"].includes(type) ? `${sql}::float8` : null;
    case "boolean":
      return type === "bool" ? sql : null;
    case "date":
      return type === "date" ? sql : null;
    case "instant":
      return type === "timestamptz" ? sql : null;
    case "word":
    case "dateOrInstant":
    case "month":
      return null;
  }
}

const sqlTypes: Readonly<Partial<Record<Node["type"], string>>> = {
  text: "text",
  numeric: "float8",
  integer: "float8",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
};

function bind(value: Value, { type }: Node, context: Context): string | null {
  const sqlType = sqlTypes[type];
  if (sqlType === undefined || value instanceof Interval) return null;
  if (value === null) return `NULL::${sqlType}`;
  return place(typeof value === "object" ? value.toString() : value, sqlType, context);
}

function place(value: string | number | boolean, type: string, { values, offset }: Context): string {
  values.push(value);
  return `$${offset + values.length}::${type}${type === "text" ? ' COLLATE "C"' : ""}`;
}

function patternText(pattern: LikePattern): string {
  return pattern
    .map((part) => {
      if (part.kind === "many") return "%";
      return part.kind === "one" ? "_" : part.character.replace(/[%_\\]/, "\\$&");
    })
    .join("");
}
