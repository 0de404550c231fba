/** The calendar of a simulation: does each day stand under its weekday, and nothing outside its picture? */
import { describe, expect, it } from "vitest";
import { addDays } from "../../../../src/flow/zone.ts";
import {
  simulationCalendarSvg,
  simulationCalendarWords,
  type CalendarDay,
} from "../../../../src/notify/slack/pictures/simulation-calendar.ts";

function daysFrom(first: string, count: number, sent: (index: number) => number): CalendarDay[] {
  return Array.from({ length: count }, (_, index) => ({
    date: addDays({ date: first, days: index }),
    sent: sent(index),
    asked: index % 2,
    held: 0,
  }));
}

const about = { title: "renewal_management", aside: "2.0", below: "simulated" };

/** Where each day's number stands. */
function places(svg: string): { x: number; y: number; day: number }[] {
  const found = svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="end"[^>]*>(\d+)<\/text>/g);
  return [...found].map(([, x, y, day]) => ({ x: Number(x), y: Number(y), day: Number(day) }));
}

describe("a calendar", () => {
  it("has a row a week from Monday on, each day in it once, over a year's end and a leap day", () => {
    for (const [first, count] of [
      ["2026-11-20", 60],
      ["2028-02-01", 29],
      ["2026-11-23", 1],
      ["2026-11-22", 400],
    ] as const) {
      const days = daysFrom(first, count, (index) => index);
      const { svg, width, height } = simulationCalendarSvg({ ...about, days });
      const found = places(svg);
      expect(found.map(({ day }) => day)).toEqual(days.map(({ date }) => Number(date.slice(8))));
      const monday = 136;
      const weekdays = found.map(({ x }) => Math.round((x - monday) / 86));
      expect(weekdays).toEqual(days.map(({ date }) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
      expect(Math.max(...found.map(({ x }) => x))).toBeLessThan(width);
      expect(Math.max(...found.map(({ y }) => y))).toBeLessThan(height);
    }
  });

  it("says what is sent and asked, and nothing where nothing is", () => {
    const { svg } = simulationCalendarSvg({ ...about, days: daysFrom("2026-11-23", 2, (index) => index * 1_200) });
    expect(svg).toContain("1,200 sent");
    expect(svg).toContain("1 asked");
    expect(svg).not.toMatch(/>0 (?:sent|asked|held)</);
  });

  it("in words has the whole and the fullest days; without any, no day is called so", () => {
    const days = daysFrom("2026-11-23", 3, (index) => index);
    expect(simulationCalendarWords({ ...about, days })).toBe(
      "Calendar of renewal_management · simulated · 3 sent, 1 asked, 0 held back · most on 2026-11-25 with 2, 2026-11-24 with 1",
    );
    const none = daysFrom("2026-11-23", 1, () => 0);
    expect(simulationCalendarWords({ ...about, days: none })).not.toContain("most on");
  });
});
