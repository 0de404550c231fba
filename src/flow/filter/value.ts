/** The values of a filter: how texts become values, and how values compare. NULL is null, and stays it (three-valued logic). */
import { Temporal } from "temporal-polyfill";
import { compareIntervals, Interval } from "./interval.ts";

export type Value =
  string | number | boolean | Temporal.PlainDate | Temporal.PlainDateTime | Temporal.Instant | Interval | null;

/** Below, at or above zero. Both sides have the same type and aren't NULL: the checker has seen to it. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Temporal.PlainDate && b instanceof Temporal.PlainDate) return Temporal.PlainDate.compare(a, b);
  if (a instanceof Temporal.Instant && b instanceof Temporal.Instant) return Temporal.Instant.compare(a, b);
  if (a instanceof Temporal.PlainDateTime && b instanceof Temporal.PlainDateTime) {
    return Temporal.PlainDateTime.compare(a, b);
  }
  if (a instanceof Interval && b instanceof Interval) return compareIntervals(a, b);
  throw new TypeError("a filter compares values of different types");
}

/** By code point, PostgreSQL's "C" order: the same on every machine. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const left = Array.from(a);
  const right = Array.from(b);
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0) return -1;
  return (left[at]?.codePointAt(0) ?? -1) - (right[at]?.codePointAt(0) ?? -1);
}

/** As decimals, as PostgreSQL's numeric: 0.1 + 0.2 is 0.3. A sum has no more places after the point than what it sums. */
export function addNumbers(a: number, b: number): number {
  return Number((a + b).toFixed(Math.max(placesOf(a), placesOf(b))));
}

function placesOf(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  const places = (digits.split(".")[1] ?? "").length - Number(exponent);
  return Math.min(100, Math.max(0, places));
}

export function parseDate(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text.trim())) return null;
  return attempt(() => Temporal.PlainDate.from(text.trim()));
}

const timePattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** A time with its offset is an instant; one without is a local time, and a date alone is its midnight. */
export function parseTime(text: string): Temporal.Instant | Temporal.PlainDateTime | null {
  const match = timePattern.exec(text.trim());
  if (match === null) return null;
  const [, date = "", time = "00:00", offset] = match;
  if (offset === undefined)
    return attempt(() => Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: "reject" }));
  return attempt(() => Temporal.Instant.from(`${date}T${time}${offset}`));
}

/** As an operation that leaves the calendar: no value. PostgreSQL would end the query; one customer must not end a firing. */
export function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["t", true],
  ["yes", true],
  ["on", true],
  ["1", true],
  ["false", false],
  ["f", false],
  ["no", false],
  ["off", false],
  ["0", false],
]);

export function parseBoolean(text: string): boolean | null {
  return truths.get(text.trim().toLowerCase()) ?? null;
}

export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(trimmed) || trimmed.replace(/[^\d]|^[+-]?0+/g, "").length > 15) return null;
  return Number(trimmed);
}
