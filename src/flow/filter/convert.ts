/** Types: which ones go together, and how one side takes the other's, as PostgreSQL does it without being asked. */
import { Temporal } from "temporal-polyfill";
import { parseInterval } from "./interval.ts";
import type { LiteralNode, Node, ValueType } from "./node.ts";
import { parseBoolean, parseDate, parseNumber, parseTime } from "./value.ts";
import type { Value } from "./value.ts";
import type { Report } from "./problem.ts";

/** For people, with its article. */
export const typeNames: Readonly<Record<ValueType, string>> = {
  text: "a text",
  numeric: "a number",
  integer: "a whole number",
  boolean: "true or false",
  date: "a date",
  timestamp: "a local date and time",
  timestamptz: "an instant",
  interval: "an interval",
  unknown: "a text",
};

/** Each goes into the ones after it. */
const timeTypes: readonly ValueType[] = ["date", "timestamp", "timestamptz"];

export function isNumber(type: ValueType): boolean {
  return type === "numeric" || type === "integer";
}

export function isTime(type: ValueType): boolean {
  return timeTypes.includes(type);
}

/** The one type that all of them can be read as; null where there is none. */
export function commonType(types: readonly ValueType[]): ValueType | null {
  const [first = "text", ...others]: ValueType[] = types.filter((type) => type !== "unknown");
  if (others.every((type) => type === first)) return first;
  const all = [first, ...others];
  if (all.every(isNumber)) return "numeric";
  if (all.every(isTime)) return timeTypes.findLast((type) => all.includes(type)) ?? null;
  return null;
}

/** The node read as the type, which `commonType` has found; null when its text can't be read so, which is reported. */
export function coerce(node: Node, type: ValueType, report: Report): Node | null {
  if (node.kind === "literal" && node.type === "unknown") return readLiteral(node, type, report);
  if (node.type === type || (isNumber(node.type) && isNumber(type))) return node;
  if (isTime(node.type) && timeTypes.indexOf(node.type) < timeTypes.indexOf(type)) {
    return { kind: "convert", type, offset: node.offset, operand: node };
  }
  report(node.offset, `this is ${typeNames[node.type]}, where ${typeNames[type]} is needed`);
  return null;
}

/** An explicit cast: what is done unasked, and the ways back from an instant to its local day. */
export function cast(node: Node, type: ValueType, report: Report): Node | null {
  if (node.type === "unknown") return coerce(node, type, report);
  const isBack = isTime(node.type) && isTime(type) && timeTypes.indexOf(node.type) > timeTypes.indexOf(type);
  return isBack ? { kind: "convert", type, offset: node.offset, operand: node } : coerce(node, type, report);
}

function readLiteral(node: LiteralNode, type: ValueType, report: Report): Node | null {
  if (typeof node.value !== "string") return { ...node, type };
  const text = node.value;
  if (type === "timestamptz" || type === "timestamp") return readTime(node, { text, type }, report);
  const value = readText(text, type);
  if (value !== null) return { ...node, type, value };
  report(node.offset, `'${text}' is not ${typeNames[type]}${examples[type] ?? ""}`);
  return null;
}

const examples: Partial<Record<ValueType, string>> = {
  date: "; write it as '2027-01-31'",
  timestamp: "; write it as '2027-01-31 09:00'",
  timestamptz: "; write it as '2027-01-31 09:00' or with its offset, '2027-01-31T09:00+02:00'",
  interval: "; write it as '30 days', '1 month' or '2 days 04:30', in whole numbers",
  boolean: "; write true or false",
};

function readText(text: string, type: ValueType): Value {
  switch (type) {
    case "text":
    case "unknown":
      return text;
    case "numeric":
      return parseNumber(text);
    case "integer":
      return /^\s*[+-]?\d+\s*$/.test(text) ? parseNumber(text) : null;
    case "boolean":
      return parseBoolean(text);
    case "date":
      return parseDate(text);
    case "interval":
      return parseInterval(text);
    case "timestamp":
    case "timestamptz":
      return parseTime(text);
  }
}

/** Without an offset it is a local time; PostgreSQL would drop an offset from one silently, which is never meant. */
function readTime(node: LiteralNode, { text, type }: { text: string; type: ValueType }, report: Report): Node | null {
  const value = parseTime(text);
  if (value instanceof Temporal.PlainDateTime) return coerce({ ...node, type: "timestamp", value }, type, report);
  if (value !== null && type === "timestamptz") return { ...node, type, value };
  report(node.offset, `'${text}' is not ${typeNames[type]}${examples[type] ?? ""}`);
  return null;
}
