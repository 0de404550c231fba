/**
 * Executions, by the real client of the AWS SDK against the local server. What is expected is in the API's reference:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/
 */
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { machine, pass } from "./interpreter/sample-machines.ts";
import { describe, stage, start, waiting } from "./server-stage.ts";

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
