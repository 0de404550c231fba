/**
 * PostgreSQL's intervals: months, days and microseconds, kept apart because only the calendar and the zone say how long a month
 * or a day is. Months are added first and clamped to the month's end, then days on the local calendar, then time.
 */
import { Temporal } from "temporal-polyfill";

export class Interval {
  readonly months: number;
  readonly days: number;
  readonly microseconds: number;

  constructor({ months = 0, days = 0, microseconds = 0 }: { months?: number; days?: number; microseconds?: number }) {
    this.months = months;
    this.days = days;
    this.microseconds = microseconds;
  }

  negated(): Interval {
    return new Interval({ months: 0 - this.months, days: 0 - this.days, microseconds: 0 - this.microseconds });
  }

  plus(other: Interval): Interval {
    return new Interval({
      months: this.months + other.months,
      days: this.days + other.days,
      microseconds: this.microseconds + other.microseconds,
    });
  }
}

const secondMicros = 1_000_000;
const dayMicros = 86_400 * secondMicros;
/** A thousand years: nothing that a filter adds up in its 2,048 characters leaves the calendar. */
const maxMonths = 12_000;
const maxDays = 366_000;

type Part = (count: number) => { months?: number; days?: number; microseconds?: number };
const units: readonly (readonly [RegExp, Part])[] = [
  [/^(?:years?|yrs?)$/, (count) => ({ months: 12 * count })],
  [/^(?:months?|mons?)$/, (count) => ({ months: count })],
  [/^weeks?$/, (count) => ({ days: 7 * count })],
  [/^days?$/, (count) => ({ days: count })],
  [/^(?:hours?|hrs?)$/, (count) => ({ microseconds: 3600 * secondMicros * count })],
  [/^(?:minutes?|mins?)$/, (count) => ({ microseconds: 60 * secondMicros * count })],
  [/^(?:seconds?|secs?)$/, (count) => ({ microseconds: secondMicros * count })],
];

/** `30 days`, `1 month -2 days`, `1 day 04:30:00`, `2 weeks ago`; null for anything else. */
export function parseInterval(text: string): Interval | null {
  const words = text.trim().toLowerCase().split(/\s+/);
  const isAgo = words.length > 1 && words.at(-1) === "ago";
  if (isAgo) words.pop();
  let sum = new Interval({});
  for (let index = 0; index < words.length;) {
    const clock = parseClock(words[index] ?? "");
    const part = clock ?? parsePart(words[index] ?? "", words[index + 1] ?? "");
    if (part === null) return null;
    sum = sum.plus(part);
    index += clock === null ? 2 : 1;
  }
  return isBounded(sum) ? (isAgo ? sum.negated() : sum) : null;
}

function parsePart(count: string, unit: string): Interval | null {
  if (!/^[+-]?\d{1,9}$/.test(count)) return null;
  const known = units.find(([name]) => name.test(unit));
  return known === undefined ? null : new Interval(known[1](Number(count)));
}

function parseClock(text: string): Interval | null {
  const match = /^([+-]?)(\d{1,4}):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (match === null) return null;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return new Interval({ microseconds: (match[1] === "-" ? -1 : 1) * seconds * secondMicros });
}

function isBounded({ months, days, microseconds }: Interval): boolean {
  return Math.abs(months) <= maxMonths && Math.abs(days) <= maxDays && Math.abs(microseconds) <= maxDays * dayMicros;
}

/** A month counts 30 days and a day 24 hours, for comparing only. */
export function compareIntervals(a: Interval, b: Interval): number {
  return daysOf(a) - daysOf(b) || microsOf(a) - microsOf(b);
}

function daysOf({ months, days, microseconds }: Interval): number {
  return months * 30 + days + Math.floor(microseconds / dayMicros);
}

function microsOf({ microseconds }: Interval): number {
  return microseconds - Math.floor(microseconds / dayMicros) * dayMicros;
}

export function addToTimestamp(time: Temporal.PlainDateTime, by: Interval): Temporal.PlainDateTime {
  return time.add({ months: by.months }).add({ days: by.days }).add({ microseconds: by.microseconds });
}

/** Between the steps the time is an instant again, as in PostgreSQL: a step may end in a gap of the clocks. */
export function addToInstant(at: Temporal.Instant, by: Interval, zone: string): Temporal.Instant {
  const afterMonths = by.months === 0 ? at : toInstant(toTimestamp(at, zone).add({ months: by.months }), zone);
  const afterDays =
    by.days === 0 ? afterMonths : toInstant(toTimestamp(afterMonths, zone).add({ days: by.days }), zone);
  return afterDays.add({ microseconds: by.microseconds });
}

/** Whole days and the rest, both with the sign of the whole. */
export function between(later: Temporal.Instant, earlier: Temporal.Instant): Interval {
  const micros = (later.epochNanoseconds - earlier.epochNanoseconds) / 1000n;
  const day = BigInt(dayMicros);
  return new Interval({ days: Number(micros / day), microseconds: Number(micros % day) });
}

export function toTimestamp(at: Temporal.Instant, zone: string): Temporal.PlainDateTime {
  return at.toZonedDateTimeISO(zone).toPlainDateTime();
}

/** A skipped local time moves forward by the gap, a repeated one is its second pass: PostgreSQL's choice ("later" is both). */
export function toInstant(time: Temporal.PlainDateTime, zone: string): Temporal.Instant {
  return time.toZonedDateTime(zone, { disambiguation: "later" }).toInstant();
}
