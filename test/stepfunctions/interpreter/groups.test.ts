/**
 * Parallel and Map: https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html and …/state-map-distributed.html
 */
import { expect, test } from "vitest";
import type { CallContext } from "./handlers.ts";
import { branch, pass, run, secondsOf, task, types } from "./sample-machines.ts";

const wait = (seconds: number, next: string) => ({ Type: "Wait", Seconds: seconds, Next: next });
const caught = { caught: pass("{% $states.input %}") };
const distributed = { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };

test("a failing branch fails the Parallel at once and stops the others", async () => {
  const slow = branch({ slow: wait(100, "late"), late: pass({}) });
  const failing = branch({ soon: wait(1, "no"), no: { Type: "Fail", Error: "No", Cause: "because" } });
  const end = await run({ group: { Type: "Parallel", Branches: [slow, failing], End: true } });
  expect([end.status, end.error, end.cause]).toEqual(["FAILED", "No", "because"]);
  expect(end.stoppedAt - end.startedAt).toBe(1000);
  expect(types(end).slice(-4)).toEqual([
    "FailStateEntered",
    "WaitStateAborted",
    "ParallelStateFailed",
    "ExecutionFailed",
  ]);
});

test("a function that a stopped branch had called runs on, and leaves no trace", async () => {
  const finished: string[] = [];
  const lambda = async (name: string, _payload: unknown, { pause }: CallContext) => {
    await pause(5000);
    finished.push(name);
    return null;
  };
  const failing = branch({ soon: wait(1, "no"), no: { Type: "Fail", Error: "No" } });
  const end = await run(
    {
      group: {
        Type: "Parallel",
        Branches: [branch({ call: task("f") }), failing],
        Catch: [{ ErrorEquals: ["No"], Next: "on" }],
        End: true,
      },
      on: wait(10, "caught"),
      ...caught,
    },
    { lambda },
  );
  expect(finished).toEqual(["f"]);
  expect(end.status).toBe("SUCCEEDED");
  expect(types(end)).not.toContain("TaskSucceeded");
});

test("results stand in the order of the branches, whoever ends first", async () => {
  const late = branch({ late: wait(9, "a"), a: pass("a") });
  const end = await run({ group: { Type: "Parallel", Branches: [late, branch({ b: pass("b") })], End: true } });
  expect(end.output).toEqual(["a", "b"]);
});

test("a Retry on the Parallel runs its finished branches again", async () => {
  let calls = 0;
  const lambda = async () => ++calls;
  const failing = branch({ soon: wait(1, "no"), no: { Type: "Fail", Error: "No" } });
  const Retry = [{ ErrorEquals: ["No"], MaxAttempts: 1 }];
  await run(
    { group: { Type: "Parallel", Branches: [branch({ call: task("f") }), failing], Retry, End: true } },
    { lambda },
  );
  expect(calls).toBe(2);
});

test("States.Runtime in a branch passes every Catch around it", async () => {
  const inside = branch({ x: task("f", { Resource: "arn:aws:states:::dynamodb:putItem", Arguments: {} }) });
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "caught" }];
  const end = await run({ group: { Type: "Parallel", Branches: [inside], Catch, End: true }, ...caught });
  expect([end.status, end.error]).toEqual(["FAILED", "States.Runtime"]);
});

test("an inline Map runs so many at a time, each with its own item", async () => {
  const inside = branch({
    pause: wait(10, "say"),
    say: pass("{% $states.context.Map.Item.Index & $states.input.name %}"),
  });
  const end = await run(
    {
      each: {
        Type: "Map",
        Items: "{% $states.input.names %}",
        ItemSelector: { name: "{% $states.context.Map.Item.Value %}" },
        MaxConcurrency: 2,
        ItemProcessor: inside,
        End: true,
      },
    },
    { input: { names: ["a", "b", "c", "d", "e"] } },
  );
  expect(end.output).toEqual(["0a", "1b", "2c", "3d", "4e"]);
  expect(secondsOf(end, "MapIterationStarted")).toEqual([0, 0, 10, 10, 20]);
});

test("a failing iteration stops the others, and begins no further one", async () => {
  const inside = branch({
    which: { Type: "Choice", Choices: [{ Condition: "{% $states.input = 1 %}", Next: "no" }], Default: "pause" },
    no: { Type: "Fail", Error: "No" },
    pause: wait(10, "end"),
    end: { Type: "Succeed" },
  });
  const end = await run({
    each: { Type: "Map", Items: [0, 1, 2, 3], MaxConcurrency: 2, ItemProcessor: inside, End: true },
  });
  expect(end.error).toBe("No");
  const counts = Object.groupBy(
    types(end).filter((type) => type.startsWith("MapIteration")),
    (type) => type,
  );
  expect(counts["MapIterationStarted"]).toHaveLength(2);
  expect(counts["MapIterationFailed"]).toHaveLength(1);
  expect(counts["MapIterationAborted"]).toHaveLength(1);
});

test.each([[[]], [[null]]])("a Map over %j", async (items) => {
  const end = await run({
    each: { Type: "Map", Items: items, ItemProcessor: branch({ say: pass("{% [$states.input] %}") }), End: true },
  });
  expect(end.output).toEqual(items.map((item) => [item]));
});

test("items that are no array", async () => {
  const each = { Type: "Map", ItemProcessor: branch({ say: pass(1) }), End: true };
  expect((await run({ each: { ...each, Items: "{% 'text' %}" } })).error).toBe("States.QueryEvaluationError");
  expect((await run({ each })).error).toBe("States.Runtime");
});

test("an inline Map has neither tolerated failures nor more than 40 at a time", async () => {
  const each = { Type: "Map", Items: [1], ItemProcessor: branch({ say: pass(1) }), End: true };
  await expect(run({ each: { ...each, ToleratedFailureCount: 1 } })).rejects.toThrow("belongs to a Distributed Map");
  await expect(run({ each: { ...each, MaxConcurrency: 41 } })).rejects.toThrow("at most 40");
});

const picky = branch({
  which: { Type: "Choice", Choices: [{ Condition: "{% $states.input % 2 = 1 %}", Next: "no" }], Default: "yes" },
  no: { Type: "Fail", Error: "Odd" },
  yes: pass("{% $states.input %}"),
});

const threshold = "States.ExceedToleratedFailureThreshold";

test.each([
  [{}, threshold],
  [{ ToleratedFailureCount: 1 }, threshold],
  [{ ToleratedFailureCount: 2 }, [0, 2]],
  [{ ToleratedFailurePercentage: 49 }, threshold],
  [{ ToleratedFailurePercentage: 50 }, [0, 2]],
  [{ ToleratedFailurePercentage: 50, ToleratedFailureCount: 1 }, threshold],
])("a Distributed Map with two of four failing and %j", async (tolerance, expected) => {
  const ItemProcessor = { ...picky, ...distributed };
  const end = await run({ each: { Type: "Map", Items: [0, 1, 2, 3], ItemProcessor, ...tolerance, End: true } });
  expect(end.error ?? end.output).toEqual(expected);
});

test("each item of a Distributed Map has a history of its own, and tells nothing of the parent's", async () => {
  const item = { ...branch({ say: pass("{% $states.context.Execution.Id %}") }), ...distributed };
  const end = await run({ each: { Type: "Map", Items: ["a", "b"], ItemProcessor: item, Label: "all", End: true } });
  expect(end.children).toHaveLength(2);
  expect(end.output).toEqual(end.children.map(({ arn }) => arn));
  expect(end.children.map(({ history }) => history.events.length)).toEqual([4, 4]);
  expect(types(end)).not.toContain("PassStateEntered");
  expect(types(end)).toContain("MapRunSucceeded");
});
