/** What goes wrong between a caller and the service, and between the service and a function: https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html */
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { branch, machine, pass, task } from "./interpreter/sample-machines.ts";
import { clientOf, describe, stage, start, waiting } from "./server-stage.ts";
import type { Functions } from "./server.ts";

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
  const patient = clientOf(all.server, 3);
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
