/** Is a text the instant that its writer meant, whatever zone the process runs in? */
import { expect, test } from "vitest";
import { parseInstant } from "../../src/flow/instant.ts";

const iso = (value: Parameters<typeof parseInstant>[0]["value"], timezone = "Europe/Berlin") => {
  const at = parseInstant({ value, timezone });
  return at === null ? null : new Date(at).toISOString();
};

test.each([
  ["2026-12-04T09:00:00Z", "2026-12-04T09:00:00.000Z"],
  ["2026-12-04T09:00:00+01:00", "2026-12-04T08:00:00.000Z"],
  // Without an offset: local time of the flow's zone.
  ["2026-12-04T09:00", "2026-12-04T08:00:00.000Z"],
  ["2026-12-04", "2026-12-03T23:00:00.000Z"],
  // Skipped by the clocks, and repeated by them.
  ["2027-03-28T02:30", "2027-03-28T01:30:00.000Z"],
  ["2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
])("%s", (text, expected) => {
  expect(iso(text)).toBe(expected);
});

test.each([["tomorrow"], ["2026-13-01"], ["09:00"], [""], [null], [5], [{}]])("%j is none", (value) => {
  expect(iso(value)).toBeNull();
});
