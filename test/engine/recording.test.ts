/** An engine that records and drives nothing, beside one that drives, or alone: whose is what it has written? */
import { expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { openEngine } from "../../src/engine/flow-engine.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness } from "./harness.ts";
import { customer, customerDirectory, scriptedAgents } from "./scripted-agents.ts";
import { seededRandomness, VirtualClock } from "./virtual-clock.ts";
import { World, worldPorts } from "./world.ts";

const definition = flow([
  agentStep("retrieve_data", "retrieve"),
  approvalStep("approve", { after: ["retrieve_data"] }),
  agentStep("notify", "notify", { after: ["approve"] }),
]);
const input = { customer_id: "acme" };

interface Recording {
  engine: Engine;
  /** What it would have done outside, which must stay nothing. */
  world: World;
  calls: string[];
}

function recordingOn(store: StateStore, clock: VirtualClock, flows: FlowDefinition[] = [definition]): Recording {
  const world = new World();
  const calls: string[] = [];
  const agents = scriptedAgents({
    retrieve: () => {
      calls.push("retrieve");
      return { output: { usage: 0.4 }, effects: [] };
    },
  });
  const engine = openEngine({
    store,
    flows: {
      all: () => flows.map((one) => ({ definition: one, file: null })),
      get: ({ flowId }) => flows.find(({ flow_id }) => flow_id === flowId) ?? null,
    },
    agents,
    customers: customerDirectory([customer("acme"), customer("beta")]),
    ...worldPorts(world, { alive: true, step: () => {} }),
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables: {},
    timezone: "UTC",
    clock,
    randomness: seededRandomness(7),
    realTime: {
      now: () => clock.now(),
      deadline: () => ({ signal: new AbortController().signal, clear: () => {} }),
      pause: () => Promise.resolve(),
    },
    limits: {},
    retention: { executionsMs: Infinity, auditMs: Infinity },
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  });
  return { engine, world, calls };
}

test("what it starts waits in the store, and a living app takes it up at its next tick", async () => {
  const app = await startHarness({ flows: [definition] });
  const { engine, world, calls } = recordingOn(app.store, app.clock);
  const { executionId } = await engine.start({ flowId: "renewal", input, person: null });
  await engine.idle();
  expect({ calls, cards: world.cards.size, steps: (await app.log(executionId)).length }).toEqual({
    calls: [],
    cards: 0,
    steps: 1,
  });
  await app.engine.tick();
  await app.engine.idle();
  expect(app.world.card("approval")).toHaveLength(1);
  expect(calls).toEqual([]);
  expect(await app.store.getHeader({ executionId })).toMatchObject({
    status: "running",
    waiting_for: [{ kind: "approval" }],
  });
});

test("a batch that it creates is started and shown by the app alone", async () => {
  const app = await startHarness({ flows: [definition] });
  const { engine, world } = recordingOn(app.store, app.clock);
  const batch = await engine.startBatch({ flowId: "renewal", person: null, channel: "#revops", requestId: "one" });
  await engine.idle();
  expect(batch.customer_ids).toEqual(["acme", "beta"]);
  expect((await app.store.list({ filter: {}, limit: 10 })).items).toEqual([]);
  await app.moveTo(app.clock.now() + 2_000);
  expect(app.world.card("approval")).toHaveLength(2);
  await expect.poll(() => app.world.card("batch")).toMatchObject([{ matched: 2, started: 2 }]);
  expect(world.cards.size).toBe(0);
});

test("an abort of what a living app has parked is shown by that app, whose it stays", async () => {
  const app = await startHarness({ flows: [definition] });
  const { executionId } = await app.engine.start({ flowId: "renewal", input, person: null });
  await app.engine.idle();
  const owner = (await app.store.getHeader({ executionId }))?.owner;
  const { engine, world } = recordingOn(app.store, app.clock);
  expect(await engine.abort({ executionId, person: null, compensate: false })).toEqual({
    kind: "recorded",
    ended: true,
  });
  expect(await app.store.getHeader({ executionId })).toMatchObject({ status: "aborted", owner });
  await app.engine.tick();
  await app.engine.idle();
  expect(app.world.card("approval")).toMatchObject([{ status: "withdrawn" }]);
  expect(world.cards.size).toBe(0);
  expect(await app.store.getHeader({ executionId })).toMatchObject({ open: false });
});

test("a redrive while no app lives takes over nothing: the next app does, and goes on", async () => {
  const store = new MemoryStateStore();
  const clock = new VirtualClock();
  const first = await startHarness({ flows: [definition], store, clock });
  const { executionId } = await first.engine.start({ flowId: "renewal", input, person: null });
  await first.engine.idle();
  await first.engine.abort({ executionId, person: null, compensate: false });
  await first.engine.idle();
  await kill(first);
  const { engine, calls } = recordingOn(store, clock);
  const redriven = await engine.redrive({ executionId, person: null });
  expect(redriven).toEqual({
    kind: "recorded",
    ended: true,
    restarts: ["approve", "notify"],
    keeps: ["retrieve_data"],
  });
  const events = async () => (await store.readLog({ executionId, after: 0 })).flatMap((entry) => entry.events);
  expect((await events()).filter(({ type }) => type === "taken_over")).toEqual([]);
  const next = await startHarness({ flows: [definition], store, clock, seed: 3 });
  await next.engine.idle();
  expect((await events()).filter(({ type }) => type === "taken_over")).toHaveLength(1);
  expect(next.world.card("approval")).toMatchObject([{ status: "pending" }]);
  expect(calls).toEqual([]);
});

test("it takes up nothing itself, however often it is asked to tick", async () => {
  const store = new MemoryStateStore();
  const clock = new VirtualClock();
  const { engine, calls, world } = recordingOn(store, clock);
  const { executionId } = await engine.start({ flowId: "renewal", input, person: null });
  clock.moveTo(clock.now() + 86_400_000);
  await engine.tick();
  await engine.idle();
  expect({ calls, cards: world.cards.size }).toEqual({ calls: [], cards: 0 });
  expect((await store.list({ filter: {}, limit: 10 })).items.map(({ execution_id }) => execution_id)).toEqual([
    executionId,
  ]);
});
