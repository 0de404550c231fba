import { describe, expect, test } from "vitest";
import { nextFire, normaliseSchedule, parseSchedule } from "../../src/flow/schedule.ts";

function firings(
  text: string,
  { zone = "UTC", from, count = 3 }: { zone?: string; from: string; count?: number },
): (string | null)[] {
  const parsed = parseSchedule(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  const found: (string | null)[] = [];
  let after: number | null = Date.parse(from);
  while (after !== null && found.length < count) {
    after = nextFire({ schedule: parsed.schedule, timezone: zone, after });
    found.push(after === null ? null : new Date(after).toISOString().replace(/:00\.000Z$/, "Z"));
  }
  return found;
}

function minutes(text: string, count: number): (string | undefined)[] {
  return firings(text, { from, count }).map((time) => time?.slice(14, 16));
}

function problemOf(text: string): { message: string; field: string | null } | null {
  const parsed = parseSchedule(text);
  return parsed.ok ? null : parsed.problem;
}

const from = "2026-11-20T12:00:00Z";

describe("cron", () => {
  test("the seed's schedule fires daily at nine, strictly after", () => {
    expect(firings("cron(0 9 * * ? *)", { from: "2026-11-20T09:00:00Z", count: 2 })).toEqual([
      "2026-11-21T09:00Z",
      "2026-11-22T09:00Z",
    ]);
    expect(firings("cron(0 9 * * ? *)", { from: "2026-11-20T08:59:59.999Z", count: 1 })).toEqual(["2026-11-20T09:00Z"]);
  });

  test("weekdays count from 1 = SUN, so 2-6 is Monday to Friday", () => {
    const week = firings("0 9 ? * 2-6 *", { from, count: 5 });
    expect(firings("0 9 ? * MON-FRI *", { from, count: 5 })).toEqual(week);
    expect(week[0]).toBe("2026-11-23T09:00Z");
    expect(firings("0 9 ? * 1 *", { from, count: 1 })).toEqual(["2026-11-22T09:00Z"]);
  });

  test.each([
    ["0 0 L * ? *", ["2026-11-30T00:00Z", "2026-12-31T00:00Z", "2027-01-31T00:00Z"]],
    ["0 0 L-3 * ? *", ["2026-11-27T00:00Z", "2026-12-28T00:00Z", "2027-01-28T00:00Z"]],
    ["0 0 LW * ? *", ["2026-11-30T00:00Z", "2026-12-31T00:00Z", "2027-01-29T00:00Z"]],
    ["0 0 ? * 6L *", ["2026-11-27T00:00Z", "2026-12-25T00:00Z", "2027-01-29T00:00Z"]],
    ["0 0 ? * FRIL *", ["2026-11-27T00:00Z", "2026-12-25T00:00Z", "2027-01-29T00:00Z"]],
    ["0 0 ? * 3#2 *", ["2026-12-08T00:00Z", "2027-01-12T00:00Z", "2027-02-09T00:00Z"]],
    ["0 0 ? * L *", ["2026-11-21T00:00Z", "2026-11-28T00:00Z", "2026-12-05T00:00Z"]],
    ["0 0 29 2 ? *", ["2028-02-29T00:00Z", "2032-02-29T00:00Z", "2036-02-29T00:00Z"]],
    ["0 0 31 * ? *", ["2026-12-31T00:00Z", "2027-01-31T00:00Z", "2027-03-31T00:00Z"]],
    ["0 0 ? * 2#5 *", ["2026-11-30T00:00Z", "2027-03-29T00:00Z", "2027-05-31T00:00Z"]],
    ["0 0 L-29 * ? *", ["2026-12-02T00:00Z", "2027-01-02T00:00Z", "2027-03-02T00:00Z"]],
    ["0 0 L-30 * ? *", ["2026-12-01T00:00Z", "2027-01-01T00:00Z", "2027-03-01T00:00Z"]],
    ["0 0 L-1 2 ? *", ["2027-02-27T00:00Z", "2028-02-28T00:00Z", "2029-02-27T00:00Z"]],
    ["0 0 ? * 1#5 *", ["2026-11-29T00:00Z", "2027-01-31T00:00Z", "2027-05-30T00:00Z"]],
    ["0 0 1,15,L * ? *", ["2026-11-30T00:00Z", "2026-12-01T00:00Z", "2026-12-15T00:00Z"]],
  ])("%s", (text, times) => {
    expect(firings(text, { from })).toEqual(times);
  });

  test("3W on a Saturday is the Friday before: AWS's own example", () => {
    expect(firings("0 0 3W 7 ? 2027", { from })).toEqual(["2027-07-02T00:00Z", null]);
  });

  test("1W on a Saturday and 31W on a Sunday don't leave the month", () => {
    expect(firings("0 0 1W 5 ? 2027", { from, count: 1 })).toEqual(["2027-05-03T00:00Z"]);
    expect(firings("0 0 31W 1 ? 2027", { from, count: 1 })).toEqual(["2027-01-29T00:00Z"]);
  });

  test("a nearest weekday at a month's end: the 30th moves back or stays, and February has none", () => {
    expect(firings("0 0 30W 1,2,5,10 ? 2027", { from })).toEqual([
      "2027-01-29T00:00Z",
      "2027-05-31T00:00Z",
      "2027-10-29T00:00Z",
    ]);
    // The 28th is a Sunday and the month's last day: the Friday before, not the first of March.
    expect(firings("0 0 28W 2 ? 2027", { from, count: 1 })).toEqual(["2027-02-26T00:00Z"]);
    expect(firings("0 0 29W 2 ? *", { from, count: 2 })).toEqual(["2028-02-29T00:00Z", "2032-02-27T00:00Z"]);
    expect(firings("0 0 LW 2 ? *", { from, count: 2 })).toEqual(["2027-02-26T00:00Z", "2028-02-29T00:00Z"]);
  });

  test("31W leaves out the months without a 31st", () => {
    expect(firings("0 0 31W * ? *", { from })).toEqual(["2026-12-31T00:00Z", "2027-01-29T00:00Z", "2027-03-31T00:00Z"]);
  });

  test("ranges may wrap: hours over midnight, days over the weekend, months over the year", () => {
    expect(firings("0 20-2 * * ? *", { from, count: 8 }).map((time) => time?.slice(11, 13))).toEqual(
      "20 21 22 23 00 01 02 20".split(" "),
    );
    expect(firings("0 0 ? * SAT-MON *", { from, count: 4 }).map((time) => time?.slice(8, 10))).toEqual(
      "21 22 23 28".split(" "),
    );
    expect(firings("0 0 1 NOV-FEB ? *", { from, count: 4 }).map((time) => time?.slice(5, 7))).toEqual(
      "12 01 02 11".split(" "),
    );
  });

  test("steps: 1/10 starts at 1, */15 is 0/15, a range keeps its end", () => {
    expect(minutes("1/10 * * * ? *", 4)).toEqual(["01", "11", "21", "31"]);
    expect(minutes("*/15 * * * ? *", 4)).toEqual(["15", "30", "45", "00"]);
    expect(minutes("10-30/10 * * * ? *", 4)).toEqual(["10", "20", "30", "10"]);
  });

  test("years end the schedule, and a day that never comes is found out quickly", () => {
    expect(firings("0 0 1 1 ? 2026", { from })).toEqual([null]);
    expect(firings("0 0 1 1 ? 2027/100", { from })).toEqual(["2027-01-01T00:00Z", "2127-01-01T00:00Z", null]);
    expect(firings("* * 30 2 ? *", { from })).toEqual([null]);
    expect(firings("59 23 31 12 ? 2199", { from: "1960-01-01T00:00:00Z" })).toEqual(["2199-12-31T23:59Z", null]);
  });
});

describe("when the clocks change", () => {
  const zone = "America/New_York";

  test("a skipped local time is skipped, not moved", () => {
    expect(firings("30 2 * * ? *", { zone, from: "2026-03-07T00:00:00Z", count: 3 })).toEqual([
      "2026-03-07T07:30Z",
      "2026-03-09T06:30Z",
      "2026-03-10T06:30Z",
    ]);
  });

  test("a repeated local time fires once, on its first pass", () => {
    expect(firings("30 1 * * ? *", { zone, from: "2026-11-01T00:00:00Z", count: 2 })).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
  });

  test("asked during the second pass, nothing of it fires again", () => {
    expect(firings("*/15 * * * ? *", { zone, from: "2026-11-01T05:40:00Z", count: 3 })).toEqual([
      "2026-11-01T05:45Z",
      "2026-11-01T07:00Z",
      "2026-11-01T07:15Z",
    ]);
    expect(firings("*/15 * * * ? *", { zone, from: "2026-11-01T06:20:00Z", count: 1 })).toEqual(["2026-11-01T07:00Z"]);
  });

  test("half an hour of summer time counts too", () => {
    expect(firings("15 2 * * ? *", { zone: "Australia/Lord_Howe", from: "2026-10-02T20:00:00Z", count: 2 })).toEqual([
      "2026-10-04T15:15Z",
      "2026-10-05T15:15Z",
    ]);
  });

  test("a day that the zone left out fires nothing", () => {
    expect(firings("0 12 * * ? *", { zone: "Pacific/Apia", from: "2011-12-29T00:00:00Z", count: 2 })).toEqual([
      "2011-12-29T22:00Z",
      "2011-12-30T22:00Z",
    ]);
  });

  test("midnight where there is none", () => {
    expect(firings("0 0 * * ? *", { zone: "America/Sao_Paulo", from: "2018-11-03T12:00:00Z", count: 1 })).toEqual([
      "2018-11-05T02:00Z",
    ]);
  });
});

describe("rate and at", () => {
  test("a rate is a fixed length from the instant asked about, a day 24 hours even over a change of the clocks", () => {
    expect(firings("rate(1 day)", { zone: "America/New_York", from: "2026-10-31T13:00:00Z", count: 2 })).toEqual([
      "2026-11-01T13:00Z",
      "2026-11-02T13:00Z",
    ]);
    expect(firings("rate(5 minutes)", { from, count: 2 })).toEqual(["2026-11-20T12:05Z", "2026-11-20T12:10Z"]);
  });

  test("a rate that leaves the calendar never fires", () => {
    expect(firings("rate(999999999 days)", { from })).toEqual([null]);
  });

  test("at fires once, in the zone, and never where the clocks skip it", () => {
    const zone = "America/New_York";
    expect(firings("at(2027-01-31T09:00:00)", { zone, from })).toEqual(["2027-01-31T14:00Z", null]);
    expect(firings("at(2027-01-31T09:00:00)", { zone, from: "2027-01-31T14:00:00Z" })).toEqual([null]);
    expect(firings("at(2027-03-14T02:30:00)", { zone, from })).toEqual([null]);
  });
});

describe("what EventBridge refuses is refused, at the field at fault", () => {
  test.each([
    ["0 9 * * * *", "day-of-week", "write ? in day-of-week"],
    ["0 9 1 * MON *", "day-of-week", "only one day field"],
    ["0 9 * * MON *", "day-of-month", "only one day field"],
    ["0 9 ? * ? *", "day-of-week", "both day fields"],
    ["0 9 1 * * *", "day-of-week", "write ? in day-of-week"],
    ["0 9 L * MON-FRI *", "day-of-week", "only one day field"],
    ["0 9 15W * 3#2 *", "day-of-week", "only one day field"],
    ["0 9 * * ?", null, "six"],
    ["0 9 * * 1-5", null, "1 = SUN"],
    ["0 9 * * ? * *", null, "7 fields"],
    ["", null, "0 fields"],
    ["60 9 * * ? *", "minutes", "outside 0-59"],
    ["0 24 * * ? *", "hours", "outside 0-23"],
    ["0 9 0 * ? *", "day-of-month", "outside 1-31"],
    ["0 9 32 * ? *", "day-of-month", "outside 1-31"],
    ["0 9 * 13 ? *", "month", "outside 1-12"],
    ["0 9 ? * 0 *", "day-of-week", "1 is SUN"],
    ["0 9 ? * 8 *", "day-of-week", "1 is SUN"],
    ["0 9 ? * MONDAY *", "day-of-week", "SUN-SAT"],
    ["0 9 * JANUARY ? *", "month", "JAN-DEC"],
    ["0 9 * * ? 1969", "year", "1970-2199"],
    ["0 9 * * ? 2200", "year", "1970-2199"],
    ["0 9 * * ? 27", "year", "1970-2199"],
    ["0 9 * * ? ?", "year", "day-of-month and day-of-week only"],
    ["0 9 * * ? 2030-2028", "year", "backwards"],
    ["? 9 * * ? *", "minutes", "day-of-month and day-of-week only"],
    ["L 9 * * ? *", "minutes", "not a value"],
    ["0 9 ? * 2/2 *", "day-of-week", '"/"'],
    ["0 9 ? * 3#6 *", "day-of-week", "1 to 5"],
    ["0 9 ? * 3#0 *", "day-of-week", "1 to 5"],
    ["0 9 ? * 3#1,6#3 *", "day-of-week", 'only one "#"'],
    ["0 9 3#1 * ? *", "day-of-month", "not a value"],
    ["0 9 ? * 3W *", "day-of-week", "not a value"],
    ["0 9 32W * ? *", "day-of-month", "outside"],
    ["0 9 W * ? *", "day-of-month", "not a value"],
    ["0 9 L-31 * ? *", "day-of-month", "L-3"],
    ["0 9 L3 * ? *", "day-of-month", "L-3"],
    ["0,,5 9 * * ? *", "minutes", "empty place"],
    ["0/0 9 * * ? *", "minutes", "step"],
    ["*/90 9 * * ? *", "minutes", "step"],
    ["0/5/5 9 * * ? *", "minutes", "more than one"],
    ["-5 9 * * ? *", "minutes", "not a value"],
    ["1-2-3 9 * * ? *", "minutes", "not a value"],
    ["1.5 9 * * ? *", "minutes", "not a value"],
    ["@daily", null, "six"],
    ["Cron(0 9 * * ? *)", null, "small letters"],
    ["every(5 minutes)", null, "cron(…), rate(…) or at(…)"],
    ["rate(1 hours)", "unit", "rate(1 hour)"],
    ["rate(2 hour)", "unit", "rate(2 hours)"],
    ["rate(1 minutes)", "unit", "rate(1 minute)"],
    ["rate(7 day)", "unit", "rate(7 days)"],
    ["rate(1 weeks)", "unit", "minute, hour or day"],
    ["rate(01 hours)", "value", "positive"],
    ["rate(0 minutes)", "value", "positive"],
    ["rate(-1 minutes)", "value", "positive"],
    ["rate(1.5 hours)", "value", "positive"],
    ["rate(30 seconds)", "unit", "minute, hour or day"],
    ["rate(2 constructors)", "unit", "minute, hour or day"],
    ["rate(5)", null, "number and a unit"],
    ["at(2027-02-30T09:00:00)", null, "calendar"],
    ["at(2027-01-31T24:00:00)", null, "calendar"],
    ["at(2027-01-31 09:00:00)", null, "local time"],
    ["at(2027-01-31T09:00:00Z)", null, "zone"],
    ["1,".repeat(10_000), null, "longer"],
  ])("%s", (text, field, words) => {
    const problem = problemOf(text);
    expect(problem?.message).toContain(words);
    expect(problem?.field).toBe(field);
  });
});

describe("normaliseSchedule", () => {
  test.each([
    ["0 9 * * ? *", "cron(0 9 * * ? *)"],
    ["  cron(0  9 * *\t? *)", "cron(0 9 * * ? *)"],
    ["cron(0 9 ? jan mon-fri *)", "cron(0 9 ? JAN MON-FRI *)"],
    ["rate( 5   minutes )", "rate(5 minutes)"],
    ["at(2027-01-31T09:00:00)", "at(2027-01-31T09:00:00)"],
    ["no schedule", "no schedule"],
  ])("%j becomes %j", (text, canonical) => {
    expect(normaliseSchedule(text)).toBe(canonical);
    expect(normaliseSchedule(canonical)).toBe(canonical);
  });
});
