/**
 * When people work: not on weekends, not on the holidays of where they are, not in their quiet hours; in their own zone. Pure.
 *
 * - T1. A working day is nine to five; quiet hours over midnight say its other hours (until 18:00, from 08:00: eight to six), and
 *   those within a day are its break.
 * - T2. Days are those of the zone's clocks. An hour that they skip begins where they go on; one that they repeat counts from its
 *   first pass, so a working day never opens twice.
 * - T3. Nobody's day begins with a meeting: one is held from an hour after the day has begun.
 */
import { Temporal } from "temporal-polyfill";
import { addDays, isWeekend, localDate, localTime, type LocalTime } from "./zone.ts";

export interface WorkingTime {
  /** Null: nobody has said any. */
  quietHours: QuietHours | null;
  holidays: Holidays;
}

/** Minutes of the local day; `from` may be later than `to`: over midnight. Never the same. */
export interface QuietHours {
  from: number;
  to: number;
}

/** The holiday's name where that day is one in that zone, else null. */
export type Holidays = (day: { date: string; timezone: string }) => string | null;

/** From its first instant up to its end, which is no more part of it; milliseconds since the epoch. */
export interface Interval {
  from: number;
  to: number;
}

export const noHolidays: Holidays = () => null;
export const officeHours: WorkingTime = { quietHours: null, holidays: noHolidays };

const opens = 9 * 60;
const closes = 17 * 60;
const dayMs = 86_400_000;
const settlingMs = 3_600_000;
/** A working day is never further away; who has none by then has none. */
const daysAhead = 31;

export type RestReason = { kind: "weekend" } | { kind: "holiday"; name: string } | { kind: "quiet_hours" };

/** Why nobody should be disturbed at that instant; null: they may be, though their working day may be over. */
export function restAt(time: WorkingTime, { at, timezone }: { at: number; timezone: string }): RestReason | null {
  const date = localDate({ at, timezone });
  if (isWeekend(date)) return { kind: "weekend" };
  const name = time.holidays({ date, timezone });
  if (name !== null) return { kind: "holiday", name };
  if (time.quietHours === null || !isWithin(time.quietHours, localTime({ at, timezone }))) return null;
  const isWork = spansOn(time, { date, timezone }).some(({ from, to }) => from <= at && at < to);
  return isWork ? null : { kind: "quiet_hours" };
}

function isWithin({ from, to }: QuietHours, { hour, minute }: LocalTime): boolean {
  const now = hour * 60 + minute;
  return from < to ? from <= now && now < to : from <= now || now < to;
}

/** The first working instant from `at` on; null: none within a month. */
export function nextWorkingInstant(
  time: WorkingTime,
  { at, timezone }: { at: number; timezone: string },
): number | null {
  const today = localDate({ at, timezone });
  for (let days = 0; days <= daysAhead; days += 1) {
    const spans = spansOn(time, { date: addDays({ date: today, days }), timezone });
    const next = spans.find(({ to }) => to > at);
    if (next !== undefined) return Math.max(at, next.from);
  }
  return null;
}

/** The first instant from `at` on that is working time in all of these zones; null: none within a month. */
export function nextCommonInstant(
  time: WorkingTime,
  { at, timezones }: { at: number; timezones: readonly string[] },
): number | null {
  const limit = at + daysAhead * dayMs;
  for (let common = at; common <= limit;) {
    const nexts = timezones.map((timezone) => nextWorkingInstant(time, { at: common, timezone }));
    if (nexts.includes(null)) return null;
    const latest = Math.max(common, ...nexts.map((next) => next ?? 0));
    if (latest === common) return common;
    common = latest;
  }
  return null;
}

/** When meetings can be held within `days` local days from `from` on (T3), in order. */
export function meetingTimes(
  time: WorkingTime,
  { from, days, timezone }: { from: number; days: number; timezone: string },
): Interval[] {
  const first = localDate({ at: from, timezone });
  const dates = Array.from({ length: days + 1 }, (_, day) => addDays({ date: first, days: day }));
  return dates
    .flatMap((date) => spansOn(time, { date, timezone }).map((span) => ({ ...span, from: span.from + settlingMs })))
    .map((span) => ({ ...span, from: Math.max(span.from, from) }))
    .filter((span) => span.from < span.to);
}

function spansOn(time: WorkingTime, { date, timezone }: { date: string; timezone: string }): Interval[] {
  if (isWeekend(date) || time.holidays({ date, timezone }) !== null) return [];
  return openMinutes(time.quietHours)
    .map(({ from, to }) => ({ from: instantAt(date, from, timezone), to: instantAt(date, to, timezone) }))
    .filter(({ from, to }) => from < to);
}

/** T1. */
export function openMinutes(quiet: QuietHours | null): Interval[] {
  if (quiet === null) return [{ from: opens, to: closes }];
  if (quiet.from > quiet.to) return [{ from: quiet.to, to: quiet.from }];
  const parts = [
    { from: opens, to: Math.min(quiet.from, closes) },
    { from: Math.max(quiet.to, opens), to: closes },
  ];
  return parts.filter(({ from, to }) => from < to);
}

/** T2. */
function instantAt(date: string, minute: number, timezone: string): number {
  const local = Temporal.PlainDate.from(date).toPlainDateTime().add({ minutes: minute });
  const found = local.toZonedDateTime(timezone, { disambiguation: "earlier" });
  if (found.toPlainDateTime().equals(local)) return found.epochMilliseconds;
  return found.getTimeZoneTransition("next")?.epochMilliseconds ?? found.epochMilliseconds;
}
