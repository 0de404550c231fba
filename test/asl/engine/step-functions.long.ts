import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, expect, test } from "vitest";
import { noHolidays } from "../../../src/flow/working-time.ts";
import { rules } from "../../engine/contact-rules.ts";
import { agentStep, flow, renewalFlow, seedFlow } from "../../engine/flows.ts";
import type { HarnessOptions } from "../../engine/harness.ts";
import { answer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { VirtualClock } from "../../engine/virtual-clock.ts";
import { dana, lead } from "../../engine/world.ts";
import { startFollowed, type Followed } from "./world.ts";

let followed: Followed | null = null;

afterEach(async () => {
  await followed?.close();
  followed = null;
});

async function started(options: HarnessOptions & { deploys?: boolean }) {
  followed = await startFollowed(options);
  const { harness } = followed;
  const { engine } = harness;
  return {
    ...followed,
    engine,
    /** By the bot, for a person; the execution's id. */
    start: async (startKey?: string) => {
      const key = startKey === undefined ? {} : { startKey };
      const begun = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: lead, ...key });
      return begun.executionId;
    },
    /** Looked at again and again, as the app does every two seconds. */
    until: async (is: () => Promise<boolean> | boolean) => {
      await expect
        .poll(
          async () => {
            await engine.tick();
            await engine.idle();
            return is();
          },
          { timeout: 20_000, interval: 20 },
        )
        .toBe(true);
    },
    status: async (executionId: string) => (await engine.report({ executionId })).header.status,
    decide: (executionId: string, decision: "approve" | "reject" = "approve") =>
      engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision, reason: "r" }),
  };
}

test("the scene: a card, an approval, one mail, one message, one event, and the second press is refused", async () => {
  const { harness, start, until, decide, status, engine, server } = await started({ flows: [renewalFlow()] });
  const id = await start();
  await until(() => harness.world.card("approval").length === 1);
  expect(await status(id)).toBe("running");
  const [waiting] = (await engine.waiting({ person: dana, offset: 0, limit: 10 })).items;
  expect(waiting?.header).toMatchObject({ execution_id: id, driver: "stepfunctions" });
  expect(await decide(id)).toEqual({ kind: "recorded", ended: true });
  expect(await decide(id, "reject")).toMatchObject({ kind: "refused", reason: "already_decided" });
  await until(async () => (await status(id)) === "succeeded");
  expect(harness.world.effects.map(({ key }) => key).toSorted()).toEqual([
    `${id}/book`,
    `${id}/notify/email`,
    `${id}/notify/slack`,
  ]);
  await until(() => harness.world.card("approval")[0]?.execution.status === "succeeded");
  expect(server.calls.get("StartExecution")).toBe(1);
  expect((await engine.report({ executionId: id })).header).toMatchObject({ outcome: "completed", open: false });
});

test("a rejection lets nothing through", async () => {
  const { harness, start, until, decide, status, engine } = await started({ flows: [renewalFlow()] });
  const id = await start();
  await until(() => harness.world.card("approval").length === 1);
  await decide(id, "reject");
  await until(async () => (await status(id)) === "succeeded");
  expect((await engine.report({ executionId: id })).header.outcome).toBe("rejected");
  expect(harness.world.effects).toEqual([]);
});

test("the answer to a start was lost: told again, it is the same execution", async () => {
  const { start, until, status, server } = await started({ flows: [seedFlow()] });
  server.faults.loseAnswers({ action: "StartExecution", next: 1 });
  const id = await start();
  await until(async () => (await status(id)) === "succeeded");
  expect(server.service.executions.all().map(({ name }) => name)).toEqual([id]);
});

test("a start key pressed twice is one start", async () => {
  const { start, until, status, server } = await started({ flows: [seedFlow()] });
  const id = await start("key");
  expect(await start("key")).toBe(id);
  await until(async () => (await status(id)) === "succeeded");
  expect(server.calls.get("StartExecution")).toBe(1);
});

test("a throttled start is durable, says that it waits, and goes on by itself", async () => {
  const { harness, start, until, status, server, engine } = await started({ flows: [seedFlow()] });
  server.faults.throttle({ action: "StartExecution", next: 2 });
  const id = await start();
  await engine.idle();
  expect((await engine.report({ executionId: id })).header.waiting_for).toMatchObject([{ kind: "queue" }]);
  await until(async () => {
    harness.clock.moveTo(harness.clock.now() + 500);
    return (await status(id)) === "succeeded";
  });
  expect(server.calls.get("StartExecution")).toBe(3);
  const told = (await engine.history({ executionId: id })).lines.map(({ text }) => text);
  expect(told).toContain("Step Functions takes no more requests at the moment: Rate exceeded. It is tried again.");
});

test("without the right to start: the execution fails with the right that is missing, and its card offers Redrive", async () => {
  const { harness, start, until, status, server, engine } = await started({ flows: [seedFlow()] });
  server.faults.deny("StartExecution");
  const id = await start();
  await until(async () => (await status(id)) === "failed");
  const [card] = harness.world.card("failure");
  expect(card?.failure.cause).toContain("its role needs states:StartExecution on arn:aws:states:");
  server.faults.allow("StartExecution");
  expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({ kind: "recorded" });
  await until(async () => (await status(id)) === "succeeded");
});

test("a flow that nobody has deployed is told so", async () => {
  const { harness, start, until, status } = await started({ flows: [seedFlow()], deploys: false });
  const id = await start();
  await until(async () => (await status(id)) === "failed");
  expect(harness.world.card("failure")[0]?.failure.cause).toContain("Deploy the flow (npx revops deploy)");
});

test("the answer to a decision was lost: it is sent again, and counts once", async () => {
  const { harness, start, until, decide, status, server } = await started({ flows: [renewalFlow()] });
  const id = await start();
  await until(() => harness.world.card("approval").length === 1);
  server.faults.loseAnswers({ action: "SendTaskSuccess", next: 1 });
  await decide(id);
  await until(async () => (await status(id)) === "succeeded");
  expect(harness.world.effects).toHaveLength(3);
});

test("stopped from outside while it waits: the card says so, and a click is told the truth", async () => {
  const { harness, start, until, decide, status, client, server } = await started({ flows: [renewalFlow()] });
  const id = await start();
  await until(() => harness.world.card("approval").length === 1);
  const [execution] = server.service.executions.all();
  await client.send(new StopExecutionCommand({ executionArn: execution?.arn ?? "", cause: "by hand" }));
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await until(async () => (await status(id)) === "aborted");
  expect(await decide(id)).toMatchObject({ kind: "refused", reason: "withdrawn" });
  await until(() => harness.world.card("approval")[0]?.status === "withdrawn");
});

test("aborted from Slack: the service stops it, and the approval is withdrawn", async () => {
  const { harness, start, until, status, server, engine } = await started({ flows: [renewalFlow()] });
  const id = await start();
  await until(() => harness.world.card("approval").length === 1);
  const refused = await engine.abort({ executionId: id, person: lead, compensate: true });
  expect(refused).toMatchObject({ kind: "refused", message: expect.stringContaining("can't take back what was done") });
  expect(await engine.abort({ executionId: id, person: lead, compensate: false })).toMatchObject({ kind: "recorded" });
  await until(() => server.service.executions.all()[0]?.status === "ABORTED");
  expect(await status(id)).toBe("aborted");
});

test("a redrive from the failed step: another execution over the same log, and what was done isn't done again", async () => {
  let isBroken = true;
  let retrieved = 0;
  const agents = scriptedAgents({
    retrieve: () => answer({ usage: (retrieved += 1) }),
    assess: () => {
      if (isBroken) throw new Error("503");
      return answer({ score: 0.8 });
    },
  });
  const once = { max_attempts: 1, interval_ms: 1_000, backoff_rate: 2, max_interval_ms: 60_000, on: null };
  const definition = flow([
    agentStep("retrieve_data", "retrieve"),
    agentStep("assess", "assess", { after: ["retrieve_data"], retry: { ...once, jitter: "full" } }),
    agentStep("notify", "notify", { after: ["assess"], parameters: { to: "${customer.account_manager_email}" } }),
  ]);
  const { harness, start, until, status, server, engine } = await started({ flows: [definition], agents });
  const id = await start();
  await until(async () => (await status(id)) === "failed");
  isBroken = false;
  expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({
    kind: "recorded",
    restarts: ["assess", "notify"],
    keeps: ["retrieve_data"],
  });
  await until(async () => (await status(id)) === "succeeded");
  expect(server.service.executions.all().map(({ name }) => name)).toEqual([id, `${id}_redrive1`]);
  expect(retrieved).toBe(1);
  expect(harness.world.effects).toHaveLength(2);
});

test("a mail of which nobody heard: an operator answers on a card, and the machine goes on", async () => {
  const { harness, start, until, status, engine } = await started({ flows: [seedFlow()] });
  harness.world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
  const id = await start();
  await until(() => harness.world.card("doubt").length === 1);
  const [doubt] = harness.world.card("doubt");
  const answered = await engine.resolveDoubt({ effectKey: doubt?.effectKey ?? "", person: lead, answer: "arrived" });
  expect(answered).toMatchObject({ kind: "recorded" });
  await until(async () => (await status(id)) === "succeeded");
  expect(harness.world.ofKind("email")).toHaveLength(1);
});

test("a mail that is to be sent again is sent by the bot, once, and the machine goes on", async () => {
  const { harness, start, until, status, engine } = await started({ flows: [seedFlow()] });
  harness.world.fault = ({ effect, times }) =>
    effect.kind === "email" && times === 1 ? { kind: "request_lost" } : null;
  const id = await start();
  await until(() => harness.world.card("doubt").length === 1);
  const [doubt] = harness.world.card("doubt");
  harness.world.fault = () => null;
  await engine.resolveDoubt({ effectKey: doubt?.effectKey ?? "", person: lead, answer: "send_again" });
  await until(async () => (await status(id)) === "succeeded");
  expect(harness.world.ofKind("email")).toHaveLength(1);
});

test("an input above 256 KiB is refused before the service is asked", async () => {
  const definition = seedFlow({
    input: {
      customer_id: { type: "string", enum: null, required: true, default: null, description: null },
      note: { type: "string", enum: null, required: false, default: null, description: null },
    },
  });
  const { until, status, server, engine } = await started({ flows: [definition] });
  const input = { customer_id: "acme", note: "x".repeat(300_000) };
  const { executionId } = await engine.start({ flowId: "renewal", input, person: lead });
  await until(async () => (await status(executionId)) === "failed");
  expect((await engine.report({ executionId })).failure).toContain("takes at most 256 KiB");
  expect(server.calls.get("StartExecution")).toBeUndefined();
});

test("a redrive from a chosen step with another input: said, and done over the same log", async () => {
  const definition = seedFlow({
    input: {
      customer_id: { type: "string", enum: null, required: true, default: null, description: null },
      to: { type: "string", enum: null, required: false, default: "dana@example.com", description: null },
    },
    steps: [
      agentStep("retrieve_data", "retrieve"),
      agentStep("notify", "notify", { after: ["retrieve_data"], parameters: { to: "${input.to}" } }),
    ],
  });
  const { harness, start, until, status, server, engine } = await started({ flows: [definition] });
  const id = await start();
  await until(async () => (await status(id)) === "succeeded");
  const answered = await engine.redrive({ executionId: id, person: lead, input: { to: "second@example.com" } });
  expect(answered).toMatchObject({
    kind: "recorded",
    restarts: ["notify"],
    keeps: ["retrieve_data"],
    note: `Step Functions can't redrive with another input, so it starts ${id}_redrive1, which goes on with this history.`,
  });
  await until(async () => (await status(id)) === "succeeded");
  await until(() => server.service.executions.all().length === 2);
  expect(server.service.executions.all().map(({ name }) => name)).toEqual([id, `${id}_redrive1`]);
  // What was sent stays sent (E1).
  expect(harness.world.ofKind("email")).toHaveLength(1);
});

const nights = { quietHours: { from: 18 * 60, to: 8 * 60 }, holidays: noHolidays };

test("held until somebody's morning: the bot sends it then, once, and the machine goes on", async () => {
  const evening = Date.parse("2026-11-23T22:00:00Z");
  const { harness, start, until, status, engine } = await started({
    flows: [seedFlow()],
    clock: new VirtualClock(evening),
    contacts: rules({ keepsQuiet: true, workingTime: nights }),
    zones: { "dana@example.com": "UTC" },
  });
  const id = await start();
  await until(async () => (await engine.report({ executionId: id })).header.waiting_for[0]?.kind === "held");
  expect(harness.world.effects.filter(({ key }) => key.startsWith(`${id}/notify`))).toEqual([]);
  expect(await status(id)).toBe("running");
  harness.clock.moveTo(evening + 11 * 3_600_000);
  await until(async () => (await status(id)) === "succeeded");
  expect(harness.world.count(`${id}/notify/email`)).toBe(1);
  expect(harness.world.count(`${id}/notify/slack`)).toBe(1);
});
