/** Two living processes on one store (D5): any may record a decision, one drives. */
import { expect, test, vi } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, flow, waitStep } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { answer, customer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead } from "./world.ts";

const minute = 60_000;

test("two people reject at two processes at the same moment: the end is on record as it was, and the card closed", async () => {
  const definition = flow([approvalStep("approve"), agentStep("notify", "notify", { after: ["approve"] })]);
  const owner = await startHarness({ flows: [definition] });
  const { store, world, clock } = owner;
  const other = await startHarness({ flows: [definition], store, world, clock, seed: 2 });
  const { executionId } = await owner.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  await owner.engine.idle();
  const vote = { executionId, stepId: "approve", version: 1, decision: "reject", reason: "no" } as const;
  const answers = await Promise.all([
    other.engine.decide({ ...vote, person: dana }),
    owner.engine.decide({ ...vote, person: lead }),
  ]);
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["recorded", "refused"]);
  await Promise.all([owner.engine.idle(), other.engine.idle()]);
  await owner.moveTo(clock.now() + minute);
  expect(await store.getHeader({ executionId })).toMatchObject({
    status: "succeeded",
    outcome: "rejected",
    ended_at: expect.any(Number),
    waiting_for: [],
    open: false,
  });
  expect(world.card("approval")).toMatchObject([{ status: "rejected" }]);
});

test("a process is gone and two others find it at once: one takes over, and what it begins is not begun again", async () => {
  const agents = scriptedAgents({ retrieve: () => new Promise(() => {}) });
  const definition = flow([agentStep("retrieve_data", "retrieve")]);
  const first = await startHarness({ flows: [definition], agents });
  const { store, world, clock } = first;
  const { executionId } = await first.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  await kill(first);
  let calls = 0;
  const counted = scriptedAgents({
    retrieve: () => {
      calls += 1;
      return answer({ usage: 0.4 });
    },
  });
  const options = { flows: [definition], agents: counted, store, world, clock };
  const both = await Promise.all([2, 3].map((seed) => startHarness({ ...options, seed })));
  for (const { engine } of both) await engine.idle();
  expect(calls).toBe(1);
  const events = (await first.log(executionId)).flatMap((entry) => entry.events);
  expect(events.filter(({ type }) => type === "taken_over")).toHaveLength(1);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  expect(both.flatMap(({ logged }) => logged)).toEqual([]);
});

test("a vote at the process that doesn't drive, while the other is in the middle of it: each step runs once", async () => {
  const held = Promise.withResolvers<ActionAnswer>();
  let calls = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      calls += 1;
      return held.promise;
    },
  });
  const definition = flow([
    approvalStep("approve"),
    agentStep("notify", "notify", { after: ["approve"] }),
    agentStep("retrieve_data", "retrieve"),
  ]);
  const driving = await startHarness({ flows: [definition], agents });
  const { store, world, clock } = driving;
  const other = await startHarness({ flows: [definition], agents, store, world, clock, seed: 2 });
  const input = { customer_id: "acme" };
  const { executionId } = await driving.engine.start({ flowId: "renewal", input, person: null });
  await expect.poll(() => world.card("approval").length + calls).toBe(2);
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await other.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await other.engine.idle();
  held.resolve(answer({ usage: 0.4 }));
  await driving.engine.idle();
  expect(calls).toBe(1);
  expect(world.effects.map(({ effect }) => effect.kind).toSorted()).toEqual(["email", "slack_message"]);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
});

test("a vote at the process that doesn't drive, while nobody does: its owner goes on with the next tick", async () => {
  const definition = flow([approvalStep("approve"), agentStep("notify", "notify", { after: ["approve"] })]);
  const owner = await startHarness({ flows: [definition] });
  const { store, world, clock } = owner;
  const other = await startHarness({ flows: [definition], store, world, clock, seed: 2 });
  const input = { customer_id: "acme" };
  const { executionId } = await owner.engine.start({ flowId: "renewal", input, person: null });
  await owner.engine.idle();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await other.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await other.engine.idle();
  expect(world.effects).toEqual([]);
  await other.moveTo(clock.now() + minute);
  expect(world.effects).toEqual([]);
  await owner.moveTo(clock.now());
  expect(world.effects).toHaveLength(2);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  const events = (await owner.log(executionId)).flatMap((entry) => entry.events);
  expect(events.filter(({ type }) => type === "taken_over")).toEqual([]);
});

test("a vote at the process that doesn't drive, whose owner then dies: nothing has begun, so nothing is in doubt", async () => {
  const definition = flow([approvalStep("approve"), agentStep("notify", "notify", { after: ["approve"] })]);
  const owner = await startHarness({ flows: [definition] });
  const { store, world, clock } = owner;
  const other = await startHarness({ flows: [definition], store, world, clock, seed: 2 });
  const input = { customer_id: "acme" };
  const { executionId } = await owner.engine.start({ flowId: "renewal", input, person: null });
  await owner.engine.idle();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await other.engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await other.engine.idle();
  await kill(owner);
  await other.moveTo(clock.now() + minute);
  expect(world.effects).toHaveLength(2);
  expect(world.card("doubt")).toEqual([]);
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded" });
});

test("one process in the middle of many executions: the other asks once a round whether it lives, and takes none", async () => {
  const store = new MemoryStateStore();
  const held = Promise.withResolvers<ActionAnswer>();
  const definition = flow([agentStep("retrieve_data", "retrieve")], { triggers: [] });
  const customers = Array.from({ length: 40 }, (_, index) => customer(`c${index}`));
  const driving = await startHarness({
    flows: [definition],
    store,
    customers,
    agents: scriptedAgents({ retrieve: () => held.promise }),
  });
  const { world, clock } = driving;
  for (const { id } of customers)
    await driving.engine.start({ flowId: "renewal", input: { customer_id: id }, person: null });
  const other = await startHarness({ flows: [definition], store, customers, world, clock, seed: 2 });
  const asked = vi.spyOn(store, "isGone");
  await other.engine.tick();
  expect(asked).toHaveBeenCalledTimes(1);
  held.resolve(answer({ usage: 0.4 }));
  await driving.engine.idle();
  const { items } = await store.list({ filter: { status: "succeeded" }, limit: 100 });
  expect(items).toHaveLength(40);
  const logs = await Promise.all(items.map(({ execution_id }) => driving.log(execution_id)));
  expect(logs.flat().flatMap(({ events }) => events.filter(({ type }) => type === "taken_over"))).toEqual([]);
});

test("aborted at the other process while an attempt is under way: it is cut off, and closed, before that attempt ends", async () => {
  const held = Promise.withResolvers<ActionAnswer>();
  const agents = scriptedAgents({ retrieve: () => held.promise });
  const definition = flow([agentStep("slow", "retrieve"), agentStep("behind", "noop", { after: ["slow"] })]);
  const owner = await startHarness({ flows: [definition], agents });
  const { store, world, clock } = owner;
  const other = await startHarness({ flows: [definition], agents, store, world, clock, seed: 2 });
  const { executionId } = await owner.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
  await other.engine.abort({ executionId, person: null, compensate: false });
  await owner.engine.tick();
  expect(await owner.engine.execution({ executionId })).toMatchObject({ status: "aborted" });
  held.resolve(answer({ late: true }));
  await owner.engine.idle();
  expect(await store.getHeader({ executionId })).toMatchObject({ status: "aborted", open: false });
  expect((await owner.engine.execution({ executionId })).steps["slow"]).toMatchObject({
    status: "aborted",
    output: null,
  });
});

test("ten thousand of another process's wait before one of its own: its own wakes at its time all the same", async () => {
  const store = new MemoryStateStore();
  const wait = flow([waitStep("cool_off", { duration_ms: 6 * 24 * 60 * minute })], { triggers: [] });
  const other = await startHarness({ flows: [wait], store });
  const asked = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
  const { executionId } = await other.engine.start(asked);
  await other.engine.idle();
  const header = await store.getHeader({ executionId });
  const [entry] = await store.readLog({ executionId, after: 0 });
  if (header === null || entry === undefined) throw new Error("It has not started.");
  for (let index = 0; index < 10_000; index += 1) {
    const execution_id = `${executionId}-${index}`;
    const wake_at = other.clock.now() + minute;
    const copy = { ...header, execution_id, wake_at, customer_id: null };
    await store.create({ header: copy, entry: { ...entry, execution_id } });
  }
  const { world, clock } = other;
  const first = await startHarness({ flows: [wait], store, world, clock, seed: 2 });
  const own = await first.engine.start({ ...asked, input: { customer_id: "beta" } });
  await first.engine.idle();
  // Started again, it knows only what the store says.
  await kill(first);
  const again = await startHarness({ flows: [wait], store, world, clock, seed: 3 });
  const due = clock.now() + 6 * 24 * 60 * minute;
  await again.moveTo(due);
  expect(await store.getHeader({ executionId: own.executionId })).toMatchObject({ status: "succeeded" });
});
