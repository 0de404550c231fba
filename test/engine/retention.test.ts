/** What is over goes after its time, and nothing else ever does. */
import { describe, expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { outageStore } from "../state/faulty-store.ts";
import { sampleAudit, sampleEntry, sampleHeader } from "../state/sample-records.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const ending = flow([agentStep("note", "noop")], { triggers: [] });
const asking = flow(
  [approvalStep("approve", { timeout_ms: null }), agentStep("note", "noop", { after: ["approve"] })],
  {
    flow_id: "asking",
    triggers: [],
  },
);
const flows = [ending, asking];

async function start(harness: Harness, flowId: string, customerId: string): Promise<string> {
  const { executionId } = await harness.engine.start({ flowId, input: { customer_id: customerId }, person: lead });
  await harness.engine.idle();
  return executionId;
}

async function isThere(store: StateStore, executionId: string): Promise<boolean> {
  const header = await store.getHeader({ executionId });
  const log = await store.readLog({ executionId, after: 0 });
  expect(log.length > 0).toBe(header !== null);
  return header !== null;
}

/** A memory store that tells how often, and for how many, it was asked to remove something. */
class WatchedStore extends MemoryStateStore {
  readonly sweeps: { limit: number; executions: number }[] = [];

  override async removeExpired(asked: Parameters<StateStore["removeExpired"]>[0]) {
    const removed = await super.removeExpired(asked);
    this.sweeps.push({ limit: asked.limit, executions: removed.executions });
    return removed;
  }
}

describe.each([
  ["memory", async () => new MemoryStateStore()],
  ["SQLite", () => openSqliteStateStore({ path: ":memory:" })],
] as const)("on %s", (_name, open) => {
  test("an execution goes 90 days after its end, one that waits for a person stays, and so does the audit", async () => {
    const store = await open();
    const harness = await startHarness({ flows, store });
    const { engine, clock } = harness;
    const ended = await start(harness, "renewal", "acme");
    const parked = await start(harness, "asking", "acme");
    await harness.moveTo(clock.now() + day);
    const later = await start(harness, "renewal", "beta");
    await harness.moveTo(clock.now() + 89 * day - hour);
    expect(await isThere(store, ended)).toBe(true);
    await harness.moveTo(clock.now() + 2 * hour);
    expect([await isThere(store, ended), await isThere(store, parked), await isThere(store, later)]).toEqual([
      false,
      true,
      true,
    ]);
    await expect(engine.report({ executionId: ended })).rejects.toThrow(ended);
    expect((await engine.list({ limit: 10 })).map(({ execution_id }) => execution_id)).toEqual([parked, later]);
    expect((await store.listAudit({ limit: 10, executionId: ended })).items).toHaveLength(1);
    await harness.moveTo(clock.now() + 400 * day);
    expect([await isThere(store, parked), await isThere(store, later)]).toEqual([true, false]);
    const vote = { executionId: parked, stepId: "approve", version: 1, person: dana, reason: null } as const;
    expect(await engine.decide({ ...vote, decision: "approve" })).toEqual({ kind: "recorded", ended: true });
    await engine.idle();
    expect(harness.logged).toEqual([]);
    await store.close();
  });

  test("the audit goes after its own time, whether its execution is there or not", async () => {
    const store = await open();
    const retention = { executionsMs: 90 * day, auditMs: 10 * day };
    const harness = await startHarness({ flows, store, retention });
    const ended = await start(harness, "renewal", "acme");
    await harness.moveTo(harness.clock.now() + 9 * day);
    expect((await store.listAudit({ limit: 10 })).items).toHaveLength(1);
    await harness.moveTo(harness.clock.now() + 2 * day);
    expect((await store.listAudit({ limit: 10 })).items).toEqual([]);
    expect(await isThere(store, ended)).toBe(true);
    await store.close();
  });

  test("a batch goes when it is over, and stays while one of its executions waits for a person", async () => {
    const store = await open();
    const harness = await startHarness({ flows, store, customers: [customer("a"), customer("b")] });
    const request = { person: lead, channel: "C1" };
    const over = await harness.engine.startBatch({ ...request, flowId: "renewal", requestId: "r1" });
    const open_ = await harness.engine.startBatch({ ...request, flowId: "asking", requestId: "r2" });
    await harness.engine.idle();
    await expect
      .poll(async () => (await store.openBatches()).map(({ batch_id }) => batch_id))
      .toEqual([open_.batch_id]);
    await harness.moveTo(harness.clock.now() + 91 * day);
    expect(await store.getBatch({ batchId: over.batch_id })).toBeNull();
    expect((await store.list({ filter: { batchId: over.batch_id }, limit: 5 })).items).toEqual([]);
    expect(await store.getBatch({ batchId: open_.batch_id })).not.toBeNull();
    expect((await store.list({ filter: { batchId: open_.batch_id }, limit: 5 })).items).toHaveLength(2);
    await store.close();
  });

  test("the sandbox jumps two years ahead: all that was over goes at once, in portions that let others in between", async () => {
    const store = await open();
    const clock = new VirtualClock();
    for (let number = 0; number < 450; number += 1) {
      const ended = { status: "succeeded", open: false, started_at: clock.now(), ended_at: clock.now() } as const;
      const execution_id = `e-${number}`;
      await store.create({
        header: sampleHeader({ execution_id, ...ended }),
        entry: sampleEntry({ execution_id }),
        audit: [sampleAudit({ audit_id: `a-${number}`, at: clock.now() })],
      });
    }
    const harness = await startHarness({ flows, store, clock });
    await harness.moveTo(clock.now() + 731 * day);
    expect((await store.list({ filter: {}, limit: 5 })).items).toEqual([]);
    expect((await store.listAudit({ limit: 5 })).items).toEqual([]);
    await store.close();
  });
});

test("ticks come each second: there is one sweep an hour, none at the start, and never more than 200 at once", async () => {
  const store = new WatchedStore();
  const clock = new VirtualClock();
  for (let number = 0; number < 450; number += 1) {
    const header = sampleHeader({ execution_id: `e-${number}`, status: "failed", open: false, ended_at: number });
    await store.create({ header, entry: sampleEntry({ execution_id: header.execution_id }) });
  }
  const harness = await startHarness({ flows, store, clock });
  expect(store.sweeps).toEqual([]);
  await harness.moveTo(clock.now() + 10 * minute);
  expect(store.sweeps).toEqual([
    { limit: 200, executions: 200 },
    { limit: 200, executions: 200 },
    { limit: 200, executions: 50 },
  ]);
  for (let second = 0; second < 3_590; second += 1) await harness.moveTo(clock.now() + 1_000);
  expect(store.sweeps).toHaveLength(3);
  await harness.moveTo(clock.now() + 10_000);
  expect(store.sweeps).toHaveLength(4);
});

test("the clock is put back by a week: what expires meanwhile is not kept for that week longer", async () => {
  const store = new WatchedStore();
  const harness = await startHarness({ flows, store });
  const { clock } = harness;
  await harness.moveTo(clock.now() + day);
  const sweeps = store.sweeps.length;
  clock.putBack(clock.now() - 7 * day);
  await harness.moveTo(clock.now() + hour);
  expect(store.sweeps.length).toBeGreaterThan(sweeps);
});

test("the store is away when a sweep begins: it is said, nothing else stops, and the next hour's removes it", async () => {
  const outage = { isDown: false };
  const bare = new MemoryStateStore();
  const harness = await startHarness({ flows, store: outageStore({ store: bare, isDown: () => outage.isDown }) });
  const { clock } = harness;
  const ended = await start(harness, "renewal", "acme");
  clock.moveTo(clock.now() + 91 * day);
  outage.isDown = true;
  await harness.engine.tick();
  await harness.engine.idle();
  expect(harness.logged).toContain("what has expired could not be removed: database or disk is full");
  expect(await isThere(bare, ended)).toBe(true);
  outage.isDown = false;
  await harness.moveTo(clock.now() + 2 * hour);
  expect(await isThere(bare, ended)).toBe(false);
});
