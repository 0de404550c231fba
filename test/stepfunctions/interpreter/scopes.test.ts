/** Variables: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
import { expect, test } from "vitest";
import { branch, pass, run, task, answers } from "./sample-machines.ts";

test("Assign and Output of one state both see the values at its entry", async () => {
  const end = await run({
    first: pass({}, { Assign: { x: 1, y: 10 }, Next: "swap" }),
    swap: pass("{% $x %}", { Assign: { x: "{% $y %}", y: "{% $x %}" }, Next: "look" }),
    look: pass({ before: "{% $states.input %}", x: "{% $x %}", y: "{% $y %}" }),
  });
  expect(end.output).toEqual({ before: 1, x: 10, y: 1 });
});

test("a branch reads the variables around it, and its own are gone after it", async () => {
  const inside = { own: pass({}, { Assign: { mine: "{% $around + 1 %}" }, Next: "say" }), say: pass("{% $mine %}") };
  const end = await run({
    start: pass({}, { Assign: { around: 1 }, Next: "both" }),
    both: { Type: "Parallel", Branches: [branch(inside)], Next: "after" },
    after: pass("{% $mine %}"),
  });
  expect(end.error).toBe("States.QueryEvaluationError");
  expect(end.cause).toContain("$mine, which isn't assigned");
});

const counting = (name: string, value: number) =>
  branch({ [name]: pass({}, { Assign: { own: value }, Next: `${name}_said` }), [`${name}_said`]: pass("{% $own %}") });

test("siblings may give the same name to a variable of their own", async () => {
  const end = await run({ both: { Type: "Parallel", Branches: [counting("a", 1), counting("b", 2)], End: true } });
  expect(end.output).toEqual([1, 2]);
});

test("a name from outside, assigned inside a branch", async () => {
  const inside = branch({ inner: pass({}, { Assign: { x: 2 } }) });
  const states = {
    start: pass({}, { Assign: { x: 1 }, Next: "group" }),
    group: { Type: "Parallel", Branches: [inside], End: true },
  };
  await expect(run(states)).rejects.toThrow("$x is assigned outside already");
});

test("a name that only the Parallel's own Assign gives is taken inside it too", async () => {
  const inside = branch({ inner: pass({}, { Assign: { x: 2 } }) });
  const states = { group: { Type: "Parallel", Branches: [inside], Assign: { x: 1 }, End: true } };
  await expect(run(states)).rejects.toThrow("$x is assigned outside already");
});

test("the Assign of a Parallel and of a Catch write outward", async () => {
  const broken = branch({ broken: { Type: "Fail", Error: "Broken", Cause: "it is" } });
  const end = await run({
    group: {
      Type: "Parallel",
      Branches: [broken],
      Catch: [{ ErrorEquals: ["Broken"], Assign: { why: "{% $states.errorOutput.Cause %}" }, Next: "say" }],
      Next: "say",
    },
    say: pass("{% $why %}"),
  });
  expect(end.output).toBe("it is");
});

test("a Distributed Map reads no variables from outside", async () => {
  const item = {
    ...branch({ item: pass("{% $around %}") }),
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
  };
  const end = await run({
    start: pass({}, { Assign: { around: 1 }, Next: "each" }),
    each: { Type: "Map", Items: [1], ItemProcessor: item, End: true },
  });
  expect(end.error).toBe("States.ExceedToleratedFailureThreshold");
  expect(end.children[0]?.cause).toContain("$around, which isn't assigned");
});

test("a Distributed Map may use the names from outside for its own", async () => {
  const states = { item: pass({}, { Assign: { x: 5 }, Next: "said" }), said: pass("{% $x %}") };
  const item = { ...branch(states), ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };
  const end = await run({
    start: pass({}, { Assign: { x: 1 }, Next: "each" }),
    each: { Type: "Map", Items: [1, 2], ItemProcessor: item, End: true },
  });
  expect(end.output).toEqual([5, 5]);
});

test.each(["states", "count", "uuid", "x.y", "_x", "1x", "a b", "x".repeat(81), ""])(
  "%j as a variable's name",
  async (name) => {
    await expect(run({ one: pass({}, { Assign: { [name]: 1 } }) })).rejects.toThrow("one: ");
  },
);

test("a retry sees the variables as they were when the state was entered", async () => {
  const lambda = answers(new Error("first"), { ok: true });
  const end = await run(
    {
      start: pass({}, { Assign: { n: 1 }, Next: "work" }),
      work: task("f", {
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        Assign: { n: "{% $n + 1 %}" },
        Next: "say",
      }),
      say: pass("{% $n %}"),
    },
    { lambda },
  );
  expect(end.output).toBe(2);
});
