/** A period as people write it: whole days of the zone, and a sentence for what is none. */
import { describe, expect, it } from "vitest";
import { rows, text } from "../app/page.ts";
import { periodForms, readPeriod } from "../../src/simulation/period.ts";

const now = Date.parse("2026-11-26T18:30:00Z");
const timezone = "Europe/Berlin";

it("each period of docs/simulate.md and of help can be meant", async () => {
  const cells = rows(await text("docs/simulate.md"), "period", "is").map(([cell = ""]) => cell);
  const written = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, form = ""]) => form));
  const forms = [...written, ...periodForms.split(/, | or /)];
  expect(forms.length).toBeGreaterThan(10);
  expect(forms.filter((form) => !readPeriod({ text: form, now, timezone }).ok)).toEqual([]);
});

describe("a period", () => {
  it.each([
    ["30d", "2026-11-26T18:30:00Z", "2026-12-26T18:30:00Z"],
    ["2 weeks", "2026-11-26T18:30:00Z", "2026-12-10T18:30:00Z"],
    ["p30d", "2026-11-26T18:30:00Z", "2026-12-26T18:30:00Z"],
    ["2026-Q4", "2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"],
    ["2026q1", "2025-12-31T23:00:00Z", "2026-03-31T22:00:00Z"],
    ["2026-12", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"],
    ["2028-02", "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z"],
    ["2026-11-01..2026-11-02", "2026-10-31T23:00:00Z", "2026-11-02T23:00:00Z"],
    // The day on which clocks go back has 25 hours.
    ["2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
  ])("%s", (text, from, to) => {
    const period = { from: Date.parse(from), to: Date.parse(to) };
    expect(readPeriod({ text, now, timezone })).toEqual({ ok: true, period });
  });

  it.each([
    [
      "2026-12-31..2026-11-01",
      "the period ends (2026-11-01) before it begins (2026-12-31): write the earlier day first.",
    ],
    ["2026-02-30", "2026-02-30 is no day."],
    ["2026-13", "2026-13-01 is no day."],
    ["2026-11-01..2026-11-31", "2026-11-31 is no day."],
    ["0d", "0d is no time at all: write at least one day."],
    ["401d", "401d is 401 days; at most 400 are simulated at once."],
    ["999999w", "999999w is 6,999,993 days; at most 400 are simulated at once."],
    ["2026-01-01..2036-01-01", "2026-01-01..2036-01-01 is 3,653 days; at most 400 are simulated at once."],
    ["P1M", '"P1M" is no period: write'],
    ["next week", '"next week" is no period: write'],
    ["", '"" is no period: write'],
    ["2026-Q5", '"2026-Q5" is no period: write'],
  ])("is not %j", (text, problem) => {
    expect(readPeriod({ text, now, timezone })).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});
