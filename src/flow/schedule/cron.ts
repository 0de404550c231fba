/** A cron expression in EventBridge's six fields, and the next local time that it names. */
import { instantOf, localTime } from "../zone.ts";
import type { LocalTime } from "../zone.ts";
import { daysOf, parseDays } from "./day.ts";
import type { DayRule } from "./day.ts";
import { hoursField, minutesField, monthField, parseField, ScheduleProblem, yearField } from "./field.ts";

/** All lists ascend. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  days: DayRule;
  months: readonly number[];
  years: readonly number[];
}

/** The fields as they stood between the brackets, in capitals. */
export function parseCron(fields: readonly string[]): Cron {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...rest] = fields;
  if (
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined ||
    rest.length > 0
  ) {
    throw new ScheduleProblem(wrongCount(fields.length), null);
  }
  return {
    minutes: parseField(minutes, minutesField),
    hours: parseField(hours, hoursField),
    months: parseField(month, monthField),
    days: parseDays(dayOfMonth, dayOfWeek),
    years: parseField(year, yearField),
  };
}

/**
 * The first instant after `after` whose local time the expression names. Days are walked only where year and month fit, and
 * times of a day only on a day that fits: no expression needs more than the 2,760 months there are.
 */
export function nextCron({ cron, timezone, after }: { cron: Cron; timezone: string; after: number }): number | null {
  const start = localTime({ at: after, timezone });
  for (const day of daysFrom(cron, start)) {
    for (const local of timesOf(cron, day)) {
      // Saves the conversions of a whole morning; what the clocks repeat is still judged by its instant.
      if (minuteOf(local) < minuteOf(start) && isSameDay(local, start)) continue;
      const at = instantOf({ local, timezone });
      if (at !== null && at > after) return at;
    }
  }
  return null;
}

type Day = Pick<LocalTime, "year" | "month" | "day">;

function* daysFrom(cron: Cron, start: Day): Generator<Day> {
  for (const year of cron.years) {
    if (year < start.year) continue;
    for (const month of cron.months) {
      if (year === start.year && month < start.month) continue;
      const isStart = year === start.year && month === start.month;
      for (const day of daysOf(cron.days, { year, month }))
        if (!isStart || day >= start.day) yield { year, month, day };
    }
  }
}

function* timesOf(cron: Cron, day: Day): Generator<LocalTime> {
  for (const hour of cron.hours) for (const minute of cron.minutes) yield { ...day, hour, minute, second: 0 };
}

function isSameDay(a: Day, b: Day): boolean {
  return a.day === b.day && a.month === b.month && a.year === b.year;
}

function minuteOf({ hour, minute }: LocalTime): number {
  return hour * 60 + minute;
}

function wrongCount(count: number): string {
  const order = "minutes hours day-of-month month day-of-week year";
  if (count === 5) {
    return `this has five fields, as in Unix; EventBridge has six (${order}), one of the day fields is ?, and weekdays count from 1 = SUN: cron(0 9 ? * MON-FRI *)`;
  }
  return `this has ${count} ${count === 1 ? "field" : "fields"}; a cron expression has six: ${order}`;
}
