/** The machine's clock was wrong and is put back: logs keep their order, and what is due comes once, when it is due again. */
import { expect, test } from "vitest";
import { FailureError } from "../../src/flow/failure.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { countingStore } from "../state/faulty-store.ts";
import { agentStep, approvalStep, flow, scheduleTrigger, waitStep } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { answer, scriptedAgents } from "./scripted-agents.ts";
import { dana, lead } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: lead };

/** Every entry follows the one before, whatever the hour. */
async function sequencesOf(harness: Harness, executionId: string): Promise<void> {
  const log = await harness.log(executionId);
  expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_entry, index) => index + 1));
}

async function typesOf(harness: Harness, executionId: string): Promise<string[]> {
  return (await harness.log(executionId)).flatMap(({ events }) => events.map(({ type }) => type));
}

test("a wait is under way: it ends once, at its hour by the clock that counts, in this process or the next", async () => {
  const store = new MemoryStateStore();
  const definition = flow([waitStep("cool_off"), agentStep("note", "noop", { after: ["cool_off"] })], { triggers: [] });
  const first = await startHarness({ flows: [definition], store });
  const { clock, world } = first;
  const { executionId } = await first.engine.start(acme);
  const startedAt = clock.now();
  await first.moveTo(startedAt + 30 * minute);
  clock.putBack(startedAt - 5 * hour);
  await first.engine.tick();
  await first.engine.idle();
  expect(await first.engine.nextDue()).toBe(startedAt + hour);
  await kill(first);
  const next = await startHarness({ flows: [definition], store, clock, world, seed: 2 });
  await next.moveTo(startedAt + hour - 1);
  expect((await typesOf(next, executionId)).filter((type) => type === "step_succeeded")).toEqual([]);
  await next.moveTo(startedAt + hour);
  expect((await store.getHeader({ executionId }))?.status).toBe("succeeded");
  expect((await typesOf(next, executionId)).filter((type) => type === "step_succeeded")).toHaveLength(2);
  await sequencesOf(next, executionId);
  expect([...first.logged, ...next.logged]).toEqual([]);
});

test("each step ends before it began: order, outcome and lists hold", async () => {
  const harness = await startHarness({
    flows: [flow([agentStep("one", "retrieve"), agentStep("two", "retrieve", { after: ["one"] })], { triggers: [] })],
    agents: scriptedAgents({
      retrieve: () => {
        harness.clock.putBack(harness.clock.now() - hour);
        return answer({ usage: 0.4 });
      },
    }),
  });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  await sequencesOf(harness, executionId);
  expect((await typesOf(harness, executionId)).filter((type) => type === "step_succeeded")).toHaveLength(2);
  const { header } = await harness.engine.report({ executionId });
  expect(header).toMatchObject({ status: "succeeded", outcome: "completed", open: false });
  expect((await harness.engine.list({ limit: 5 })).map(({ execution_id }) => execution_id)).toEqual([executionId]);
  expect(harness.logged).toEqual([]);
});

test("a retry is due and the clock goes back: it is tried again when its time comes, and not in a loop", async () => {
  let calls = 0;
  const agents = scriptedAgents({
    retrieve: () => {
      calls += 1;
      if (calls === 1) throw new FailureError({ error: "Agent.Unavailable", cause: "the CRM is away" });
      return answer({ usage: 0.4 });
    },
  });
  const store = countingStore({ store: new MemoryStateStore() });
  const harness = await startHarness({
    flows: [flow([agentStep("one", "retrieve")], { triggers: [] })],
    agents,
    store,
  });
  const { executionId } = await harness.engine.start(acme);
  await harness.engine.idle();
  harness.clock.putBack(harness.clock.now() - hour);
  store.reset();
  for (let tick = 0; tick < 20; tick += 1) await harness.engine.tick();
  await harness.engine.idle();
  const { removeExpired: _sweep, ...writes } = store.counts();
  expect([calls, writes]).toEqual([1, {}]);
  await harness.moveTo(harness.clock.now() + 2 * hour);
  expect(calls).toBe(2);
  expect((await harness.engine.report({ executionId })).header.status).toBe("succeeded");
});

test("a schedule has fired and its hour comes a second time: it fires the next day, and nobody is asked twice", async () => {
  const triggers = [scheduleTrigger({ overlap: "allow", catch_up: "all" })];
  const harness = await startHarness({ flows: [flow([agentStep("note", "noop")], { triggers })] });
  const { clock, store } = harness;
  const count = async () => (await store.list({ filter: {}, limit: 100 })).items.length;
  const nine = Date.parse("2026-11-23T09:00:00Z");
  await harness.moveTo(nine);
  expect(await count()).toBe(2);
  clock.putBack(nine - 3 * hour);
  await harness.moveTo(nine + minute);
  expect(await count()).toBe(2);
  clock.putBack(nine - 2 * day);
  const again = await startHarness({
    flows: [flow([agentStep("note", "noop")], { triggers })],
    store,
    clock,
    world: harness.world,
    seed: 2,
  });
  await again.moveTo(nine + hour);
  expect(await count()).toBe(2);
  await again.moveTo(nine + day);
  expect(await count()).toBe(4);
  expect([...harness.logged, ...again.logged]).toEqual([]);
});

test("an approval is asked, the clock goes back a day: a person can decide, and it expires no earlier than it says", async () => {
  const steps = [approvalStep("approve", { timeout_ms: hour }), agentStep("note", "noop", { after: ["approve"] })];
  const harness = await startHarness({ flows: [flow(steps, { triggers: [] })] });
  const { engine, clock, world } = harness;
  const asked = clock.now();
  const { executionId } = await engine.start(acme);
  await engine.idle();
  const other = await engine.start({ ...acme, input: { customer_id: "beta" } });
  await engine.idle();
  clock.putBack(asked - day);
  await harness.moveTo(asked + hour - 1);
  expect(world.card("approval").map(({ status }) => status)).toEqual(["pending", "pending"]);
  const vote = { executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null } as const;
  expect(await engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
  await harness.moveTo(asked + hour);
  expect((await engine.report({ executionId })).header.outcome).toBe("completed");
  expect((await engine.report({ executionId: other.executionId })).header.outcome).toBe("expired");
  await sequencesOf(harness, other.executionId);
});
