import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, daysBetween, instantOf, isZone, localDate, startOfDay } from "../../src/flow/zone.ts";

const utc = (text: string) => Date.parse(`${text}Z`);
const at = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute, second: 0 };
};

describe("isZone", () => {
  test.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])("%s is one", (name) => {
    expect(isZone(name)).toBe(true);
  });
  test.each(["", "Mars/Olympus", "+02:00", "UTC+2", "Europe/Berlin ", "../etc/passwd", "local"])(
    "%j is none",
    (name) => {
      expect(isZone(name)).toBe(false);
    },
  );
});

describe("days", () => {
  test("the calendar day of an instant is the zone's, not the machine's", () => {
    expect(localDate({ at: utc("2026-11-01T03:00"), timezone: "America/New_York" })).toBe("2026-10-31");
    expect(localDate({ at: utc("2026-10-31T12:00"), timezone: "Pacific/Kiritimati" })).toBe("2026-11-01");
  });

  test("a day without a midnight starts when the clocks have jumped", () => {
    expect(startOfDay({ date: "2018-11-04", timezone: "America/Sao_Paulo" })).toBe(utc("2018-11-04T03:00"));
  });

  test("a day with two midnights starts at the first", () => {
    expect(startOfDay({ date: "2026-11-01", timezone: "America/Havana" })).toBe(utc("2026-11-01T04:00"));
  });

  test("days are counted on the calendar, leap days and long days included", () => {
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-12-31", "2026-12-01")).toBe(-30);
    expect(addDays({ date: "2026-12-31", days: 1 })).toBe("2027-01-01");
  });

  test("every instant lies in its day", () => {
    const zones = ["America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: utc("2100-01-01T00:00") }), fc.constantFrom(...zones), (at, timezone) => {
        const date = localDate({ at, timezone });
        expect(startOfDay({ date, timezone })).toBeLessThanOrEqual(at);
        expect(startOfDay({ date: addDays({ date, days: 1 }), timezone })).toBeGreaterThan(at);
      }),
    );
  });
});

describe("instantOf (Z1)", () => {
  test("a skipped local time is no instant", () => {
    expect(instantOf({ local: at("2026-03-08T02:30"), timezone: "America/New_York" })).toBeNull();
  });
  test("a repeated local time is its first pass", () => {
    expect(instantOf({ local: at("2026-11-01T01:30"), timezone: "America/New_York" })).toBe(utc("2026-11-01T05:30"));
  });
  test("a day that a zone left out has no instants", () => {
    expect(instantOf({ local: at("2011-12-30T12:00"), timezone: "Pacific/Apia" })).toBeNull();
  });
});
