/** Are holidays those of the region, on the day that people there have off? */
import { describe, expect, test } from "vitest";
import { holidayCalendar } from "../../src/flow/holiday-calendar.ts";
import { publicHolidays, regionProblem } from "../../src/flow/public-holidays.ts";

describe("public holidays", () => {
  test("are those of the country and year, in English", () => {
    expect(publicHolidays({ region: "US", year: 2026 }).get("2026-11-26")).toBe("Thanksgiving Day");
    expect(publicHolidays({ region: "DE", year: 2026 }).get("2026-05-25")).toBe("Whit Monday");
  });

  test("have the Monday that stands in for a Sunday, and the Friday for a Saturday", () => {
    expect(publicHolidays({ region: "GB-ENG", year: 2022 }).get("2022-12-27")).toContain("Christmas Day");
    expect(publicHolidays({ region: "US", year: 2026 }).get("2026-07-03")).toContain("Independence Day");
  });

  test("of a part of a country are more than those of the country", () => {
    const epiphany = "2026-01-06";
    expect(publicHolidays({ region: "DE", year: 2026 }).has(epiphany)).toBe(false);
    expect(publicHolidays({ region: "DE-BY", year: 2026 }).get(epiphany)).toBe("Epiphany");
  });

  test("that begin in the afternoon before are on the day itself, and an afternoon off is none", () => {
    const turkey = publicHolidays({ region: "TR", year: 2026 });
    expect([turkey.has("2026-10-28"), turkey.get("2026-10-29")]).toEqual([false, "Republic Day"]);
    expect(publicHolidays({ region: "CN", year: 2026 }).has("2026-05-04")).toBe(false);
  });

  test.each(["US", "DE-BY", "US-LA-NO"])("%s is a region", (region) => {
    expect(regionProblem(region)).toBeNull();
  });

  test.each([
    ["us", "no region"],
    ["Germany", "no region"],
    ["ZZ", "not known"],
    ["DE-BAV", "DE has no part BAV"],
    ["US-LA-NX", "did you mean NO?"],
  ])("%s is told what it isn't: %s", (region, problem) => {
    expect(regionProblem(region)).toContain(problem);
  });
});

describe("the calendar", () => {
  const asked: string[] = [];
  const holidays = holidayCalendar(
    {
      zones: new Map([["Europe/Berlin", { regions: ["DE"], dates: [] }]]),
      others: { regions: ["US", "CA"], dates: ["2026-12-24"] },
    },
    ({ region, year }) => {
      asked.push(`${region} ${year}`);
      return new Map([[`${year}-01-02`, `a day of ${region}`]]);
    },
  );

  test("is that of the zone, else that of all others", () => {
    const berlin = holidays({ date: "2026-01-02", timezone: "Europe/Berlin" });
    const chicago = holidays({ date: "2026-01-02", timezone: "America/Chicago" });
    expect([berlin, chicago]).toEqual(["a day of DE in DE", "a day of US in US"]);
  });

  test("has days of one's own, for those whom they are given to", () => {
    expect(holidays({ date: "2026-12-24", timezone: "UTC" })).toBe("a company holiday");
    expect(holidays({ date: "2026-12-24", timezone: "Europe/Berlin" })).toBeNull();
  });

  test("computes a year of a region once", () => {
    for (const day of ["03", "04", "05"]) holidays({ date: `2027-01-${day}`, timezone: "Europe/Berlin" });
    expect(asked.filter((one) => one === "DE 2027")).toHaveLength(1);
  });
});
