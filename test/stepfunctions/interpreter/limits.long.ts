/** Limits that take their time to be reached: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
import { expect, test } from "vitest";
import { branch, pass, run } from "./sample-machines.ts";

const caught = { caught: pass("{% $states.input %}") };

test.each(["($f := function($n) { $f($n + 1) }; $f(0))", "$count($map([1..100000], function($v) { $v * 2 }))"])(
  "without an end in sight: %s",
  async (expression) => {
    const end = await run({ x: pass(`{% ${expression} %}`) });
    expect(end.error).toBe("States.QueryEvaluationError");
    expect(end.cause).toContain("takes too long");
  },
);

test("10 MiB of variables are the most that an execution holds", async () => {
  const states: Record<string, object> = {};
  for (let number = 0; number < 42; number += 1) {
    states[`s${number}`] = pass(
      {},
      { Assign: { [`v${number}`]: "{% $pad('', 262000, 'x') %}" }, Next: `s${number + 1}` },
    );
  }
  const end = await run({ ...states, s42: { Type: "Succeed" } });
  expect([end.error, end.cause]).toEqual([
    "States.DataLimitExceeded",
    "The execution's variables hold more than 10 MiB.",
  ]);
});

test("over the history's 25,000 events the execution fails, whatever catches", async () => {
  const loop = branch({
    a: pass({}, { Next: "b" }),
    b: pass({}, { Next: "c" }),
    c: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "end" }], Default: "a" },
    end: { Type: "Succeed" },
  });
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "caught" }];
  const end = await run({ group: { Type: "Parallel", Branches: [loop], Catch, End: true }, ...caught });
  expect([end.status, end.error]).toEqual(["FAILED", "States.Runtime"]);
  expect(end.events).toHaveLength(25_000);
  expect(end.events.at(-1)?.type).toBe("ExecutionFailed");
});
