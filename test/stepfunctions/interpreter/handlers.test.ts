/** Retry and Catch: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
import { expect, test } from "vitest";
import { NamedError } from "./handlers.ts";
import { matches } from "./failure.ts";
import { answers, branch, pass, run, secondsOf, task, types } from "./sample-machines.ts";

const caught = { caught: pass("{% $states.input %}") };

function catching(error: string): object {
  return { Catch: [{ ErrorEquals: [error], Next: "caught" }], Next: "caught" };
}

test("the documentation's own four failures in a row", async () => {
  // The page's example: ErrorA, ErrorB wait 1 and 2 s, ErrorC 5 s, the second ErrorB is one too many.
  const failures = ["ErrorA", "ErrorB", "ErrorC", "ErrorB"].map((name) => new NamedError(name, "no"));
  const Retry = [
    { ErrorEquals: ["ErrorA", "ErrorB"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
    { ErrorEquals: ["ErrorC"], IntervalSeconds: 5 },
  ];
  const end = await run(
    { x: task("f", { Retry, ...catching("States.ALL") }), ...caught },
    { lambda: answers(...failures) },
  );
  expect(secondsOf(end, "TaskScheduled")).toEqual([0, 1, 3, 8]);
  expect(end.output).toMatchObject({ Error: "ErrorB" });
});

test("without more said: three retries, after 1, 2 and 4 seconds", async () => {
  const end = await run(
    { x: task("f", { Retry: [{ ErrorEquals: ["States.ALL"] }] }) },
    { lambda: answers(new Error("no")) },
  );
  expect(secondsOf(end, "TaskScheduled")).toEqual([0, 1, 3, 7]);
  expect(end.error).toBe("Error");
});

test("MaxDelaySeconds and full jitter bound every wait", async () => {
  const Retry = [
    { ErrorEquals: ["States.ALL"], IntervalSeconds: 10, MaxAttempts: 3, MaxDelaySeconds: 15, JitterStrategy: "FULL" },
  ];
  const end = await run({ x: task("f", { Retry }) }, { lambda: answers(new Error("no")), fraction: () => 0.5 });
  expect(secondsOf(end, "TaskScheduled")).toEqual([0, 5, 12.5, 20]);
});

test("MaxAttempts 0 forbids what a later retrier would allow", async () => {
  const Retry = [{ ErrorEquals: ["Bad"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }];
  const end = await run({ x: task("f", { Retry }) }, { lambda: answers(new NamedError("Bad", "no")) });
  expect(secondsOf(end, "TaskScheduled")).toEqual([0]);
});

test("RetryCount counts all retries of a state, and begins anew at its next visit", async () => {
  const counts: number[] = [];
  const lambda = async (_name: string, _payload: unknown, { retryCount }: { retryCount: number }) => {
    counts.push(retryCount);
    if (counts.length % 2 === 1) throw new Error("no");
    return counts.length;
  };
  const loop = { Type: "Choice", Choices: [{ Condition: "{% $states.input >= 4 %}", Next: "done" }], Default: "x" };
  const Retry = [{ ErrorEquals: ["States.ALL"] }];
  await run(
    {
      x: task("f", { Retry, Output: "{% $states.result.Payload %}", Next: "again" }),
      again: loop,
      done: { Type: "Succeed" },
    },
    { lambda },
  );
  expect(counts).toEqual([0, 1, 0, 1]);
});

test("what a Lambda function throws, as Lambda writes it down", async () => {
  const end = await run(
    { x: task("f", catching("Input.Invalid")), ...caught },
    { lambda: answers(new NamedError("Input.Invalid", "no name")) },
  );
  expect(end.output).toEqual({
    Error: "Input.Invalid",
    Cause: JSON.stringify({ errorType: "Input.Invalid", errorMessage: "no name", trace: [] }),
  });
});

test("what Lambda itself says is a sentence", async () => {
  const end = await run(
    { x: task("f") },
    { lambda: answers(new NamedError("Lambda.TooManyRequestsException", "Rate Exceeded.")) },
  );
  expect([end.error, end.cause]).toEqual(["Lambda.TooManyRequestsException", "Rate Exceeded."]);
});

test.each([
  ["States.ALL", "Anything", true],
  ["States.ALL", "States.Timeout", true],
  ["States.ALL", "States.QueryEvaluationError", true],
  ["States.ALL", "States.Runtime", false],
  ["States.ALL", "States.DataLimitExceeded", false],
  ["States.Runtime", "States.Runtime", false],
  ["States.DataLimitExceeded", "States.DataLimitExceeded", false],
  ["States.TaskFailed", "Anything", true],
  ["States.TaskFailed", "States.Timeout", false],
  ["States.TaskFailed", "States.HeartbeatTimeout", false],
  ["States.TaskFailed", "States.Runtime", false],
  ["States.Timeout", "States.HeartbeatTimeout", true],
  ["States.HeartbeatTimeout", "States.Timeout", false],
  ["Anything", "anything", false],
])("does %s catch %s", (name, error, does) => {
  expect(matches([name], error)).toBe(does);
});

test("a Catch on States.Runtime by its name catches nothing", async () => {
  const broken = task("f", {
    Resource: "arn:aws:states:::dynamodb:putItem",
    Arguments: {},
    ...catching("States.Runtime"),
  });
  const end = await run({ x: broken, ...caught });
  expect([end.status, end.error]).toEqual(["FAILED", "States.Runtime"]);
});

test("a result over 256 KiB can't be caught", async () => {
  const end = await run({ x: task("f", catching("States.ALL")), ...caught }, { lambda: answers("x".repeat(262_144)) });
  expect([end.status, end.error]).toEqual(["FAILED", "States.DataLimitExceeded"]);
});

test("an Output that gives nothing is caught, and tried again with the whole task", async () => {
  let calls = 0;
  const lambda = async () => ++calls;
  const Retry = [{ ErrorEquals: ["States.QueryEvaluationError"], MaxAttempts: 1 }];
  const end = await run(
    {
      x: task("f", {
        Output: "{% $states.result.Payload.nothing %}",
        Retry,
        ...catching("States.QueryEvaluationError"),
      }),
      ...caught,
    },
    { lambda },
  );
  expect(calls).toBe(2);
  expect(end.output).toMatchObject({ Error: "States.QueryEvaluationError" });
  expect(types(end).filter((type) => type === "EvaluationFailed")).toHaveLength(2);
});

test("a Pass whose Output gives nothing ends the execution: it has no Catch", async () => {
  const end = await run({ x: pass("{% $states.input.nothing %}") });
  expect([end.status, end.error]).toEqual(["FAILED", "States.QueryEvaluationError"]);
});

test("a function that calls its error States.Timeout deceives no handler", async () => {
  const end = await run(
    { x: task("f", catching("States.Timeout")), ...caught },
    { lambda: answers(new NamedError("States.Timeout", "ha")) },
  );
  expect([end.status, end.error]).toEqual(["FAILED", "States.Runtime"]);
});

test("a Choice without a rule that holds and without Default", async () => {
  const none = { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "end" }] };
  const states = { none, end: { Type: "Succeed" } };
  expect((await run(states)).error).toBe("States.NoChoiceMatched");
  const around = { Type: "Parallel", Branches: [branch(states)], ...catching("States.NoChoiceMatched") };
  expect((await run({ around, ...caught })).output).toMatchObject({ Error: "States.NoChoiceMatched" });
});

test("a condition that gives a text is no boolean", async () => {
  const end = await run({ x: { Type: "Choice", Choices: [{ Condition: "{% 'true' %}", Next: "caught" }] }, ...caught });
  expect(end.error).toBe("States.QueryEvaluationError");
});
