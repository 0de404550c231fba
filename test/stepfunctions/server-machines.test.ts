/** State machines, their versions and aliases, by the real client: https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html and its neighbours */
import {
  CreateStateMachineAliasCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  PublishStateMachineVersionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { machine, pass } from "./interpreter/sample-machines.ts";
import { describe, roleArn, stage, start, waiting } from "./server-stage.ts";

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

test("a machine deleted under a running execution: it ends at its next transition, and then nobody knows it", async () => {
  const all = await stage(waiting);
  const executionArn = await start(all, "one");
  await expect.poll(async () => (await describe(all, executionArn)).status).toBe("RUNNING");
  await all.client.send(new DeleteStateMachineCommand({ stateMachineArn: all.arn }));
  expect((await describe(all, executionArn)).status).toBe("RUNNING");
  await all.server.advance(60_000);
  await expect(describe(all, executionArn)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  await expect(start(all, "other")).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
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
