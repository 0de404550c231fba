/**
 * Executions in executions, and redrives: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html and
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";
import type { Execution } from "./execution.ts";
import { NotRedrivable } from "./executions.ts";
import type { LambdaHandler } from "./handlers.ts";
import { createInterpreter, drive } from "./interpreter.ts";
import { isName } from "./execution-names.ts";
import { answers, branch, machine, pass, run, takes, task, types } from "./sample-machines.ts";
import type { States } from "./sample-machines.ts";

const day = 86_400_000;

function child(pattern: string, more: object = {}): object {
  return task("", {
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Arguments: { StateMachineArn: "child", Input: { n: "{% $states.input.n %}" }, Name: "child_1" },
    ...more,
  });
}

test("a child by .sync:2 gives its output as JSON", async () => {
  const machines = { child: machine({ say: pass({ twice: "{% $states.input.n * 2 %}" }) }) };
  const end = await run({ x: child(".sync:2") }, { machines, input: { n: 21 } });
  expect(end.output).toMatchObject({ Status: "SUCCEEDED", Name: "child_1", Input: { n: 21 }, Output: { twice: 42 } });
});

test("a child that fails is States.TaskFailed, its record in the cause", async () => {
  const machines = { child: machine({ no: { Type: "Fail", Error: "No", Cause: "because" } }) };
  const Catch = [{ ErrorEquals: ["States.TaskFailed"], Output: "{% $parse($states.errorOutput.Cause) %}", Next: "on" }];
  const end = await run(
    { x: child(".sync:2", { Catch, Next: "on" }), on: { Type: "Succeed" } },
    { machines, input: { n: 1 } },
  );
  expect(end.output).toMatchObject({ Status: "FAILED", Error: "No", Cause: "because" });
});

test("a parent that gives up takes its child with it", async () => {
  const machines = { child: machine({ long: { Type: "Wait", Seconds: 1000, End: true } }) };
  const end = await run({ x: child(".sync:2", { TimeoutSeconds: 5 }) }, { machines, input: { n: 1 } });
  expect(end.error).toBe("States.Timeout");
  expect(end.children.map(({ status }) => status)).toEqual(["ABORTED"]);
});

test("without .sync the parent doesn't wait", async () => {
  const machines = { child: machine({ long: { Type: "Wait", Seconds: 1000, End: true } }) };
  const end = await run({ x: child("") }, { machines, input: { n: 1 } });
  expect([end.status, end.stoppedAt - end.startedAt]).toEqual(["SUCCEEDED", 0]);
});

test("a child's name that is taken, or none, and a machine that isn't there", async () => {
  const machines = { child: machine({ say: pass(1) }) };
  const twice = { x: child(".sync:2", { Output: { n: 1 }, Next: "y" }), y: child("") };
  expect((await run(twice, { machines, input: { n: 1 } })).error).toBe("StepFunctions.ExecutionAlreadyExistsException");
  const named = (Name: string) => ({ x: child("", { Arguments: { StateMachineArn: "child", Name } }) });
  expect((await run(named("a:b"), { machines })).error).toBe("StepFunctions.InvalidNameException");
  expect((await run(named("a"), {})).error).toBe("StepFunctions.StateMachineDoesNotExistException");
});

test.each(["2026-11-23T08:00:00Z", "a b", "a\u0000", "a".repeat(81), "", "a*", "ä~", "\ud800"])(
  "%j is no name",
  (name) => {
    expect(isName(name)).toBe(false);
  },
);

test.each(["a", "a".repeat(80), "A-b_c.d+e=f@g!('h')", "größe"])("%j is a name", (name) => {
  expect(isName(name)).toBe(true);
});

interface Stage {
  execution: Execution;
  settle: () => Promise<void>;
  later: (ms: number) => Promise<void>;
  redrive: () => Promise<void>;
}

function stage(states: States, lambda: LambdaHandler, fields: object = {}): Stage {
  const queue = new EventQueue();
  const { machines, executions, flight } = createInterpreter({ clock: queue, lambda });
  machines.create({ name: "machine", definition: machine(states, fields), now: 0 });
  const { arn } = machines.all()[0] ?? { arn: "" };
  const execution = executions.start({ machine: arn, name: "one", input: {} });
  const settle = () => drive({ queue, flight, isDone: () => execution.status !== "RUNNING" });
  return {
    execution,
    settle,
    later: async (ms) => {
      const until = queue.now() + ms;
      await drive({ queue, flight, until });
      queue.moveTo(until);
    },
    redrive: async () => {
      executions.redrive(execution);
      await settle();
    },
  };
}

test("a redrive begins at the failed state, with its input and variables, and leaves out what had succeeded", async () => {
  const called: string[] = [];
  let isBroken = true;
  const lambda: LambdaHandler = async (name) => {
    called.push(name);
    if (name === "second" && isBroken) throw new Error("no");
    return name;
  };
  const { execution, settle, redrive } = stage(
    {
      first: task("first", { Assign: { kept: "{% $states.result.Payload %}" }, Next: "second" }),
      second: task("second", {
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
        Output: "{% [$kept, $states.context.Execution.RedriveCount] %}",
      }),
    },
    lambda,
  );
  await settle();
  expect([execution.status, called]).toEqual(["FAILED", ["first", "second", "second"]]);
  await redrive();
  // Its retries count anew.
  expect([execution.status, called.length]).toEqual(["FAILED", 5]);
  isBroken = false;
  await redrive();
  expect([execution.status, execution.output, called.length]).toEqual(["SUCCEEDED", ["first", 2], 6]);
  const ids = execution.history.events.map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  expect(execution.history.events.filter(({ type }) => type === "ExecutionRedriven")).toHaveLength(2);
});

const calling = (name: string) => branch({ [name]: task(name, { Output: "{% $states.result.Payload %}" }) });

test("a redrive of a Parallel keeps the finished branch, and goes on with the failed and the stopped one", async () => {
  const called: string[] = [];
  let isBroken = true;
  const lambda: LambdaHandler = async (name, _payload, { pause }) => {
    called.push(name);
    if (name === "slow") await pause(10_000);
    if (name === "bad") await pause(1000);
    if (name === "bad" && isBroken) throw new Error("no");
    return name;
  };
  const group = { Type: "Parallel", Branches: ["good", "bad", "slow"].map(calling), End: true };
  const { execution, settle, redrive } = stage({ group }, lambda);
  await settle();
  isBroken = false;
  await redrive();
  expect(execution.output).toEqual(["good", "bad", "slow"]);
  expect(called).toEqual(["good", "bad", "slow", "bad", "slow"]);
});

test("a redrive of a Map keeps the finished iterations, inline and distributed", async () => {
  for (const config of [{}, { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } }]) {
    const called: unknown[] = [];
    let isBroken = true;
    const lambda: LambdaHandler = async (_name, payload) => {
      called.push(payload);
      if (JSON.stringify(payload) === '{"input":2}' && isBroken) throw new Error("no");
      return payload;
    };
    const item = { ...branch({ work: task("f", { Output: "{% $states.result.Payload.input %}" }) }), ...config };
    const each = { Type: "Map", Items: [1, 2, 3], MaxConcurrency: 1, ItemProcessor: item, End: true };
    const { execution, settle, redrive } = stage({ each }, lambda);
    await settle();
    expect([execution.status, called.length]).toEqual(["FAILED", 2]);
    isBroken = false;
    await redrive();
    expect([execution.output, called.length]).toEqual([[1, 2, 3], 4]);
  }
});

test("a redrive after fourteen days, of a success, and of what still runs", async () => {
  const failing = stage({ x: task("f") }, answers(new Error("no")));
  await expect(failing.redrive()).rejects.toThrow(NotRedrivable);
  await failing.settle();
  await failing.later(14 * day);
  await failing.redrive();
  await failing.later(14 * day + 1);
  await expect(failing.redrive()).rejects.toThrow("redrivable period exceeded");
  const fine = stage({ x: pass(1) }, answers());
  await fine.settle();
  await expect(fine.redrive()).rejects.toThrow("SUCCEEDED");
});

test("the machine's timeout begins anew at the redrive of a timed-out execution", async () => {
  const { execution, settle, redrive, later } = stage({ x: task("f", { Next: "y" }), y: task("f") }, takes(8000), {
    TimeoutSeconds: 10,
  });
  await settle();
  expect(execution.status).toBe("TIMED_OUT");
  await later(60_000);
  await redrive();
  expect(execution.status).toBe("SUCCEEDED");
});

test("stopped from outside: every state says so, from inside out", async () => {
  const queue = new EventQueue();
  const { machines, executions, flight } = createInterpreter({ clock: queue, lambda: answers() });
  const group = { Type: "Parallel", Branches: [branch({ w: { Type: "Wait", Seconds: 9, End: true } })], End: true };
  const { arn } = machines.create({ name: "m", definition: machine({ group }), now: 0 });
  const execution = executions.start({ machine: arn, name: "one", input: {} });
  await drive({ queue, flight, until: queue.now() + 1000 });
  executions.stop(execution, { error: "Aborted.ByUser", cause: "no longer needed" });
  await execution.ended;
  expect([execution.status, execution.error]).toEqual(["ABORTED", "Aborted.ByUser"]);
  const ends = execution.history.events.slice(-3).map(({ type }) => type);
  expect(ends).toEqual(["WaitStateAborted", "ParallelStateAborted", "ExecutionAborted"]);
  executions.stop(execution, { error: "Again", cause: undefined });
  expect(execution.error).toBe("Aborted.ByUser");
});

test("the same run twice gives the same history, to the millisecond", async () => {
  const states = {
    x: task("f", { Retry: [{ ErrorEquals: ["States.ALL"], JitterStrategy: "FULL" }], Next: "y" }),
    y: pass("{% $uuid() & $random() %}"),
  };
  const once = () => run(states, { lambda: answers(new Error("no"), new Error("no"), 1) });
  const [one, other] = [await once(), await once()];
  expect(one.events).toEqual(other.events);
  expect(types(one)).toContain("TaskFailed");
});
