/**
 * The two day fields of a cron expression. Just one of them rules; the other one is `?`.
 *
 * - day-of-month: numbers, `L` (last day), `L-3` (three days before it), `15W` (the weekday nearest to the 15th, inside the
 *   month), `LW` (last weekday). A month without the day is left out, for `31W` too.
 * - day-of-week: 1-7 = SUN-SAT, `6L` (last Friday), `L` (Saturday, the week's last day), `3#2` (second Tuesday).
 */
import { dayOfMonthField, dayOfWeekField, parseItem, parseValue, ScheduleProblem, splitList } from "./field.ts";

export interface DayOfMonthRule {
  by: "month";
  days: ReadonlySet<number>;
  /** Days before the month's last; 0 is `L`. */
  fromLast: ReadonlySet<number>;
  nearestWeekdays: readonly number[];
  lastWeekday: boolean;
}
export interface DayOfWeekRule {
  by: "week";
  weekdays: ReadonlySet<number>;
  /** Weekdays whose last one in the month counts. */
  last: ReadonlySet<number>;
  nth: { weekday: number; n: number } | null;
}
export type DayRule = DayOfMonthRule | DayOfWeekRule;

export function parseDays(dayOfMonth: string, dayOfWeek: string): DayRule {
  if (dayOfMonth === "?" && dayOfWeek === "?") {
    throw new ScheduleProblem(
      '"?" stands in both day fields; give the days in one of them, * for every day',
      "day-of-week",
    );
  }
  if (dayOfMonth !== "?" && dayOfWeek !== "?") {
    throw new ScheduleProblem(
      `only one day field may rule; write ? in ${dayOfWeek === "*" ? "day-of-week" : "the other one"}`,
      dayOfWeek === "*" || dayOfMonth !== "*" ? "day-of-week" : "day-of-month",
    );
  }
  return dayOfWeek === "?" ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek);
}

/** The days of one month that the rule allows, ascending. */
export function daysOf(rule: DayRule, month: { year: number; month: number }): number[] {
  const length = monthLength(month);
  const first = weekdayOf(month, 1);
  const chosen = rule.by === "month" ? chosenByMonth(rule, { length, first }) : chosenByWeek(rule, { length, first });
  return Array.from({ length }, (_, index) => index + 1).filter((day) => chosen.has(day));
}

interface MonthShape {
  length: number;
  /** The weekday of the 1st. */
  first: number;
}

function chosenByMonth(rule: DayOfMonthRule, { length, first }: MonthShape): Set<number> {
  const chosen = new Set(rule.days);
  for (const before of rule.fromLast) chosen.add(length - before);
  for (const day of rule.nearestWeekdays) if (day <= length) chosen.add(nearestWeekday(day, { length, first }));
  if (rule.lastWeekday) chosen.add(nearestWeekday(length, { length, first }));
  return chosen;
}

function chosenByWeek(rule: DayOfWeekRule, { length, first }: MonthShape): Set<number> {
  const chosen = new Set<number>();
  for (let day = 1; day <= length; day++) {
    const weekday = weekdayAt(day, first);
    if (rule.weekdays.has(weekday) || (rule.last.has(weekday) && day + 7 > length)) chosen.add(day);
    if (rule.nth?.weekday === weekday && Math.ceil(day / 7) === rule.nth.n) chosen.add(day);
  }
  return chosen;
}

/** Saturday moves to Friday and Sunday to Monday, but never out of the month. */
function nearestWeekday(day: number, { length, first }: MonthShape): number {
  const weekday = weekdayAt(day, first);
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === length ? day - 2 : day + 1;
  return day;
}

function parseDayOfMonth(text: string): DayOfMonthRule {
  const days = new Set<number>();
  const fromLast = new Set<number>();
  const nearestWeekdays: number[] = [];
  let lastWeekday = false;
  for (const item of splitList(text, dayOfMonthField)) {
    if (item === "LW") lastWeekday = true;
    else if (item.startsWith("L")) fromLast.add(daysBeforeLast(item));
    else if (item.endsWith("W")) nearestWeekdays.push(parseValue(item.slice(0, -1), dayOfMonthField));
    else for (const day of parseItem(item, dayOfMonthField)) days.add(day);
  }
  return { by: "month", days, fromLast, nearestWeekdays, lastWeekday };
}

function daysBeforeLast(item: string): number {
  if (item === "L") return 0;
  const match = /^L-(\d{1,2})$/.exec(item);
  const before = Number(match?.[1] ?? 0);
  if (before >= 1 && before <= 30) return before;
  throw new ScheduleProblem(
    `day-of-month: "${item}" is not a day; L is the last day, L-3 three days before it, LW the last weekday`,
    "day-of-month",
  );
}

function parseDayOfWeek(text: string): DayOfWeekRule {
  const weekdays = new Set<number>();
  const last = new Set<number>();
  const items = splitList(text, dayOfWeekField);
  const numbered = items.filter((item) => item.includes("#"));
  if (numbered.length > 1) throw new ScheduleProblem('day-of-week: only one "#" is allowed', "day-of-week");
  for (const item of items) {
    if (item.includes("#")) continue;
    if (item === "L") weekdays.add(7);
    else if (item.endsWith("L")) last.add(parseValue(item.slice(0, -1), dayOfWeekField));
    else for (const weekday of parseItem(item, dayOfWeekField)) weekdays.add(weekday);
  }
  return { by: "week", weekdays, last, nth: numbered[0] === undefined ? null : parseNth(numbered[0]) };
}

function parseNth(item: string): { weekday: number; n: number } {
  const [weekday = "", n = "", ...rest] = item.split("#");
  if (rest.length > 0 || !/^[1-5]$/.test(n)) {
    throw new ScheduleProblem(
      `day-of-week: "${item}" needs 1 to 5 after "#"; 3#2 is the second Tuesday`,
      "day-of-week",
    );
  }
  return { weekday: parseValue(weekday, dayOfWeekField), n: Number(n) };
}

function monthLength({ year, month }: { year: number; month: number }): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 1 is Sunday, as EventBridge counts. */
function weekdayOf({ year, month }: { year: number; month: number }, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function weekdayAt(day: number, first: number): number {
  return ((first - 1 + day - 1) % 7) + 1;
}
