/** Answers by token, stops and redrives, by the real client: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html and its neighbours */
import {
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import type { Json } from "../../src/flow/json.ts";
import { machine, task, tokenOf, tokenTask } from "./interpreter/sample-machines.ts";
import { describe, stage, start } from "./server-stage.ts";

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
  const again = () => client.send(new RedriveExecutionCommand({ executionArn, clientToken: "first" }));
  const { redriveDate } = await again();
  await expect.poll(() => tokens.length).toBe(2);
  // Asked again, since the answer was lost: it is the same one.
  expect(await again()).toMatchObject({ redriveDate });
  await client.send(new SendTaskSuccessCommand({ taskToken: tokens[1], output: "7" }));
  const end = await describe(all, executionArn);
  expect(end).toMatchObject({ status: "SUCCEEDED", output: "7", redriveCount: 1 });
  expect(end.error).toBeUndefined();
});

test("redriven by its own token a quarter of an hour later, and after the fortnight", async () => {
  const all = await stage(machine({ fail: task("fail") }), { fail: () => Promise.reject(new Error("no")) });
  const executionArn = await start(all, "one");
  const redrive = () => all.client.send(new RedriveExecutionCommand({ executionArn, clientToken: "first" }));
  const count = async () => (await describe(all, executionArn)).redriveCount;
  await expect.poll(async () => (await describe(all, executionArn)).status).toBe("FAILED");
  await redrive();
  await expect.poll(async () => (await describe(all, executionArn)).status).toBe("FAILED");
  await redrive();
  expect(await count()).toBe(1);
  await all.server.advance(900_001);
  await redrive();
  expect(await count()).toBe(2);
  await all.server.advance(14 * 86_400_000 + 1);
  await expect(redrive()).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
  expect(await describe(all, executionArn)).toMatchObject({
    redriveStatus: "NOT_REDRIVABLE",
    redriveStatusReason: "Execution redrivable period exceeded",
  });
});
