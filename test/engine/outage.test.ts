/** The store is away for a while: what happened outside meanwhile is recorded when it is back, and happens once (E2, D3). */
import { expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { outageStore } from "../state/faulty-store.ts";
import { renewalFlow } from "./flows.ts";
import { kill, startHarness, type HarnessOptions } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, World } from "./world.ts";

const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

async function withOutage(options: Partial<HarnessOptions> = {}) {
  const outage = { isDown: false };
  const bare = new MemoryStateStore();
  const store = outageStore({ store: bare, isDown: () => outage.isDown });
  const harness = await startHarness({ flows: [renewalFlow()], store, ...options });
  const approve = (executionId: string) => {
    const vote = {
      executionId,
      stepId: "approve",
      version: 1,
      person: dana,
      decision: "approve",
      reason: null,
    } as const;
    return harness.engine.decide(vote);
  };
  return { outage, bare, harness, approve };
}

test("the store is away when an answer comes: the agent isn't asked again", async () => {
  let calls = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      calls += 1;
      outage.isDown = true;
      return answer({ usage: 0.4 });
    },
  });
  const { outage, harness } = await withOutage({ agents });
  const { executionId } = await harness.engine.start(acme);
  await expect.poll(() => harness.logged.length).toBeGreaterThan(20);
  outage.isDown = false;
  await harness.engine.idle();
  expect(calls).toBe(1);
  expect((await harness.engine.report({ executionId })).header.waiting_for).toMatchObject([{ kind: "approval" }]);
});

test("the store is away when mails, messages, events and cards land: each stands once", async () => {
  const { outage, harness, approve } = await withOutage();
  const { world } = harness;
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  await approve(executionId);
  await expect.poll(() => world.effects.length).toBeGreaterThan(0);
  outage.isDown = true;
  const told = harness.logged.length;
  await expect.poll(() => harness.logged.length).toBeGreaterThan(told + 20);
  outage.isDown = false;
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header).toMatchObject({
    status: "succeeded",
    outcome: "completed",
  });
  expect(world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual([
    "calendar_event",
    "email",
    "slack_message",
  ]);
  expect(world.posts).toHaveLength(1);
  expect(world.card("doubt")).toEqual([]);
});

test("the store is away when the card of an approval is posted: it is posted once", async () => {
  const world = new World();
  const { outage, harness } = await withOutage({ world });
  const poll = setInterval(() => {
    if (world.posts.length > 0) outage.isDown = true;
  }, 0);
  await harness.engine.start(acme);
  await expect.poll(() => world.posts.length).toBe(1);
  clearInterval(poll);
  outage.isDown = false;
  await harness.engine.idle();
  expect(world.posts).toHaveLength(1);
});

test("the process stops before the store is back: the next one shows the mail as a doubt, and sends nothing twice", async () => {
  const { outage, bare, harness, approve } = await withOutage();
  const { world, clock } = harness;
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  world.fault = ({ effect }) => {
    if (effect.kind === "email") outage.isDown = true;
    return null;
  };
  await approve(executionId);
  await expect.poll(() => world.ofKind("email").length).toBe(1);
  await kill(harness);
  const next = await startHarness({ flows: [renewalFlow()], store: bare, world, clock, seed: 5 });
  await next.engine.idle();
  expect(world.ofKind("email")).toHaveLength(1);
  expect(world.ofKind("slack_message")).toHaveLength(1);
  expect(world.card("doubt")).toHaveLength(1);
});

test("somebody presses while the store is away: the press fails aloud, and counts when pressed again", async () => {
  const { outage, harness, approve } = await withOutage();
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  outage.isDown = true;
  await expect(approve(executionId)).rejects.toThrow("disk is full");
  outage.isDown = false;
  expect(await approve(executionId)).toEqual({ kind: "recorded", ended: true });
  await harness.engine.idle();
  expect((await harness.engine.report({ executionId })).header.outcome).toBe("completed");
});
