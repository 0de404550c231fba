import { describe, expect, test } from "vitest";
import { count, definitionOf, flow, placeOf, read, said } from "../fixtures/reading.ts";

const trigger = (keys: string) => flow(count, `trigger: ${keys}`);

describe("triggers", () => {
  test("can a flow be started by hand and by events alone?", () => {
    const text = flow(count, "triggers: [{ type: event, event: customer.created }, { type: manual, overlap: allow }]");
    expect(definitionOf(text).triggers).toEqual([
      { type: "event", event: "customer.created", overlap: "skip", filter: null },
      { type: "manual", overlap: "allow" },
    ]);
    expect(definitionOf(flow(count)).triggers).toEqual([]);
  });

  test("does an event's trigger load without a word, and may all of them queue?", () => {
    const text = flow(count, "triggers: [{ type: event, event: customer.created, overlap: queue }]");
    expect(said(text)).toEqual([]);
    expect(definitionOf(text).triggers).toMatchObject([{ overlap: "queue" }]);
  });

  test("are firings spread out by a schedule's jitter?", () => {
    const text = trigger("{ type: schedule, schedule: rate(1 day), jitter: PT15M }");
    expect(definitionOf(text).triggers).toMatchObject([{ jitter_ms: 900_000 }]);
  });

  test.each([
    ["{ schedule: rate(1 day) }", "{ schedule", "a trigger needs a type"],
    ["{ type: schedule }", "{ type", "a trigger of type schedule needs a schedule"],
    ["{ type: event }", "{ type", "a trigger of type event needs an event"],
    ["{ type: shedule }", "shedule", 'there is no trigger type "shedule"; did you mean schedule?'],
    ["{ type: manual, schedule: rate(1 day) }", "schedule:", '"schedule" doesn\'t go with a trigger of type manual'],
    ["{ type: schedule, schedule: rate(1 days) }", "days)", 'schedule: 1 goes with "day"'],
    ["{ type: schedule, schedule: cron(0 9 * * * 2026) }", "* 2026", "schedule: "],
    ["{ type: schedule, schedule: 0 25 * * ? * }", "25", "schedule: hours"],
    [
      "{ type: schedule, schedule: rate(1 day), catch_up: newest }",
      "newest",
      'there is no catch_up "newest"; it is one of',
    ],
    ["{ type: manual, overlap: queued }", "queued", 'there is no overlap "queued"; did you mean queue?'],
    ["{ type: manual, jitter: PT1M }", "jitter", '"jitter" doesn\'t go with a trigger of type manual'],
    ["{ type: schedule, schedule: rate(1 day), jitter: 15m }", "15m", 'jitter: "15m" is no duration'],
    ["{ type: schedule, schedule: rate(1 day), jitter: PT0S }", "PT0S", "jitter must be longer than nothing"],
    ["{ type: schedule, schedule: rate(1 day), jitter: 15 }", "15", "jitter must be a text, not a number"],
    ["{ type: schedule, schedule: rate(1 day), filter: [5] }", "5]", "a filter's predicate must be a text"],
    ["{ type: schedule, schedule: rate(1 day), filter: ['pg_sleep(1) is null'] }", "pg_sleep", "filter: pg_sleep"],
    [
      "{ type: schedule, schedule: rate(1 day), filter: ['customer.arr > 1', customer.arrr > 2] }",
      "customer.arrr",
      "filter: ",
    ],
  ])("is %s refused where it is wrong?", (keys, marked, message) => {
    const text = trigger(keys);
    expect(said(text)).toEqual([expect.stringContaining(`${placeOf(text, marked)} ${message}`)]);
    expect(read(text).definition).toBeNull();
  });

  test.each(["customer.arr > 1; drop table x", "exists (select 1)", "1 = 1 --", "customer.id = $1"])(
    "is the filter %s let through?",
    (filter) => {
      const { definition, problems } = read(
        trigger(`{ type: schedule, schedule: rate(1 day), filter: ["${filter}"] }`),
      );
      expect(problems.map(({ severity }) => severity)).toContain("error");
      expect(definition).toBeNull();
    },
  );
});
