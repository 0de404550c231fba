/** A period as people write it: a length from now on, a quarter, a month, or two days. Pure. */
import { parseDuration } from "../flow/duration.ts";
import { addDays, localDate, startOfDay } from "../flow/zone.ts";

export interface Period {
  /** Milliseconds. */
  from: number;
  /** Not in it. */
  to: number;
}

export type ReadPeriod = { ok: true; period: Period } | { ok: false; problem: string };

export const periodForms = "30d, 12w, P30D, 2026-Q4, 2026-12, 2026-12-04 or 2026-11-01..2026-12-31";
export const longestDays = 400;
const dayMs = 86_400_000;

/** Whole days of the zone; a length counts from now. */
export function readPeriod({ text, now, timezone }: { text: string; now: number; timezone: string }): ReadPeriod {
  const written = text.trim();
  const days = daysOf(written);
  if (days !== null) return within({ from: now, to: now + days * dayMs }, written);
  const bounds = boundsOf(written);
  if (bounds === null) return problem(`"${written}" is no period: write ${periodForms}`);
  const dates = [bounds.first, bounds.last];
  const unknown = dates.find((date) => !isDate(date));
  if (unknown !== undefined) return problem(`${unknown} is no day`);
  if (bounds.last < bounds.first)
    return problem(`the period ends (${bounds.last}) before it begins (${bounds.first}): write the earlier day first`);
  const from = startOfDay({ date: bounds.first, timezone });
  const to = startOfDay({ date: addDays({ date: bounds.last, days: 1 }), timezone });
  return within({ from, to }, written);
}

function within(period: Period, written: string): ReadPeriod {
  if (period.to <= period.from) return problem(`${written} is no time at all: write at least one day`);
  const days = Math.round((period.to - period.from) / dayMs);
  if (days > longestDays)
    return problem(`${written} is ${days.toLocaleString("en-US")} days; at most ${longestDays} are simulated at once`);
  return { ok: true, period };
}

/** Null: it isn't a length. */
function daysOf(text: string): number | null {
  const short = /^(\d{1,6})\s*(d|days?|w|weeks?)$/i.exec(text);
  if (short !== null) return Number(short[1]) * (/^w/i.test(short[2] ?? "") ? 7 : 1);
  const ms = /^P/i.test(text) ? parseDuration(text.toUpperCase()) : null;
  return ms === null ? null : ms / dayMs;
}

interface Bounds {
  first: string;
  last: string;
}

function boundsOf(text: string): Bounds | null {
  const quarter = /^(\d{4})-?Q([1-4])$/i.exec(text);
  if (quarter !== null) {
    const first = (Number(quarter[2]) - 1) * 3 + 1;
    return months(Number(quarter[1]), first, first + 2);
  }
  const month = /^(\d{4})-(\d{2})$/.exec(text);
  if (month !== null) return months(Number(month[1]), Number(month[2]), Number(month[2]));
  const days = /^(\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.|to)\s*(\d{4}-\d{2}-\d{2}))?$/.exec(text);
  if (days === null) return null;
  const first = days[1] ?? "";
  return { first, last: days[2] ?? first };
}

function months(year: number, first: number, last: number): Bounds {
  const next = last === 12 ? `${year + 1}-01-01` : `${year}-${twoDigits(last + 1)}-01`;
  const firstDay = `${year}-${twoDigits(first)}-01`;
  // A month that there isn't is told as a day that there isn't.
  return { first: firstDay, last: isDate(next) && isDate(firstDay) ? addDays({ date: next, days: -1 }) : firstDay };
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function isDate(date: string): boolean {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isFinite(at) && localDate({ at, timezone: "UTC" }) === date;
}

function problem(text: string): ReadPeriod {
  return { ok: false, problem: `${text}.` };
}
