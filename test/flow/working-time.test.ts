/** Does a working day begin when people there come in, whatever the clocks, the calendar and quiet hours do that night? */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  meetingTimes,
  nextCommonInstant,
  nextWorkingInstant,
  noHolidays,
  officeHours,
  restAt,
  type WorkingTime,
} from "../../src/flow/working-time.ts";
import { isWeekend, localDate, localTime } from "../../src/flow/zone.ts";

const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
const hours = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const evenings: WorkingTime = { quietHours: hours(18, 8), holidays: noHolidays };

function next(time: WorkingTime, from: string, timezone: string): string | null {
  return iso(nextWorkingInstant(time, { at: at(from), timezone }));
}

describe("the next working instant", () => {
  test.each([
    ["in the middle of a day is now", "2026-11-25T12:00:00Z", "UTC", "2026-11-25T12:00:00.000Z"],
    ["after five is tomorrow at nine", "2026-11-25T17:00:00Z", "UTC", "2026-11-26T09:00:00.000Z"],
    ["on a Friday evening is on Monday", "2026-11-27T20:00:00Z", "UTC", "2026-11-30T09:00:00.000Z"],
    ["is Monday there, though it is Sunday here", "2026-11-29T20:00:00Z", "Asia/Tokyo", "2026-11-30T00:00:00.000Z"],
    ["after the night the clocks go on", "2027-03-27T12:00:00Z", "Europe/Berlin", "2027-03-29T07:00:00.000Z"],
    ["after the night they go back", "2026-10-30T22:00:00Z", "America/New_York", "2026-11-02T14:00:00.000Z"],
    ["where a whole Friday was skipped", "2011-12-30T03:30:00Z", "Pacific/Apia", "2012-01-01T19:00:00.000Z"],
  ])("%s", (_name, from, timezone, expected) => {
    expect(next(officeHours, from, timezone)).toBe(expected);
  });

  test("with quiet hours over midnight is when they end", () => {
    expect(next(evenings, "2026-11-25T17:59:59Z", "UTC")).toBe("2026-11-25T17:59:59.000Z");
    expect(next(evenings, "2026-11-25T18:00:00Z", "UTC")).toBe("2026-11-26T08:00:00.000Z");
    expect(next(evenings, "2026-11-26T01:00:00Z", "UTC")).toBe("2026-11-26T08:00:00.000Z");
  });

  test("with quiet hours that end in an hour that the clocks skip or repeat", () => {
    // Jordan's clocks changed at midnight between a Thursday and a Friday: from 00:00 to 01:00 in March, from 01:00 to 00:00 in October.
    const halfPastMidnight: WorkingTime = { quietHours: { from: 22 * 60, to: 30 }, holidays: noHolidays };
    expect(next(halfPastMidnight, "2021-03-25T21:00:00Z", "Asia/Amman")).toBe("2021-03-25T22:00:00.000Z");
    const first = at("2021-10-28T21:30:00Z");
    expect(next(halfPastMidnight, "2021-10-28T20:30:00Z", "Asia/Amman")).toBe(iso(first));
    // The second pass doesn't close the day again.
    expect(restAt(halfPastMidnight, { at: first + 45 * 60_000, timezone: "Asia/Amman" })).toBeNull();
  });

  test("leaves out a break in the middle of the day", () => {
    const lunch: WorkingTime = { quietHours: hours(12, 13), holidays: noHolidays };
    expect(next(lunch, "2026-11-25T12:20:00Z", "UTC")).toBe("2026-11-25T13:00:00.000Z");
    expect(next(lunch, "2026-11-25T03:00:00Z", "UTC")).toBe("2026-11-25T09:00:00.000Z");
  });

  test("passes over a holiday on a Monday after a weekend", () => {
    const labourDay: WorkingTime = {
      ...evenings,
      holidays: ({ date }) => (date === "2026-09-07" ? "Labor Day" : null),
    };
    expect(next(labourDay, "2026-09-04T22:30:00Z", "America/New_York")).toBe("2026-09-08T12:00:00.000Z");
    expect(restAt(labourDay, { at: at("2026-09-07T15:00:00Z"), timezone: "America/New_York" })).toEqual({
      kind: "holiday",
      name: "Labor Day",
    });
  });

  test("is never, where every day is a holiday", () => {
    expect(next({ quietHours: null, holidays: () => "holiday" }, "2026-11-25T12:00:00Z", "UTC")).toBeNull();
  });

  test("of two zones is when both work; of two that never do at once, never", () => {
    const instant = at("2026-11-25T03:00:00Z");
    const both = (...timezones: string[]) => iso(nextCommonInstant(officeHours, { at: instant, timezones }));
    expect(both("Europe/Berlin", "America/New_York")).toBe("2026-11-25T14:00:00.000Z");
    expect(both("Europe/Berlin", "America/Los_Angeles")).toBeNull();
  });

  test("is a working one, and the first, in any zone across years of changing clocks", () => {
    const zones = ["UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Amman"];
    const quiet = fc
      .tuple(fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 1_439 }))
      .filter(([a, b]) => a > b);
    fc.assert(
      fc.property(
        fc.integer({ min: at("2020-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z") }),
        fc.constantFrom(...zones),
        fc.option(quiet),
        (instant, timezone, span) => {
          const quietHours = span === null ? null : { from: span[0], to: span[1] };
          const time: WorkingTime = { quietHours, holidays: noHolidays };
          const found = nextWorkingInstant(time, { at: instant, timezone }) ?? Infinity;
          expect(found - instant).toBeLessThan(4.5 * 86_400_000);
          expect(isWeekend(localDate({ at: found, timezone }))).toBe(false);
          expect(restAt(time, { at: found, timezone })).toBeNull();
          const before = restAt(time, { at: found - 1, timezone });
          expect(found === instant || quietHours === null || before !== null).toBe(true);
          const { hour } = localTime({ at: found, timezone });
          expect(quietHours !== null || (hour >= 9 && hour < 17)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("at rest", () => {
  test.each([
    ["2026-11-28T12:00:00Z", { kind: "weekend" }],
    ["2026-11-25T23:00:00Z", { kind: "quiet_hours" }],
    ["2026-11-25T07:59:00Z", { kind: "quiet_hours" }],
    ["2026-11-25T08:00:00Z", null],
  ])("%s is %j", (instant, reason) => {
    expect(restAt(evenings, { at: at(instant), timezone: "UTC" })).toEqual(reason);
  });

  test("without quiet hours an evening is no rest, though no work", () => {
    expect(restAt(officeHours, { at: at("2026-11-25T23:00:00Z"), timezone: "UTC" })).toBeNull();
  });
});

test("meetings begin an hour after the day does, and not before they may", () => {
  const times = meetingTimes(officeHours, { from: at("2026-11-27T11:20:00Z"), days: 3, timezone: "UTC" });
  expect(times.map(({ from, to }) => [iso(from), iso(to)])).toEqual([
    ["2026-11-27T11:20:00.000Z", "2026-11-27T17:00:00.000Z"],
    ["2026-11-30T10:00:00.000Z", "2026-11-30T17:00:00.000Z"],
  ]);
});
