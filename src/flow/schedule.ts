/**
 * Schedules in EventBridge's syntax: what they mean and when they fire next. Nothing here waits or reads a clock.
 *
 * - `cron(minutes hours day-of-month month day-of-week year)`, or the six fields bare, in the trigger's zone.
 * - `rate(value unit)`: fixed lengths, a day is 24 hours. The next firing is one interval after the instant asked about, so
 *   the caller anchors it: asked after each firing, the firings are evenly spaced.
 * - `at(yyyy-mm-ddThh:mm:ss)`: once, in the trigger's zone.
 *
 * A local time that the clocks skip doesn't fire; one that they repeat fires once, on its first pass (zone.ts, Z1).
 */
import { nextCron, parseCron } from "./schedule/cron.ts";
import type { Cron } from "./schedule/cron.ts";
import { ScheduleProblem } from "./schedule/field.ts";
import { instantOf } from "./zone.ts";
import type { LocalTime } from "./zone.ts";

/** `text` is canonical: the same for the same schedule however it was spaced or bracketed. */
export type Schedule =
  | { kind: "cron"; text: string; cron: Cron }
  | { kind: "rate"; text: string; intervalMs: number }
  | { kind: "at"; text: string; local: LocalTime };

export type ParsedSchedule =
  { ok: true; schedule: Schedule } | { ok: false; problem: { message: string; field: string | null } };

const maxInstant = 8_640_000_000_000_000;
const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export function parseSchedule(text: string): ParsedSchedule {
  try {
    return { ok: true, schedule: readSchedule(text.trim()) };
  } catch (problem) {
    if (problem instanceof ScheduleProblem) {
      return { ok: false, problem: { message: problem.message, field: problem.field } };
    }
    throw problem;
  }
}

/** Strictly after `after`, in milliseconds; null: never again. The zone must be one (`isZone`). */
export function nextFire(asked: { schedule: Schedule; timezone: string; after: number }): number | null {
  const { schedule, timezone, after } = asked;
  switch (schedule.kind) {
    case "cron":
      return nextCron({ cron: schedule.cron, timezone, after });
    case "rate":
      return after + schedule.intervalMs <= maxInstant ? after + schedule.intervalMs : null;
    case "at": {
      const at = instantOf({ local: schedule.local, timezone });
      return at !== null && at > after ? at : null;
    }
  }
}

/**
 * The last firing after `after` and at or before `until`; null: there is none. As `nextFire` asked again and again would find
 * it, at the price of a few dozen questions however long the time between.
 */
export function lastFire(asked: { schedule: Schedule; timezone: string; after: number; until: number }): number | null {
  const { schedule, timezone, after, until } = asked;
  if (schedule.kind === "rate") {
    const times = Math.floor((until - after) / schedule.intervalMs);
    return times >= 1 ? after + times * schedule.intervalMs : null;
  }
  const firstFrom = (at: number): number | null => {
    const found = nextFire({ schedule, timezone, after: at - 1 });
    return found !== null && found <= until ? found : null;
  };
  let last = firstFrom(after + 1);
  if (last === null) return null;
  // Halves the stretch that may hold a later one.
  for (let high = until; last < high;) {
    const middle: number = last + Math.ceil((high - last) / 2);
    const found = firstFrom(middle);
    if (found === null) high = middle - 1;
    else last = found;
  }
  return last;
}

/** The canonical text; what isn't a schedule stays as it is. */
export function normaliseSchedule(text: string): string {
  const parsed = parseSchedule(text);
  return parsed.ok ? parsed.schedule.text : text;
}

function readSchedule(text: string): Schedule {
  if (text.length > 1000) throw new ScheduleProblem("this is longer than any schedule (1,000 characters)", null);
  const bracketed = /^([A-Za-z]*)\s*\((.*)\)$/s.exec(text);
  if (bracketed === null) return readCron(text);
  const [, word = "", inner = ""] = bracketed;
  if (word === "cron") return readCron(inner);
  if (word === "rate") return readRate(inner.trim());
  if (word === "at") return readAt(inner.trim());
  throw new ScheduleProblem(`"${word}(…)" is not a schedule; write cron(…), rate(…) or at(…) in small letters`, null);
}

function readCron(text: string): Schedule {
  const fields = text
    .toUpperCase()
    .split(/\s+/)
    .filter((field) => field !== "");
  return { kind: "cron", text: `cron(${fields.join(" ")})`, cron: parseCron(fields) };
}

function readRate(text: string): Schedule {
  const [value = "", unit = "", ...rest] = text.split(/\s+/);
  if (unit === "" || rest.length > 0) throw new ScheduleProblem("write a number and a unit: rate(4 hours)", null);
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new ScheduleProblem(`"${value}" is not a positive whole number below 1,000,000,000`, "value");
  }
  const count = Number(value);
  const singular = unit.replace(/s$/, "");
  const ms = Object.hasOwn(unitMs, singular) ? unitMs[singular] : undefined;
  if (ms === undefined) throw new ScheduleProblem(`"${unit}" is not minute, hour or day (or their plurals)`, "unit");
  const right = count === 1 ? singular : `${singular}s`;
  if (unit !== right) throw new ScheduleProblem(`${count} goes with "${right}": rate(${count} ${right})`, "unit");
  return { kind: "rate", text: `rate(${count} ${right})`, intervalMs: count * ms };
}

function readAt(text: string): Schedule {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (match === null) {
    throw new ScheduleProblem(
      `"${text}" is not a local time as in at(2027-01-31T09:00:00); the zone is the trigger's`,
      null,
    );
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const local = { year, month, day, hour, minute, second };
  if (!exists(local)) throw new ScheduleProblem(`there is no ${text.replace("T", " ")} in the calendar`, null);
  return { kind: "at", text: `at(${text})`, local };
}

/** JavaScript rolls 31 February over; a time that survives the round trip is one. */
function exists({ year, month, day, hour, minute, second }: LocalTime): boolean {
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return (
    year >= 1970 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  );
}
