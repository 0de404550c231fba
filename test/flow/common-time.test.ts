/** Is a meeting put where everybody works, in their own zone, and is it said whose hours exclude each other? */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apartWords, commonTime, type Guest, type Meeting } from "../../src/flow/common-time.ts";
import { officeHours, type Interval, type WorkingTime } from "../../src/flow/working-time.ts";
import { isWeekend, localDate, localTime } from "../../src/flow/zone.ts";

const at = (text: string) => Date.parse(text);
const guest = (name: string, timezone: string): Guest => ({ name, timezone });
const newYork = guest("dana@example.com", "America/New_York");
const berlin = guest("kim@example.com", "Europe/Berlin");
const losAngeles = guest("lou@example.com", "America/Los_Angeles");
/** A Monday, midnight in UTC. */
const monday = at("2026-11-23T00:00:00Z");

function find(
  guests: Guest[],
  asked: Partial<Meeting> & { busy?: Interval[]; time?: WorkingTime } = {},
): { slot: string } | { apart: string[] } | "busy" {
  const { busy = [], time = officeHours, ...fields } = asked;
  const meeting = { guests, timezone: guests[0]?.timezone ?? "UTC", from: monday, days: 14, minutes: 30, ...fields };
  const found = commonTime(time, { ...meeting, busy });
  switch (found.kind) {
    case "found":
      return { slot: new Date(found.slot.from).toISOString() };
    case "apart":
      return { apart: found.guests.map(({ name }) => name) };
    case "busy":
      return "busy";
    default:
      return found satisfies never;
  }
}

describe("the common time", () => {
  test("of New York and Berlin is ten there, four here", () => {
    expect(find([newYork, berlin])).toEqual({ slot: "2026-11-23T15:00:00.000Z" });
    expect(find([newYork, berlin], { minutes: 60 })).toEqual({ slot: "2026-11-23T15:00:00.000Z" });
  });

  test("between the two nights of their clocks has an hour more", () => {
    expect(find([newYork, berlin], { from: at("2026-10-26T00:00:00Z"), minutes: 120 })).toEqual({
      slot: "2026-10-26T14:00:00.000Z",
    });
  });

  test("keeps off each one's own holidays", () => {
    const time: WorkingTime = {
      quietHours: null,
      holidays: ({ date, timezone }) => {
        if (date === "2026-11-23" && timezone === "Europe/Berlin") return "a holiday there";
        return date === "2026-11-24" && timezone === "America/New_York" ? "a holiday here" : null;
      },
    };
    expect(find([newYork, berlin], { time })).toEqual({ slot: "2026-11-25T15:00:00.000Z" });
    expect(find([newYork], { time })).toEqual({ slot: "2026-11-23T15:00:00.000Z" });
  });

  test("is on the half hour of the event's zone, also where that lies at a quarter", () => {
    expect(find([guest("a@example.com", "Asia/Kathmandu")], { from: at("2026-11-23T05:50:00Z") })).toEqual({
      slot: "2026-11-23T06:15:00.000Z",
    });
  });

  test("is none where two exclude each other, and those two are named", () => {
    expect(find([newYork, berlin, losAngeles])).toEqual({ apart: ["kim@example.com", "lou@example.com"] });
  });

  test("is none where each two have one, and all three haven't", () => {
    const perth = guest("sam@example.com", "Australia/Perth");
    const dubai = guest("ali@example.com", "Asia/Dubai");
    const london = guest("liv@example.com", "Europe/London");
    const time: WorkingTime = { quietHours: { from: 20 * 60, to: 8 * 60 }, holidays: () => null };
    expect(find([perth, dubai, london], { time, minutes: 240 })).toEqual({
      apart: ["sam@example.com", "liv@example.com"],
    });
    expect(find([perth, dubai, london], { time, minutes: 180 })).toEqual({ slot: "2026-11-23T09:00:00.000Z" });
  });

  test("is none for one who is away for the whole time, who alone is named", () => {
    const time: WorkingTime = {
      quietHours: null,
      holidays: ({ timezone }) => (timezone === "Europe/Berlin" ? "away" : null),
    };
    expect(find([newYork, berlin], { time })).toEqual({ apart: ["kim@example.com"] });
  });

  test("is none for want of a free one, where calendars are full", () => {
    expect(find([newYork, berlin], { busy: [{ from: monday, to: monday + 30 * 86_400_000 }] })).toBe("busy");
  });

  test("is named in words", () => {
    expect(apartWords([berlin, losAngeles], { minutes: 30, days: 14 })).toBe(
      "The working hours of kim@example.com (Europe/Berlin) and lou@example.com (America/Los_Angeles) have no 30 min in common in the next 14 days. Book it by hand.",
    );
    expect(apartWords([berlin], { minutes: 30, days: 14 })).toContain("kim@example.com (Europe/Berlin) have no room");
  });

  test("lies in everybody's working day, is never in the past, never meets what is busy, for any zones and times", () => {
    const zones = ["UTC", "America/New_York", "Europe/Berlin", "Africa/Lagos", "America/Sao_Paulo", "Asia/Dubai"];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 366 * 24 * 60 }),
        fc.integer({ min: 5, max: 120 }),
        fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 8 })), { maxLength: 5 }),
        (offset, minutes, timezones, periods) => {
          const from = monday + offset * 60_000;
          const busy = periods.map(([start, length]) => ({
            from: from + start * 3_600_000,
            to: from + (start + length) * 3_600_000,
          }));
          const guests = timezones.map((timezone) => guest(timezone, timezone));
          const meeting = { guests, timezone: timezones[0] ?? "UTC", from, days: 14, minutes };
          const found = commonTime(officeHours, { ...meeting, busy });
          if (found.kind !== "found") return;
          const { slot } = found;
          expect(slot.from).toBeGreaterThanOrEqual(from);
          expect(busy.some((one) => one.from < slot.to && slot.from < one.to)).toBe(false);
          for (const timezone of timezones) {
            const first = localTime({ at: slot.from, timezone });
            const last = localTime({ at: slot.to, timezone });
            expect(first.hour).toBeGreaterThanOrEqual(10);
            expect(last.hour * 60 + last.minute).toBeLessThanOrEqual(17 * 60);
            expect(first.day).toBe(last.day);
            expect(isWeekend(localDate({ at: slot.from, timezone }))).toBe(false);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
