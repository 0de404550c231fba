/** Too many at once, on Step Functions: who is held back, who waits in its machine, and who gets the place, whatever dies. */
import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, expect, test } from "vitest";
import { newId } from "../../../src/flow/execution-id.ts";
import { agentStep, approvalStep, flow, flowStep } from "../../engine/flows.ts";
import { kill, startHarness, type Harness, type HarnessOptions } from "../../engine/harness.ts";
import { answer, customer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { seededRandomness } from "../../engine/virtual-clock.ts";
import { lead } from "../../engine/world.ts";
import { machineArn } from "../../stepfunctions/interpreter/machines.ts";
import { startFollowed, type Followed } from "./world.ts";

let followed: Followed | null = null;

afterEach(async () => {
  await followed?.close();
  followed = null;
});

const customers = ["acme", "beta", "gamma", "delta"].map((id) => customer(id));
const anyway = [{ type: "manual" as const, overlap: "allow" as const }];
const oneAtATime = { triggers: anyway, concurrency: { key: "all", limit: 1 } };
const asking = flow([approvalStep("ask"), agentStep("work", "noop", { after: ["ask"] })], oneAtATime);

async function world(options: Omit<HarnessOptions, "customers">) {
  followed = await startFollowed({ ...options, customers });
  const { server, client, harness } = followed;
  const bots = [harness];
  return {
    ...followed,
    bots,
    start: async (customerId: string, bot = harness, flowId = "renewal") =>
      (await bot.engine.start({ flowId, input: { customer_id: customerId }, person: null })).executionId,
    /** As a schedule, another machine or a program does. */
    startBeside: async (customerId: string, name: string) => {
      const input = JSON.stringify({ customer_id: customerId });
      await client.send(new StartExecutionCommand({ stateMachineArn: machineArn("revops-renewal"), name, input }));
      return name;
    },
    until: async (is: () => Promise<boolean> | boolean) => {
      const look = async () => {
        for (const { engine } of bots) {
          await engine.tick();
          await engine.idle();
        }
        return is();
      };
      await expect.poll(look, { timeout: 20_000, interval: 20 }).toBe(true);
    },
    machines: () => server.service.executions.all().map(({ name }) => name),
  };
}

async function standing({ engine }: Harness, executionId: string): Promise<string> {
  const { header } = await engine.report({ executionId });
  return header.status === "running" ? (header.waiting_for[0]?.kind ?? "running") : header.status;
}

async function approve({ engine }: Harness, executionId: string): Promise<void> {
  const vote = { executionId, stepId: "ask", version: 1, person: lead, decision: "approve" as const, reason: null };
  expect(await engine.decide(vote)).toMatchObject({ kind: "recorded" });
}

test("what is over the limit is held back: the service hears of it in its turn, first come first served", async () => {
  const { harness, start, until, machines } = await world({ flows: [asking] });
  const ids = [await start("acme"), await start("beta"), await start("gamma")];
  const all = () => Promise.all(ids.map((id) => standing(harness, id)));
  const [first = "", second = "", third = ""] = ids;
  await until(async () => (await standing(harness, first)) === "approval");
  expect(await all()).toEqual(["approval", "queue", "queue"]);
  expect(machines()).toEqual([first]);
  await approve(harness, first);
  await until(async () => (await standing(harness, second)) === "approval");
  expect(await all()).toEqual(["succeeded", "approval", "queue"]);
  await harness.engine.abort({ executionId: second, person: lead, compensate: false });
  await until(async () => (await standing(harness, third)) === "approval");
  expect(machines()).toEqual(ids);
});

test("begun without the bot: its machine waits for the turn, in the same queue; stopped there, it lets the next one pass", async () => {
  const { harness, start, startBeside, until, machines, server, client } = await world({ flows: [asking] });
  const first = await start("acme");
  await until(async () => (await standing(harness, first)) === "approval");
  const beside = [await startBeside("beta", "by-boto3"), await startBeside("gamma", "by-boto3-too")];
  const waits = (id: string) => async () => (await standing(harness, id).catch(() => "")) === "queue";
  for (const id of beside) await until(waits(id));
  const last = await start("delta");
  expect(machines()).toEqual([first, ...beside]);
  const stopped = server.service.executions.all().find(({ name }) => name === "by-boto3-too");
  await client.send(new StopExecutionCommand({ executionArn: stopped?.arn ?? "" }));
  await approve(harness, first);
  await until(async () => (await standing(harness, "by-boto3")) === "approval");
  expect(await standing(harness, last)).toBe("queue");
  await approve(harness, "by-boto3");
  // Stopped while it waited, it is seen in its turn.
  await until(async () => (await standing(harness, "by-boto3-too")) !== "queue");
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await until(async () => (await standing(harness, "by-boto3-too")) === "aborted");
  await until(async () => (await standing(harness, last)) === "approval");
});

test("the bot dies between an end and the next one's turn: another bot gives the place on", async () => {
  const { harness, bots, start, until, follower } = await world({ flows: [asking] });
  const [first, next] = [await start("acme"), await start("beta")];
  await until(async () => (await standing(harness, first)) === "approval");
  await approve(harness, first);
  await harness.engine.idle();
  await kill(harness);
  const { store, clock, world: seen } = harness;
  await expect.poll(async () => (await store.getHeader({ executionId: first }))?.status).toBe("succeeded");
  const after = await startHarness({
    flows: [asking],
    customers,
    store,
    clock,
    world: seen,
    follower,
    fires: false,
    seed: 2,
  });
  bots.splice(0, 1, after);
  await until(async () => (await standing(after, next)) === "approval");
  await kill(after);
});

test("two bots and programs beside them start at once: never more at work than may be, and nobody is left out", async () => {
  const atWork = new Set<string>();
  let most = 0;
  const agents = scriptedAgents({
    retrieve: async ({ context }) => {
      atWork.add(context.executionId);
      most = Math.max(most, atWork.size);
      // The others have time to come.
      for (let turn = 0; turn < 50 && atWork.size < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return answer({});
    },
    assess: ({ context }) => {
      atWork.delete(context.executionId);
      return answer({ score: 1 });
    },
  });
  const working = flow([agentStep("one", "retrieve"), agentStep("other", "assess", { after: ["one"] })], {
    triggers: anyway,
    concurrency: { key: "all", limit: 2 },
  });
  const { harness, bots, start, startBeside, until, follower, client } = await world({ flows: [working], agents });
  const { store, clock, world: seen } = harness;
  const second = await startHarness({
    flows: [working],
    customers,
    agents,
    store,
    clock,
    world: seen,
    follower,
    fires: false,
    seed: 2,
  });
  bots.push(second);
  const names = seededRandomness(3);
  const ids = await Promise.all(
    [...customers, ...customers, ...customers].map(({ id }, place) => {
      if (place % 3 === 2) return startBeside(id, newId({ now: clock.now() + place, randomness: names }));
      return start(id, bots[place % 3]);
    }),
  );
  await until(async () => {
    const all = await Promise.all(ids.map((id) => standing(second, id).catch(() => "unknown")));
    return all.every((one) => one === "succeeded");
  });
  expect(most).toBe(2);
  await kill(second);
  client.destroy();
});

test("a sub-flow over its limit: the step waits, Slack says for what, and the machine goes on with its output", async () => {
  const child = { ...asking, flow_id: "child" };
  const parent = flow([flowStep("onboard", "child", { input: { customer_id: "${customer.id}" } })], {
    triggers: anyway,
  });
  const { harness, start, until } = await world({ flows: [child, parent] });
  const first = await start("acme", harness, "child");
  await until(async () => (await standing(harness, first)) === "approval");
  const whole = await start("beta");
  const queued = async () =>
    (await harness.engine.list({ limit: 10 })).find(
      ({ flow_id, customer_id }) => flow_id === "child" && customer_id === "beta",
    );
  await until(async () => (await queued())?.waiting_for[0]?.kind === "queue");
  expect(await standing(harness, whole)).toBe("flow");
  await approve(harness, first);
  await until(async () => (await queued())?.waiting_for[0]?.kind === "approval");
  await approve(harness, (await queued())?.execution_id ?? "");
  await until(async () => (await standing(harness, whole)) === "succeeded");
});

test("redriven while another has the place: it queues, and its earlier end is not taken for its end", async () => {
  const { harness, start, until, machines, server, client } = await world({ flows: [asking] });
  const first = await start("acme");
  await until(async () => (await standing(harness, first)) === "approval");
  await client.send(new StopExecutionCommand({ executionArn: server.service.executions.all()[0]?.arn ?? "" }));
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await until(async () => (await standing(harness, first)) === "aborted");
  const other = await start("beta");
  await until(async () => (await standing(harness, other)) === "approval");
  expect(await harness.engine.redrive({ executionId: first, person: lead })).toMatchObject({ kind: "recorded" });
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await until(async () => (await standing(harness, first)) === "queue");
  await approve(harness, other);
  await until(async () => (await standing(harness, first)) === "approval");
  expect(machines().slice(0, 2)).toEqual([first, other]);
});
