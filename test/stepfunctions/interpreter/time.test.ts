/** Timeouts, heartbeats, tokens: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
import { expect, test } from "vitest";
import type { LambdaHandler } from "./handlers.ts";
import { branch, pass, run, secondsOf, takes, task, tokenOf, tokenTask, types } from "./sample-machines.ts";
import { TaskTokenError } from "./tokens.ts";

const caught = { caught: pass("{% $states.input.Error %}") };
const catching = (error: string) => ({ Catch: [{ ErrorEquals: [error], Next: "caught" }], Next: "caught" });
const never = takes(Infinity);

test("a function that answers a millisecond after the timeout", async () => {
  const end = await run(
    { x: task("f", { TimeoutSeconds: 3, ...catching("States.Timeout") }), ...caught },
    { lambda: takes(3001) },
  );
  expect([end.output, end.stoppedAt - end.startedAt]).toEqual(["States.Timeout", 3000]);
});

test("each retry has the whole timeout again", async () => {
  const Retry = [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 2 }];
  const end = await run({ x: task("f", { TimeoutSeconds: 3, Retry }) }, { lambda: never });
  expect(secondsOf(end, "TaskTimedOut")).toEqual([3, 7, 12]);
});

test("a timeout from an expression, and one that is no number of seconds", async () => {
  const states = { x: task("f", { TimeoutSeconds: "{% $states.input.t %}", ...catching("States.ALL") }), ...caught };
  expect((await run(states, { lambda: never, input: { t: 2 } })).output).toBe("States.Timeout");
  for (const t of [0, -1, 1.5, "2", null]) {
    const end = await run(states, { lambda: never, input: { t } });
    expect(end.output).toBe("States.QueryEvaluationError");
  }
});

test("the machine's own timeout is nobody's to catch", async () => {
  const group = { Type: "Parallel", Branches: [branch({ x: task("f") })], ...catching("States.ALL") };
  const end = await run({ group, ...caught }, { lambda: never, fields: { TimeoutSeconds: 60 } });
  expect([end.status, end.error, end.stoppedAt - end.startedAt]).toEqual(["TIMED_OUT", "States.Timeout", 60_000]);
  expect(types(end).slice(-3)).toEqual(["TaskStateAborted", "ParallelStateAborted", "ExecutionTimedOut"]);
});

test("an execution waits a year at most", async () => {
  const end = await run({ x: tokenTask("f") }, { lambda: async () => null });
  expect([end.status, end.stoppedAt - end.startedAt]).toEqual(["TIMED_OUT", 365 * 86_400_000]);
});

/** Until it is told that the task is over. */
const beatEvery4Seconds: LambdaHandler = async (_name, payload, { clock, tokens }) => {
  const beat = () => {
    try {
      tokens.heartbeat(tokenOf(payload));
      clock.at(clock.now() + 4000, beat);
    } catch (error) {
      if (!(error instanceof TaskTokenError)) throw error;
    }
  };
  clock.at(clock.now() + 4000, beat);
  return null;
};

test("heartbeats hold a task up to its timeout, not beyond", async () => {
  const x = tokenTask("f", { HeartbeatSeconds: 5, TimeoutSeconds: 60, ...catching("States.ALL") });
  const end = await run({ x, ...caught }, { lambda: beatEvery4Seconds });
  expect([end.output, end.stoppedAt - end.startedAt]).toEqual(["States.Timeout", 60_000]);
});

test.each([
  ["States.Timeout", "SUCCEEDED"],
  ["States.HeartbeatTimeout", "SUCCEEDED"],
  ["States.TaskFailed", "FAILED"],
])("a missed heartbeat and a catcher of %s", async (error, status) => {
  const x = tokenTask("f", { HeartbeatSeconds: 5, TimeoutSeconds: 60, ...catching(error) });
  const end = await run({ x, ...caught }, { lambda: takes(0) });
  expect([end.status, end.error ?? end.output]).toEqual([status, "States.HeartbeatTimeout"]);
});

const answersAtOnce: LambdaHandler = async (_name, payload, { tokens, pause }) => {
  tokens.succeed(tokenOf(payload), { decision: "approved" });
  await pause(1000);
  return null;
};

test("an answer that comes before the function itself has answered", async () => {
  const end = await run({ x: tokenTask("f") }, { lambda: answersAtOnce });
  expect([end.output, end.stoppedAt - end.startedAt]).toEqual([{ decision: "approved" }, 0]);
});

test("a second answer, a late one, a foreign token and no token", async () => {
  const refused: string[] = [];
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      refused.push(error instanceof TaskTokenError ? error.name : String(error));
    }
  };
  const lambda: LambdaHandler = async (_name, payload, { tokens, clock }) => {
    const token = tokenOf(payload);
    const later = token.replace(/000000000001/, "000000000099");
    clock.at(clock.now() + 1000, () => {
      attempt(() => tokens.succeed("AQC", 1));
      attempt(() => tokens.succeed(later, 1));
      tokens.succeed(token, 1);
      attempt(() => tokens.succeed(token, 2));
    });
    clock.at(clock.now() + 2000, () => attempt(() => tokens.fail(token, { error: "Late", cause: "" })));
    return null;
  };
  const end = await run({ x: tokenTask("f", { Next: "y" }), y: { Type: "Wait", Seconds: 9, End: true } }, { lambda });
  expect(refused).toEqual(["InvalidToken", "TaskDoesNotExist", "TaskTimedOut", "TaskTimedOut"]);
  expect(end.output).toBe(1);
});

test("a token has 2,048 characters and each retry another one", async () => {
  const seen: string[] = [];
  const lambda: LambdaHandler = async (_name, payload) => {
    seen.push(tokenOf(payload));
    throw new Error("no");
  };
  await run({ x: tokenTask("f", { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }] }) }, { lambda });
  expect(seen.map((token) => token.length)).toEqual([2048, 2048]);
  expect(new Set(seen).size).toBe(2);
});

const nobodyDecides: LambdaHandler = async (_name, payload, { tokens }) => {
  tokens.fail(tokenOf(payload), { error: "Approval.NoApprover", cause: "nobody" });
  return null;
};

test("a failure sent by token has its own name and cause", async () => {
  const end = await run({ x: tokenTask("f") }, { lambda: nobodyDecides });
  expect([end.error, end.cause]).toEqual(["Approval.NoApprover", "nobody"]);
});

test.each([
  ["2026-11-23T08:00:10Z", 10_000],
  ["2026-11-23T09:00:10+01:00", 10_000],
  ["2020-01-01T00:00:00Z", 0],
])("a wait until %s", async (Timestamp, ms) => {
  const end = await run({ x: { Type: "Wait", Timestamp, End: true } }, { startAt: Date.parse("2026-11-23T08:00:00Z") });
  expect(end.stoppedAt - end.startedAt).toBe(ms);
});

test.each(["2026-11-23", "2026-11-23 08:00:00Z", "2026-11-23T08:00:00", "tomorrow", 5])(
  "a wait until %j",
  async (at) => {
    const end = await run({ x: { Type: "Wait", Timestamp: "{% $states.input.at %}", End: true } }, { input: { at } });
    expect(end.error).toBe("States.QueryEvaluationError");
  },
);
