/** Does the quick search find what a plain minute-by-minute, day-by-day reading of the rules finds? */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nextFire, parseSchedule } from "../../../src/flow/schedule.ts";

interface Field {
  text: string;
  has: (value: number) => boolean;
}

const minuteMs = 60_000;

/** A field as text and, apart from any parser, as what it means. */
function fieldOf(min: number, max: number): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max });
  const item = fc.oneof(
    value.map((a): Field => ({ text: `${a}`, has: (n) => n === a })),
    fc
      .tuple(value, value)
      .map(([a, b]): Field => ({ text: `${a}-${b}`, has: (n) => (a <= b ? n >= a && n <= b : n >= a || n <= b) })),
    fc
      .tuple(value, fc.integer({ min: 1, max: Math.min(20, max - min + 1) }))
      .map(([a, s]): Field => ({ text: `${a}/${s}`, has: (n) => n >= a && (n - a) % s === 0 })),
    fc.constant<Field>({ text: "*", has: () => true }),
  );
  return fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => ({
    text: items.map(({ text }) => text).join(","),
    has: (n) => items.some(({ has }) => has(n)),
  }));
}

const formats = new Map<string, Intl.DateTimeFormat>();
function localOf(at: number, zone: string): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short", timeStyle: "short", hourCycle: "h23" });
  formats.set(zone, format);
  return format.format(at);
}

function nextOf(text: string, { zone, after }: { zone: string; after: number }): number | null {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return nextFire({ schedule: parsed.schedule, timezone: zone, after });
}

const transitions: readonly (readonly [zone: string, at: string])[] = [
  ["America/New_York", "2026-03-08T07:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["America/Sao_Paulo", "2018-11-04T03:00Z"],
  ["America/Sao_Paulo", "2018-02-18T02:00Z"],
  ["America/St_Johns", "2010-11-07T02:31Z"],
  ["America/Havana", "2026-11-01T05:00Z"],
  ["Asia/Kathmandu", "2026-06-01T00:00Z"],
];

test("times: against every minute of the day around a change of the clocks", () => {
  const windowMinutes = 30 * 60;
  fc.assert(
    fc.property(
      fieldOf(0, 59),
      fieldOf(0, 23),
      fc.constantFrom(...transitions),
      fc.integer({ min: -8 * 60, max: 4 * 60 }),
      (minutes, hours, [zone, change], offset) => {
        const after = Date.parse(change) + offset * minuteMs;
        const seen = new Set<string>();
        for (let at = after - 4 * 60 * minuteMs; at <= after; at += minuteMs) seen.add(localOf(at, zone));
        let expected: number | null = null;
        for (let step = 1; step <= windowMinutes && expected === null; step++) {
          const local = localOf(after + step * minuteMs, zone);
          const [hour = 0, minute = 0] = local.slice(-5).split(":").map(Number);
          if (!seen.has(local) && minutes.has(minute) && hours.has(hour)) expected = after + step * minuteMs;
          seen.add(local);
        }
        const end = after + windowMinutes * minuteMs;
        const found = nextOf(`${minutes.text} ${hours.text} * * ? *`, { zone, after });
        expect(found === null || found > end ? null : found).toBe(expected);
      },
    ),
    { numRuns: 150 },
  );
});

const dayMs = 86_400_000;

/** Each rule for days, said again as a question about one day. */
const dayRules: fc.Arbitrary<{ text: string; has: (day: Date) => boolean }> = fc.oneof(
  fieldOf(1, 31).map((field) => ({ text: `${field.text} M ?`, has: (day: Date) => field.has(day.getUTCDate()) })),
  fc.integer({ min: 0, max: 30 }).map((n) => ({
    text: `${n === 0 ? "L" : `L-${n}`} M ?`,
    has: (day: Date) => day.getUTCDate() === lengthOf(day) - n,
  })),
  fc.integer({ min: 1, max: 31 }).map((n) => ({
    text: `${n}W M ?`,
    has: (day: Date) => n <= lengthOf(day) && day.getUTCDate() === nearestWeekday(day, n),
  })),
  fc.constant({ text: "LW M ?", has: (day: Date) => day.getUTCDate() === nearestWeekday(day, lengthOf(day)) }),
  fc.integer({ min: 1, max: 7 }).map((n) => ({
    text: `? M ${n}L`,
    has: (day: Date) =>
      day.getUTCDay() === n - 1 && new Date(day.getTime() + 7 * dayMs).getUTCMonth() !== day.getUTCMonth(),
  })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([n, k]) => ({
    text: `? M ${n}#${k}`,
    has: (day: Date) => day.getUTCDay() === n - 1 && Math.floor((day.getUTCDate() - 1) / 7) === k - 1,
  })),
  fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })).map(([a, b]) => ({
    text: `? M ${a}-${b}`,
    has: (day: Date) => {
      const n = day.getUTCDay() + 1;
      return a <= b ? n >= a && n <= b : n >= a || n <= b;
    },
  })),
);

function lengthOf(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The closest Monday to Friday in the month, looked for outwards. */
function nearestWeekday(day: Date, wanted: number): number {
  for (const distance of [0, -1, 1, -2, 2]) {
    const date = wanted + distance;
    const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
    if (date >= 1 && date <= lengthOf(day) && weekday !== 0 && weekday !== 6) return date;
  }
  throw new Error("every month has weekdays");
}

test("days: against every day of six years", () => {
  fc.assert(
    fc.property(dayRules, fieldOf(1, 12), fc.integer({ min: 0, max: 40_000 }), (rule, months, start) => {
      const after = start * dayMs;
      let expected: number | null = null;
      for (let at = after + dayMs; at < after + 2200 * dayMs && expected === null; at += dayMs) {
        const day = new Date(at);
        if (months.has(day.getUTCMonth() + 1) && rule.has(day)) expected = at;
      }
      const found = nextOf(`0 0 ${rule.text.replace("M", months.text)} *`, { zone: "UTC", after });
      expect(found === null || found >= after + 2200 * dayMs ? null : found).toBe(expected);
    }),
    { numRuns: 400 },
  );
});

test("no text makes the parser throw", () => {
  expect.hasAssertions();
  const piece = fc.constantFrom(
    ..."0 9 * ? L W # / - , MON JAN 2030 31 L-3 3#2 15W LW cron( rate( at( ) minutes day T :".split(" "),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" ")),
      ),
      (text) => {
        const parsed = parseSchedule(text);
        expect(parsed.ok ? parsed.schedule.text : parsed.problem.message).not.toBe("");
      },
    ),
    { numRuns: 500 },
  );
});
