/** Is the last missed firing the one that counting them all would end at, found without counting them? */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lastFire, nextFire, parseSchedule, type Schedule } from "../../../src/flow/schedule.ts";

function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.schedule;
}

/** One after the other. */
function counted(asked: Parameters<typeof lastFire>[0]): number | null {
  const { until, ...rest } = asked;
  let last: number | null = null;
  for (let at = nextFire(rest); at !== null && at <= until; at = nextFire({ ...rest, after: at })) last = at;
  return last;
}

const hourMs = 3_600_000;
const texts = [
  "*/7 1-3 * * ? *",
  "30 1,2 * * ? *",
  "0 9 ? * MON-FRI *",
  "0 0 L * ? *",
  "15 23 29 2 ? *",
  "0 12 1 1 ? 2026",
  "rate(5 hours)",
  "rate(1 day)",
  "at(2026-03-09T02:30:00)",
  "at(2026-03-08T02:30:00)",
];
const zones = ["UTC", "America/New_York", "Australia/Lord_Howe", "America/Havana"];

test("over days with a change of the clocks in them", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.constantFrom(...zones),
      fc.constantFrom("2026-03-08T07:00Z", "2026-11-01T06:00Z", "2026-04-04T15:00Z"),
      fc.integer({ min: -48 * hourMs, max: 24 * hourMs }),
      fc.integer({ min: -hourMs, max: 72 * hourMs }),
      (text, timezone, change, offset, length) => {
        const after = Date.parse(change) + offset;
        const asked = { schedule: schedule(text), timezone, after, until: after + length };
        expect(lastFire(asked)).toBe(counted(asked));
      },
    ),
    { numRuns: 200 },
  );
});

describe("at the edges", () => {
  const daily = { schedule: schedule("0 9 * * ? *"), timezone: "UTC" };
  const nine = Date.parse("2026-11-20T09:00Z");

  test("the end counts, the beginning doesn't", () => {
    expect(lastFire({ ...daily, after: nine - 1, until: nine })).toBe(nine);
    expect(lastFire({ ...daily, after: nine, until: nine + 1 })).toBeNull();
    expect(lastFire({ ...daily, after: nine - 2, until: nine - 1 })).toBeNull();
  });

  test("a clock that went back finds nothing", () => {
    expect(lastFire({ ...daily, after: nine + 1, until: nine })).toBeNull();
    expect(lastFire({ schedule: schedule("rate(1 minute)"), timezone: "UTC", after: nine, until: 0 })).toBeNull();
  });

  test("a thousand years of every minute end in their last minute", () => {
    const asked = { schedule: schedule("* * * * ? *"), timezone: "America/New_York", after: 0 };
    expect(lastFire({ ...asked, until: nine + 59_999 })).toBe(nine);
    expect(lastFire({ ...asked, until: Date.parse("2970-01-01T00:00Z") })).toBe(Date.parse("2200-01-01T04:59Z"));
  });
});
