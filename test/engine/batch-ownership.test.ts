/** Whose is a batch (D5)? Its owner's alone while that lives, and exactly one other's afterwards. */
import { describe, expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import type { ExecutionHeader } from "../../src/flow/record.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import type { Page, StateStore } from "../../src/state/state-store.ts";
import { faultyStore, outageStore } from "../state/faulty-store.ts";
import { agentStep, approvalStep, flow } from "./flows.ts";
import { kill, startHarness, type Harness, type HarnessOptions } from "./harness.ts";
import { answer, customer, scriptedAgents } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead, World } from "./world.ts";

const second = 1_000;
/** Shows nothing of its own: every card is the batch's. */
const quietFlow = flow([agentStep("note", "noop")], { triggers: [] });
const askingFlow = flow([approvalStep("approve"), agentStep("note", "noop", { after: ["approve"] })], { triggers: [] });
const request = { flowId: "renewal", person: lead, channel: "C1", requestId: "r1" };

/** Processes on one store in one world, each with what it did to cards. */
function together(options: { store: StateStore; flow?: HarnessOptions["flows"][number]; count?: number }) {
  const world = new World();
  const clock = new VirtualClock();
  const customers = Array.from({ length: options.count ?? 5 }, (_, index) => customer(`c${index}`));
  let seed = 0;
  const start = async (changes: Partial<HarnessOptions> = {}): Promise<Harness & { shown: string[] }> => {
    seed += 1;
    const shown: string[] = [];
    const process = { alive: true, step: (name: string) => void (name.endsWith("card") && shown.push(name)) };
    const flows = [options.flow ?? quietFlow];
    const harness = await startHarness({
      flows,
      customers,
      store: options.store,
      world,
      clock,
      process,
      seed,
      ...changes,
    });
    return { ...harness, shown };
  };
  return { world, clock, customers, start };
}

async function executions(store: StateStore): Promise<ExecutionHeader[]> {
  return (await store.list({ filter: {}, limit: 1_000 })).items;
}

async function startedCustomers(store: StateStore): Promise<string[]> {
  return (await executions(store)).map(({ customer_id }) => customer_id ?? "").toSorted();
}

/** A batch's message keeps a pace of its own, which nothing waits for. */
async function messagesSettle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const batchPosts = (world: World) => world.posts.filter((key) => key.endsWith("#batch")).length;

/** A process that dies at its `number`-th start of an execution. */
function mortal(store: StateStore, number: number, when: "before" | "after") {
  let starts = 0;
  return faultyStore({
    store,
    fail: ({ method }) => {
      if (method === "create") starts += 1;
      return method === "create" && starts === number ? when : null;
    },
  });
}

async function dieWhileStarting(
  setting: ReturnType<typeof together>,
  store: StateStore,
  when: "before" | "after",
  number = 3,
) {
  const faulty = mortal(store, number, when);
  const dying = await setting.start({ store: faulty });
  await dying.engine.startBatch(request);
  await faulty.death;
  dying.process.alive = false;
}

describe.each(["before", "after"] as const)("a process is killed while it starts a batch, %s a write", (when) => {
  test("another that was running already takes it over at its next tick, and each customer is started once", async () => {
    const store = new MemoryStateStore();
    const setting = together({ store });
    const living = await setting.start();
    await dieWhileStarting(setting, store, when);
    const [left] = await store.openBatches();
    expect(left?.status).toBe("starting");
    expect((await executions(store)).length).toBeLessThan(5);
    await living.moveTo(setting.clock.now() + second);
    expect(await startedCustomers(store)).toEqual(["c0", "c1", "c2", "c3", "c4"]);
    const ended = () => setting.world.card("batch").map(({ started, ended }) => [started, ended]);
    await expect.poll(ended).toEqual([[5, true]]);
    await expect.poll(() => store.openBatches()).toEqual([]);
    expect(batchPosts(setting.world)).toBe(1);
    expect((await store.getBatch({ batchId: left?.batch_id ?? "" }))?.owner).not.toBe(left?.owner);
    expect(living.logged).toEqual([]);
  });

  test("two start at once: one of them takes it over, and the other shows nothing", async () => {
    const store = new MemoryStateStore();
    const setting = together({ store });
    await dieWhileStarting(setting, store, when);
    const before = batchPosts(setting.world);
    const both = await Promise.all([setting.start(), setting.start()]);
    for (const { engine } of both) await engine.idle();
    for (const one of both) await one.moveTo(setting.clock.now() + 2 * second);
    await expect.poll(() => store.openBatches()).toEqual([]);
    expect(await startedCustomers(store)).toEqual(["c0", "c1", "c2", "c3", "c4"]);
    await expect.poll(() => setting.world.card("batch").map(({ started }) => started)).toEqual([5]);
    expect(both.filter(({ shown }) => shown.length > 0)).toHaveLength(1);
    expect([before, batchPosts(setting.world)]).toEqual([before, 1]);
    expect(both.flatMap(({ logged }) => logged)).toEqual([]);
  });
});

test("its owner is alive and busy: another process that looks again and again leaves it alone", async () => {
  const held = Promise.withResolvers<ActionAnswer>();
  const store = new MemoryStateStore();
  const agents = scriptedAgents({ noop: () => held.promise });
  const setting = together({ store });
  const owner = await setting.start({ agents });
  const other = await setting.start();
  await owner.engine.startBatch(request);
  await expect.poll(() => setting.world.card("batch").map(({ started }) => started)).toEqual([5]);
  const [batch] = await store.openBatches();
  for (let look = 0; look < 5; look += 1) await other.moveTo(setting.clock.now() + second);
  expect((await store.openBatches())[0]).toMatchObject({ owner: batch?.owner, status: "running" });
  held.resolve(answer({}));
  await owner.engine.idle();
  await expect.poll(() => store.openBatches()).toEqual([]);
  expect(other.shown).toEqual([]);
});

test("a batch that nobody's name stands on, of an older version, is taken over", async () => {
  const store = new MemoryStateStore();
  const setting = together({ store });
  await dieWhileStarting(setting, store, "before");
  const [left] = await store.openBatches();
  if (left === undefined) throw new Error("the batch is gone");
  await store.updateBatch({ batch: { ...left, owner: null, revision: left.revision + 1 } });
  const next = await setting.start();
  await next.engine.idle();
  expect(await startedCustomers(store)).toHaveLength(5);
});

test("people decide at one process, another drives the batch: its message counts what happened elsewhere, and it ends", async () => {
  const store = new MemoryStateStore();
  const setting = together({ store, flow: askingFlow, count: 2 });
  const { world, clock } = setting;
  const first = await setting.start();
  await first.engine.startBatch(request);
  await first.engine.idle();
  const batchOwner = await setting.start();
  const clicked = await setting.start();
  await kill(first);
  await batchOwner.moveTo(clock.now() + second);
  for (const { executionId } of world.card("approval")) {
    const vote = { executionId, stepId: "approve", version: 1, person: dana, reason: null } as const;
    expect(await clicked.engine.decide({ ...vote, decision: "approve" })).toMatchObject({ kind: "recorded" });
  }
  await clicked.engine.idle();
  expect((await executions(store)).map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  expect(world.card("batch")).toMatchObject([{ counts: { waiting_for_approval: 2, completed: 0 }, ended: false }]);
  await batchOwner.moveTo(clock.now() + 2 * second);
  await expect
    .poll(() => world.card("batch"))
    .toMatchObject([{ counts: { waiting_for_approval: 0, completed: 2 }, ended: true }]);
  await expect.poll(() => store.openBatches()).toEqual([]);
  expect(batchOwner.logged).toEqual([]);
});

/** Holds a process in the middle of starting, and lets others believe that a living process is gone, as a lease by time does. */
class PartedStore extends MemoryStateStore {
  readonly gone = new Set<string>();
  #starts = 0;
  readonly #held = Promise.withResolvers<void>();

  override async isGone({ owner }: { owner: string }): Promise<boolean> {
    return this.gone.has(owner) || super.isGone({ owner });
  }

  override async create(write: Parameters<StateStore["create"]>[0]): Promise<boolean> {
    this.#starts += 1;
    if (this.gone.size === 0 && this.#starts > 55) await this.#held.promise;
    return super.create(write);
  }

  letGo(): void {
    this.#held.resolve();
  }
}

test("its owner was cut off in the middle of starting and wakes up: it starts nothing twice and shows nothing any more", async () => {
  const store = new PartedStore();
  const setting = together({ store, count: 60 });
  const cutOff = await setting.start();
  const next = await setting.start();
  await cutOff.engine.startBatch(request);
  await expect.poll(async () => (await executions(store)).length).toBe(55);
  const [batch] = await store.openBatches();
  store.gone.add(batch?.owner ?? "");
  await next.moveTo(setting.clock.now() + second);
  await expect.poll(() => store.openBatches()).toEqual([]);
  const shown = cutOff.shown.length;
  store.letGo();
  await cutOff.moveTo(setting.clock.now() + second);
  expect(await executions(store)).toHaveLength(60);
  expect(new Set(await startedCustomers(store)).size).toBe(60);
  expect(setting.world.card("batch")).toMatchObject([{ started: 60, ended: true }]);
  expect(cutOff.shown).toHaveLength(shown);
});

test("its owner was cut off while people are asked: it sees at its next tick that the batch is another's", async () => {
  const store = new PartedStore();
  const setting = together({ store, flow: askingFlow, count: 2 });
  const cutOff = await setting.start();
  const next = await setting.start();
  const batch = await cutOff.engine.startBatch(request);
  await cutOff.engine.idle();
  store.gone.add(batch.owner ?? "");
  await next.moveTo(setting.clock.now() + second);
  const taken = await store.getBatch({ batchId: batch.batch_id });
  expect(taken?.owner).not.toBe(batch.owner);
  await cutOff.moveTo(setting.clock.now() + 5 * second);
  const edits = () => setting.world.cards.get(`${batch.batch_id}#batch`)?.edits;
  await messagesSettle();
  const before = edits();
  const [asked] = setting.world.card("approval");
  const vote = { executionId: asked?.executionId ?? "", stepId: "approve", version: 1, person: dana } as const;
  expect(await cutOff.engine.decide({ ...vote, decision: "approve", reason: null })).toMatchObject({ ended: true });
  await cutOff.engine.idle();
  await messagesSettle();
  expect(edits()).toBe(before);
  expect((await store.getBatch({ batchId: batch.batch_id }))?.owner).toBe(taken?.owner);
  await next.moveTo(setting.clock.now() + 5 * second);
  await expect.poll(() => setting.world.card("batch")).toMatchObject([{ counts: { completed: 1 }, ended: false }]);
});

/** Its lists of a batch lag by one look (S3). */
class LaggingStore extends MemoryStateStore {
  #looks = 0;

  override async list(asked: Parameters<StateStore["list"]>[0]): Promise<Page<ExecutionHeader>> {
    if (asked.filter.batchId === undefined) return super.list(asked);
    this.#looks += 1;
    return this.#looks === 1 ? { items: [], next: null } : super.list(asked);
  }
}

test("lists lag while a batch is taken over: what its dead owner had started is counted all the same", async () => {
  const store = new LaggingStore();
  const setting = together({ store, count: 60 });
  // The first fifty have ended by then.
  await dieWhileStarting(setting, store, "after", 55);
  const next = await setting.start();
  await next.engine.idle();
  await expect
    .poll(() => setting.world.card("batch").map(({ started, ended }) => [started, ended]))
    .toEqual([[60, true]]);
});

test("the store is away while a batch starts: it goes on when it is back, and each customer is started once", async () => {
  const outage = { isDown: false };
  const store = new (class extends MemoryStateStore {
    #starts = 0;

    override async create(write: Parameters<StateStore["create"]>[0]): Promise<boolean> {
      this.#starts += 1;
      if (this.#starts === 3) outage.isDown = true;
      return super.create(write);
    }
  })();
  const away = outageStore({ store, isDown: () => outage.isDown });
  const setting = together({ store: away });
  const harness = await setting.start();
  await harness.engine.startBatch(request);
  await expect.poll(() => harness.logged.length).toBeGreaterThan(5);
  outage.isDown = false;
  await harness.moveTo(setting.clock.now() + second);
  expect(await startedCustomers(store)).toEqual(["c0", "c1", "c2", "c3", "c4"]);
  await expect
    .poll(() => setting.world.card("batch").map(({ started, ended }) => [started, ended]))
    .toEqual([[5, true]]);
  expect(batchPosts(setting.world)).toBe(1);
});
