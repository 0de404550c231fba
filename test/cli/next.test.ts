/** Does `next` show when things fire, in the zone that is asked, and refuse what EventBridge refuses? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sitDown, type Sitting } from "./terminal-line.ts";

const Times = z.object({ times: z.array(z.string()) });

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

it("shows weekday, time, offset and zone, over a change of the clocks", async () => {
  const asked = ["--zone", "America/New_York", "--from", "2026-03-06", "--count", "3"];
  expect(await sitting.line("next", "cron(0 9 ? * MON-FRI *)", ...asked)).toEqual({
    code: 0,
    err: "",
    out: [
      "Fri 2026-03-06 09:00:00 -05:00  America/New_York",
      "Mon 2026-03-09 09:00:00 -04:00  America/New_York",
      "Tue 2026-03-10 09:00:00 -04:00  America/New_York",
      "",
    ].join("\n"),
  });
});

it("has the document that programs rely on, in the zone's offset", async () => {
  const asked = ["--from", "2026-12-01T10:30:00+01:00", "--zone", "Europe/Berlin", "--count", "2"];
  expect(await sitting.json("next", "rate(4 hours)", ...asked)).toEqual({
    times: ["2026-12-01T14:30:00+01:00", "2026-12-01T18:30:00+01:00"],
  });
});

it("takes the six fields bare, quoted or not", async () => {
  const times = { times: ["2026-12-01T09:00:00+00:00"] };
  const asked = ["--from", "2026-12-01", "--count", "1"];
  expect(await sitting.json("next", "0 9 ? * MON-FRI *", ...asked)).toEqual(times);
  expect(await sitting.json("next", "0", "9", "?", "*", "MON-FRI", "*", ...asked)).toEqual(times);
});

it("fires a flow in its trigger's zone, whatever the app's", async () => {
  sitting.environment["REVOPS_TIMEZONE"] = "Asia/Tokyo";
  expect(await sitting.json("next", "review", "--from", "2026-12-04T12:00:00Z", "--count", "2")).toEqual({
    times: ["2026-12-07T09:00:00+01:00", "2026-12-08T09:00:00+01:00"],
  });
});

it("merges a flow's schedules, and adds the jitter that each firing will have", async () => {
  const twice = `flow_id: twice
version: "1.0"
triggers:
  - { type: schedule, schedule: cron(0 9 * * ? *) }
  - { type: schedule, schedule: cron(0 15 * * ? *), jitter: PT10M, timezone: Europe/Berlin }
steps:
  - { id: rest, type: wait, duration: PT1H }
`;
  await writeFile(join(sitting.folder, "flows/twice.yml"), twice);
  const { times } = Times.parse(await sitting.json("next", "twice", "--from", "2026-12-01", "--count", "4"));
  expect(times).toEqual([
    "2026-12-01T09:00:00+00:00",
    expect.stringMatching(/^2026-12-01T15:0\d:\d\d(?:\.\d+)?\+01:00$/),
    "2026-12-02T09:00:00+00:00",
    expect.stringMatching(/^2026-12-02T15:0\d:\d\d(?:\.\d+)?\+01:00$/),
  ]);
  expect(await sitting.json("next", "twice", "--from", "2026-12-01", "--count", "4")).toEqual({ times });
});

it.each([
  ["at(2020-01-01T00:00:00)", "at(2020-01-01T00:00:00) never fires after that.\n"],
  ["meet", "meet has no schedule.\n"],
])("%s: nothing is due, and that is fine", async (subject, sentence) => {
  expect(await sitting.line("next", subject)).toEqual({ code: 0, out: sentence, err: "" });
  expect(await sitting.json("next", subject)).toEqual({ times: [] });
});

describe("what EventBridge refuses is refused with the field at fault", () => {
  it.each([
    ["cron(0 9 * * * *)", "day-of-week"],
    ["cron(0 9 ? * ? *)", "day-of-"],
    ["cron(61 9 ? * MON *)", "minutes"],
    ["cron(0 9 ? * MUN *)", "day-of-week"],
    ["cron(0 9 ? *)", "six"],
    ["rate(1 hours)", "hour"],
    ["rate(0 hours)", "value"],
    ["at(2026-02-30T00:00:00)", "2026-02-30"],
    ["every(day)", "cron(…), rate(…) or at(…)"],
  ])("%s: %s", async (expression, fault) => {
    const { code, out, err } = await sitting.line("next", expression);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(fault);
  });
});
