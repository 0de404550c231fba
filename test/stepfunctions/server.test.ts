/**
 * The real client of the AWS SDK against the local server. What is expected is in the API's reference:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/
 */
import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  PublishStateMachineVersionCommand,
  RedriveExecutionCommand,
  SFNClient,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, expect, test } from "vitest";
import type { Json } from "../../src/flow/json.ts";
import { branch, machine, pass, task, tokenOf, tokenTask } from "./interpreter/sample-machines.ts";
import { startStepFunctionsServer } from "./server.ts";
import type { Functions, StepFunctionsServer } from "./server.ts";

const open: (() => Promise<void>)[] = [];
const roleArn = "arn:aws:iam::123456789012:role/machines";

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Stage {
  server: StepFunctionsServer;
  client: SFNClient;
  arn: string;
}

async function stage(
  definition: object,
  functions: Functions = {},
  time: "virtual" | "real" = "virtual",
): Promise<Stage> {
  const server = await startStepFunctionsServer({ functions, time });
  const client = new SFNClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 1,
  });
  open.push(
    () => server.close(),
    async () => client.destroy(),
  );
  const { stateMachineArn = "" } = await client.send(
    new CreateStateMachineCommand({ name: "flow", roleArn, definition: JSON.stringify(definition) }),
  );
  return { server, client, arn: stateMachineArn };
}

async function start({ client, arn }: Stage, name: string, input: Json = {}): Promise<string> {
  const { executionArn = "" } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name, input: JSON.stringify(input) }),
  );
  return executionArn;
}

const describe = ({ client }: Stage, executionArn: string) =>
  client.send(new DescribeExecutionCommand({ executionArn }));
const waiting = machine({ wait: { Type: "Wait", Seconds: 60, Next: "say" }, say: pass("{% $states.input %}") });

test("from start to end, as the client reads it", async () => {
  const all = await stage(waiting);
  const executionArn = await start(all, "one", { a: 1 });
  expect(await describe(all, executionArn)).toMatchObject({
    name: "one",
    stateMachineArn: all.arn,
    status: "RUNNING",
    input: '{"a":1}',
    startDate: new Date("2026-11-23T08:00:00Z"),
    redriveCount: 0,
    redriveStatus: "NOT_REDRIVABLE",
  });
  await all.server.advance(59_999);
  expect((await describe(all, executionArn)).status).toBe("RUNNING");
  await all.server.advance(1);
  const end = await describe(all, executionArn);
  expect(end).toMatchObject({ status: "SUCCEEDED", output: '{"a":1}', stopDate: new Date("2026-11-23T08:01:00Z") });
});

test("the same name: with the same input while it runs the same execution, otherwise refused", async () => {
  const all = await stage(waiting);
  const first = await start(all, "one", { a: 1, b: 2 });
  expect(await start(all, "one", { a: 1, b: 2 })).toBe(first);
  for (const other of [{ a: 2 }, { b: 2, a: 1 }]) {
    await expect(start(all, "one", other)).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  }
  await all.server.advance(60_000);
  await expect(start(all, "one", { a: 1, b: 2 })).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  // After 90 days it is free again.
  await all.server.advance(90 * 86_400_000);
  expect(await start(all, "one", { a: 2 })).toBe(first);
});

test.each([
  [{ name: "2026-11-23T08:00:00Z" }, "InvalidName"],
  [{ name: "a b" }, "InvalidName"],
  [{ input: "{" }, "InvalidExecutionInput"],
  [{ input: JSON.stringify("x".repeat(262_144)) }, "InvalidExecutionInput"],
  [{ stateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:none" }, "StateMachineDoesNotExist"],
])("a start with %j", async (wrong, name) => {
  const { client, arn } = await stage(waiting);
  await expect(client.send(new StartExecutionCommand({ stateMachineArn: arn, ...wrong }))).rejects.toMatchObject({
    name,
  });
});

test("history in pages, backwards, and without its data", async () => {
  const all = await stage(machine({ a: pass(1, { Next: "b" }), b: pass(2, { Next: "c" }), c: pass(3) }));
  const executionArn = await start(all, "one", { secret: 1 });
  const page = (more: object) =>
    all.client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 5, ...more }));
  const { events: first = [], nextToken } = await page({});
  const { events: second = [], nextToken: none } = await page({ nextToken });
  expect([...first, ...second].map(({ type }) => type)).toEqual([
    "ExecutionStarted",
    "PassStateEntered",
    "PassStateExited",
    "PassStateEntered",
    "PassStateExited",
    "PassStateEntered",
    "PassStateExited",
    "ExecutionSucceeded",
  ]);
  expect(none).toBeUndefined();
  expect(first[1]).toMatchObject({
    id: 2,
    previousEventId: 1,
    stateEnteredEventDetails: { name: "a", input: '{"secret":1}' },
  });
  const { events: backwards = [] } = await page({ reverseOrder: true, includeExecutionData: false });
  expect(backwards[0]).toMatchObject({ id: 8, type: "ExecutionSucceeded" });
  expect(backwards[0]?.executionSucceededEventDetails?.output).toBeUndefined();
  await expect(page({ reverseOrder: true, nextToken })).rejects.toMatchObject({ name: "InvalidToken" });
});

test("executions of a machine, the newest first, by status and in pages", async () => {
  const all = await stage(waiting);
  for (const name of ["a", "b", "c"]) await start(all, name);
  await all.client.send(
    new StopExecutionCommand({ executionArn: await start(all, "d"), error: "Enough", cause: "of it" }),
  );
  const list = (more: object) => all.client.send(new ListExecutionsCommand({ stateMachineArn: all.arn, ...more }));
  const { executions: aborted = [] } = await list({ statusFilter: "ABORTED" });
  expect(aborted.map(({ name }) => name)).toEqual(["d"]);
  const { executions: running = [], nextToken } = await list({ statusFilter: "RUNNING", maxResults: 2 });
  expect(running.map(({ name }) => name)).toEqual(["c", "b"]);
  const { executions: rest = [] } = await list({ statusFilter: "RUNNING", maxResults: 2, nextToken });
  expect(rest.map(({ name }) => name)).toEqual(["a"]);
});

test("stopped: the cause is kept, a second stop changes nothing, an answer to its token comes too late", async () => {
  const tokens: string[] = [];
  const ask = async (payload: Json) => {
    tokens.push(tokenOf(payload));
    return null;
  };
  const all = await stage(machine({ ask: tokenTask("ask") }), { ask });
  const executionArn = await start(all, "one");
  await expect.poll(() => tokens.length).toBe(1);
  await all.client.send(new StopExecutionCommand({ executionArn, error: "Aborted.ByUser", cause: "no longer needed" }));
  await all.client.send(new StopExecutionCommand({ executionArn, error: "Again" }));
  expect(await describe(all, executionArn)).toMatchObject({
    status: "ABORTED",
    error: "Aborted.ByUser",
    cause: "no longer needed",
  });
  const [taskToken = ""] = tokens;
  await expect(all.client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }))).rejects.toMatchObject({
    name: "TaskTimedOut",
  });
});

test("decided by token: twice, too late, with a wrong token and with no JSON", async () => {
  const tokens: string[] = [];
  const ask = async (payload: Json) => {
    tokens.push(tokenOf(payload));
    return null;
  };
  const all = await stage(machine({ ask: tokenTask("ask", { TimeoutSeconds: 100, HeartbeatSeconds: 50 }) }), { ask });
  const { client, server } = all;
  const [one, other] = [await start(all, "one"), await start(all, "other")];
  await expect.poll(() => tokens.length).toBe(2);
  const [first = "", second = ""] = tokens;
  const succeed = (taskToken: string, output: string) => client.send(new SendTaskSuccessCommand({ taskToken, output }));
  await expect(succeed(first, "{")).rejects.toMatchObject({ name: "InvalidOutput" });
  await expect(succeed(`${first.slice(0, -1)}%`, "1")).rejects.toMatchObject({ name: "InvalidToken" });
  await succeed(first, '{"decision":"approved"}');
  await expect(succeed(first, "1")).rejects.toMatchObject({ name: "TaskTimedOut" });
  expect(await describe(all, one)).toMatchObject({ status: "SUCCEEDED", output: '{"decision":"approved"}' });
  await server.advance(49_000);
  await client.send(new SendTaskHeartbeatCommand({ taskToken: second }));
  await server.advance(49_000);
  expect((await describe(all, other)).status).toBe("RUNNING");
  await server.advance(2000);
  expect(await describe(all, other)).toMatchObject({ status: "FAILED" });
  await expect(client.send(new SendTaskHeartbeatCommand({ taskToken: second }))).rejects.toMatchObject({
    name: "TaskTimedOut",
  });
});

test("rejected by token, redriven, asked again with another token", async () => {
  const tokens: string[] = [];
  const ask = async (payload: Json) => {
    tokens.push(tokenOf(payload));
    return null;
  };
  const all = await stage(machine({ ask: tokenTask("ask") }), { ask });
  const { client } = all;
  const executionArn = await start(all, "one");
  await expect.poll(() => tokens.length).toBe(1);
  const redrive = () => client.send(new RedriveExecutionCommand({ executionArn }));
  await expect(redrive()).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
  await client.send(new SendTaskFailureCommand({ taskToken: tokens[0], error: "No", cause: "not now" }));
  expect(await describe(all, executionArn)).toMatchObject({
    status: "FAILED",
    error: "No",
    redriveStatus: "REDRIVABLE",
  });
  await redrive();
  await expect.poll(() => tokens.length).toBe(2);
  await client.send(new SendTaskSuccessCommand({ taskToken: tokens[1], output: "7" }));
  const end = await describe(all, executionArn);
  expect(end).toMatchObject({ status: "SUCCEEDED", output: "7", redriveCount: 1 });
  expect(end.error).toBeUndefined();
});

test("a machine changed under a running execution: that one goes on as it began", async () => {
  const all = await stage(waiting);
  const before = await start(all, "before");
  const definition = JSON.stringify(machine({ new: pass("new") }));
  await all.client.send(new UpdateStateMachineCommand({ stateMachineArn: all.arn, definition }));
  const after = await start(all, "after");
  await all.server.advance(60_000);
  expect((await describe(all, before)).output).toBe("{}");
  expect((await describe(all, after)).output).toBe('"new"');
  const shown = await all.client.send(new DescribeStateMachineCommand({ stateMachineArn: all.arn }));
  expect(shown).toMatchObject({ name: "flow", status: "ACTIVE", type: "STANDARD", definition });
});

test("an alias starts the version that it points to", async () => {
  const all = await stage(machine({ one: pass(1) }));
  const publish = async () =>
    (await all.client.send(new PublishStateMachineVersionCommand({ stateMachineArn: all.arn })))
      .stateMachineVersionArn ?? "";
  const version = await publish();
  expect(await publish()).toBe(version);
  await all.client.send(
    new UpdateStateMachineCommand({ stateMachineArn: all.arn, definition: JSON.stringify(machine({ two: pass(2) })) }),
  );
  const { stateMachineAliasArn = "" } = await all.client.send(
    new CreateStateMachineAliasCommand({
      name: "live",
      routingConfiguration: [{ stateMachineVersionArn: version, weight: 100 }],
    }),
  );
  const executionArn = await start({ ...all, arn: stateMachineAliasArn }, "one");
  await expect.poll(async () => (await describe(all, executionArn)).output).toBe("1");
  expect(await describe(all, executionArn)).toMatchObject({ stateMachineVersionArn: version, stateMachineAliasArn });
});

test.each([
  ["a broken one", { QueryLanguage: "JSONata", StartAt: "x", States: {} }],
  ["one of JSONPath", { StartAt: "x", States: { x: { Type: "Succeed" } } }],
])("%s is no definition", async (_what, definition) => {
  const { client } = await stage(waiting);
  const create = new CreateStateMachineCommand({ name: "other", roleArn, definition: JSON.stringify(definition) });
  await expect(client.send(create)).rejects.toMatchObject({ name: "InvalidDefinition" });
});

test("throttled, denied, and an answer that got lost", async () => {
  const all = await stage(waiting);
  const { faults } = all.server;
  faults.throttle({ action: "StartExecution", next: 1 });
  await expect(start(all, "one")).rejects.toMatchObject({ name: "ThrottlingException" });
  faults.deny("StartExecution");
  await expect(start(all, "one")).rejects.toMatchObject({ name: "AccessDeniedException" });
  faults.allow("StartExecution");
  faults.loseAnswers({ action: "StartExecution", next: 1 });
  await expect(start(all, "one")).rejects.toThrow("socket hang up");
  // It runs all the same, and the same start finds it.
  expect(all.server.service.executions.all()).toHaveLength(1);
  await start(all, "one");
  expect(all.server.service.executions.all()).toHaveLength(1);
  expect(all.server.calls.get("StartExecution")).toBe(4);
});

test("the client's own retries get over throttling", async () => {
  const all = await stage(waiting);
  const patient = new SFNClient({
    endpoint: all.server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 3,
    retryMode: "standard",
  });
  open.push(async () => patient.destroy());
  all.server.faults.throttle({ next: 1 });
  const { executionArn } = await patient.send(new StartExecutionCommand({ stateMachineArn: all.arn, name: "one" }));
  expect(executionArn).toContain(":execution:flow:one");
});

const caughtCall = (name: string) =>
  branch({
    [name]: task(`arn:aws:lambda:eu-central-1:123456789012:function:${name}:live`, {
      Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: `${name}_end` }],
      Output: "ok",
      Next: `${name}_end`,
    }),
    [`${name}_end`]: { Type: "Succeed" },
  });

test("a function by its ARN, one that fails by name, and one that isn't there", async () => {
  const functions: Functions = {
    good: async (payload) => payload,
    bad: async () => {
      throw Object.assign(new Error("no name"), { name: "Input.Invalid" });
    },
  };
  const all = await stage(
    machine({ group: { Type: "Parallel", Branches: ["good", "bad", "none"].map(caughtCall), End: true } }),
    functions,
  );
  const executionArn = await start(all, "one");
  await expect
    .poll(async () => (await describe(all, executionArn)).output)
    .toBe('["ok","Input.Invalid","Lambda.ResourceNotFoundException"]');
});

test("in real time", async () => {
  const all = await stage(machine({ wait: { Type: "Wait", Seconds: 0, Next: "say" }, say: pass(1) }), {}, "real");
  const executionArn = await start(all, "one");
  await expect.poll(async () => (await describe(all, executionArn)).status).toBe("SUCCEEDED");
  await expect(all.server.advance(1)).rejects.toThrow("Only virtual time");
});
