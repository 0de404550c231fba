/** Does `revops next` know when an expression or a flow fires, in which order, and which field is at fault? */
import { describe, expect, test } from "vitest";
import type { ScheduleTrigger, Trigger } from "../../../src/flow/flow.ts";
import { firingTimes, type AskedFirings } from "../../../src/flow/schedule/firing-times.ts";

const from = Date.parse("2026-11-20T12:00:00Z");

function times(asked: { expression: string } | { triggers: readonly Trigger[] }, rest: Partial<AskedFirings> = {}) {
  const found = firingTimes({ timezone: "UTC", from, count: 3, ...rest, ...asked });
  if (!found.ok) throw new Error(found.problem.message);
  return found.times.map(({ at, trigger }) => [new Date(at).toISOString().slice(0, 16), trigger]);
}

function schedule(text: string, timezone: string | null = null): ScheduleTrigger {
  return {
    type: "schedule",
    schedule: text,
    timezone,
    catch_up: "latest",
    overlap: "skip",
    filter: null,
    jitter_ms: 600_000,
  };
}

describe("an expression", () => {
  test("in its zone, strictly after the instant asked from", () => {
    expect(times({ expression: "0 7 * * ? *" }, { timezone: "America/New_York", count: 2 })).toEqual([
      ["2026-11-21T12:00", null],
      ["2026-11-22T12:00", null],
    ]);
  });

  test("a rate counts from the instant asked from", () => {
    expect(times({ expression: "rate(90 minutes)" }, { count: 2 })).toEqual([
      ["2026-11-20T13:30", null],
      ["2026-11-20T15:00", null],
    ]);
  });

  test("that ends gives what there is, and one that is over nothing", () => {
    expect(times({ expression: "at(2027-01-01T00:00:00)" })).toEqual([["2027-01-01T00:00", null]]);
    expect(times({ expression: "at(2026-01-01T00:00:00)" })).toEqual([]);
    expect(times({ expression: "* * 30 2 ? *" })).toEqual([]);
  });

  test.each([
    ["0 9 * * * *", "UTC", "day-of-week", "write ? in day-of-week"],
    ["0 25 * * ? *", "UTC", "hours", "outside 0-23"],
    ["rate(1 hours)", "UTC", "unit", "rate(1 hour)"],
    ["0 9 * * ?", "UTC", null, "six"],
    ["0 9 * * ? *", "Europe/Atlantis", "timezone", "Europe/Berlin"],
  ])("%s in %s is refused at its field", (expression, timezone, field, words) => {
    const found = firingTimes({ expression, timezone, from, count: 1 });
    expect(found).toMatchObject({ ok: false, problem: { field, message: expect.stringContaining(words) } });
  });
});

describe("a flow", () => {
  test("all its schedules in one line of time, each in its own zone; other triggers fire by no clock", () => {
    const triggers: Trigger[] = [
      { type: "manual", overlap: "skip" },
      schedule("0 9 * * ? *"),
      schedule("0 9 * * ? *", "Asia/Tokyo"),
      { type: "event", event: "customer.created", overlap: "skip", filter: null },
      schedule("at(2026-11-21T09:00:00)"),
    ];
    expect(times({ triggers }, { count: 5 })).toEqual([
      ["2026-11-21T00:00", 2],
      ["2026-11-21T09:00", 1],
      ["2026-11-21T09:00", 4],
      ["2026-11-22T00:00", 2],
      ["2026-11-22T09:00", 1],
    ]);
  });

  test("without a schedule it never fires", () => {
    expect(times({ triggers: [{ type: "manual", overlap: "skip" }] })).toEqual([]);
  });
});
