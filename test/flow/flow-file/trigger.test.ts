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

  test("is an event that can't come yet told of?", () => {
    const text = flow(count, "triggers: [{ type: event, event: customer.created }]");
    expect(said(text)).toEqual([
      `${placeOf(text, "customer.created")} events are not received yet; until then this trigger starts nothing`,
    ]);
  });

  test("is a time limit that nothing keeps let through?", () => {
    expect(said(flow(count, "timeout: P7D"))).toEqual([expect.stringContaining('"timeout" is not supported yet')]);
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
    ["{ type: manual, overlap: queue }", "queue", 'overlap "queue" is not supported yet'],
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
