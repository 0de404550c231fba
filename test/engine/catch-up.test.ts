/** After a downtime: does each schedule catch up as its flow says, one firing after another, and hold nobody else up? */
import { describe, expect, it, test } from "vitest";
import type { FlowDefinition, ScheduleTrigger } from "../../src/flow/flow.ts";
import type { Batch } from "../../src/flow/record.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { outageStore } from "../state/faulty-store.ts";
import { agentStep, approvalStep, flow, scheduleTrigger } from "./flows.ts";
import { kill, startHarness, type Harness, type HarnessOptions } from "./harness.ts";
import { customer, customerDirectory } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";

const steps = [agentStep("note", "noop")];
const at = (text: string) => Date.parse(`${text}:00Z`);
const hourly = "cron(0 * * * ? *)";

function scheduled(trigger: Partial<ScheduleTrigger>, overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow(steps, { triggers: [scheduleTrigger(trigger)], ...overrides });
}

/** About no customer. */
function alone(trigger: Partial<ScheduleTrigger>, overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return scheduled(trigger, { input: {}, ...overrides });
}

/** Seen at eight on Monday the 23rd, then nothing runs until `until`. */
async function downUntil(until: string, options: HarnessOptions): Promise<Harness> {
  const store = options.store ?? new MemoryStateStore();
  const first = await startHarness({ ...options, store });
  await first.engine.idle();
  await kill(first);
  const clock = new VirtualClock(at(until));
  const second = await startHarness({ ...options, store, world: first.world, clock, seed: 2 });
  await second.engine.idle();
  return second;
}

/** The instants that have fired, in the order in which their executions started. */
async function fired(harness: Harness): Promise<string[]> {
  const found: { instant: string; startedAt: number }[] = [];
  for (const { execution_id } of (await harness.engine.list({ limit: 1_000 })).toReversed()) {
    const [start] = (await harness.log(execution_id))[0]?.events ?? [];
    if (start?.type !== "execution_started" || start.started_by.type !== "schedule") continue;
    found.push({ instant: new Date(start.started_by.scheduled_at).toISOString().slice(0, 16), startedAt: start.at });
  }
  return found.toSorted((one, other) => one.startedAt - other.startedAt).map(({ instant }) => instant);
}

async function pass(harness: Harness, ms: number): Promise<void> {
  harness.clock.moveTo(harness.clock.now() + ms);
  await harness.engine.tick();
  await harness.engine.idle();
}

describe("a downtime of a day, hourly", () => {
  it("all: one after another in order, a second apart, and then on time", async () => {
    const one = [customer("acme")];
    const harness = await downUntil("2026-11-24T08:30", {
      flows: [scheduled({ schedule: hourly, catch_up: "all" })],
      customers: one,
    });
    expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
    await pass(harness, 999);
    expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
    await pass(harness, 1);
    expect(await fired(harness)).toEqual(["2026-11-23T09:00", "2026-11-23T10:00"]);
    await harness.moveTo(at("2026-11-24T10:00"));
    const hours = [...Array(26).keys()].map((hour) =>
      new Date(at("2026-11-23T09:00") + hour * 3_600_000).toISOString().slice(0, 16),
    );
    expect(await fired(harness)).toEqual(hours);
    expect(harness.logged).toEqual([]);
  });

  it("latest: the last one alone", async () => {
    const harness = await downUntil("2026-11-24T08:30", { flows: [alone({ schedule: hourly })] });
    await pass(harness, 60_000);
    expect(await fired(harness)).toEqual(["2026-11-24T08:00"]);
  });

  it("none: nothing, but what is late by half a minute isn't missed", async () => {
    const flows = [alone({ schedule: hourly, catch_up: "none" })];
    const harness = await downUntil("2026-11-24T08:30", { flows });
    await pass(harness, 60_000);
    expect(await fired(harness)).toEqual([]);
    const { store, world } = harness;
    await kill(harness);
    const clock = new VirtualClock(at("2026-11-24T09:00") + 30_000);
    const late = await startHarness({ flows, store, world, clock, seed: 3 });
    await late.engine.idle();
    expect(await fired(late)).toEqual(["2026-11-24T09:00"]);
  });
});

async function batchOf({ engine, store }: Harness): Promise<Batch> {
  const [header] = await engine.list({ limit: 1 });
  const batch = await store.getBatch({ batchId: header?.batch_id ?? "" });
  if (batch === null) throw new Error("no batch");
  return batch;
}

describe("all, while the batch before is being started", () => {
  const definition = scheduled({ schedule: hourly, catch_up: "all" });

  /** Nine and ten are missed; nine's batch stands in the store as another process left it. */
  async function withBatch(change: Partial<Batch>) {
    const harness = await startHarness({ flows: [definition], customers: [customer("acme")] });
    await harness.moveTo(at("2026-11-23T09:00"));
    const nine = (await harness.store.openBatches())[0] ?? (await batchOf(harness));
    const batch = { ...nine, ...change, revision: nine.revision + 1 };
    await harness.store.updateBatch({ batch });
    harness.clock.moveTo(at("2026-11-23T10:05"));
    await harness.engine.tick();
    await harness.engine.idle();
    return { harness, batch };
  }

  it("the next one waits until it has been started wholly", async () => {
    const { harness, batch } = await withBatch({ status: "starting", started_at: at("2026-11-23T10:05") });
    await pass(harness, 30_000);
    expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
    await harness.store.updateBatch({ batch: { ...batch, status: "running", revision: batch.revision + 1 } });
    await pass(harness, 1_000);
    expect(await fired(harness)).toEqual(["2026-11-23T09:00", "2026-11-23T10:00"]);
  });

  it("but not for ever", async () => {
    const { harness } = await withBatch({ status: "starting", started_at: at("2026-11-23T09:00") });
    expect(await fired(harness)).toEqual(["2026-11-23T09:00", "2026-11-23T10:00"]);
  });
});

describe("every minute, down for a year", () => {
  it.each(["latest", "all", "none"] as const)("%s costs neither memory nor a burst", async (catch_up) => {
    const flows = [alone({ schedule: "cron(* * * * ? *)", timezone: "America/New_York", catch_up })];
    const harness = await downUntil("2027-11-23T08:30", { flows });
    const first = { latest: ["2027-11-23T08:30"], all: ["2026-11-23T08:01"], none: ["2027-11-23T08:30"] };
    expect(await fired(harness)).toEqual(first[catch_up]);
    for (let tick = 0; tick < 5; tick += 1) await pass(harness, 1_000);
    expect(await fired(harness)).toHaveLength(catch_up === "all" ? 6 : 1);
  });
});

describe("many schedules that were missed", () => {
  it("ten at a time, the longest due first", async () => {
    const flows = [...Array(14).keys()].map((index) =>
      alone({ schedule: `cron(${30 - index} 9 * * ? *)` }, { flow_id: `flow_${index}` }),
    );
    const clock = new VirtualClock();
    const store = new MemoryStateStore();
    const harness = await startHarness({ flows, store, clock });
    const order: string[] = [];
    const putCursor = store.putCursor.bind(store);
    store.putCursor = (write) => {
      order.push(write.cursor.flow_id);
      return putCursor(write);
    };
    // Set without its timers: the engine wakes with all of it due.
    clock.now = () => at("2026-11-23T12:00");
    await harness.engine.tick();
    expect(order).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((index) => `flow_${index}`));
    expect(await harness.engine.nextDue()).toBeLessThan(clock.now());
    await harness.engine.tick();
    expect(order.slice(10)).toEqual([3, 2, 1, 0].map((index) => `flow_${index}`));
  });

  it("timers go first: what ran out makes room for the firing", async () => {
    const triggers = [scheduleTrigger({ overlap: "skip", schedule: "cron(0 9 25 11 ? *)" })];
    const flows = [flow([approvalStep("approve", { timeout_ms: 86_400_000 })], { triggers })];
    const store = new MemoryStateStore();
    const first = await startHarness({ flows, store, customers: [customer("acme")] });
    await first.engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
    await first.engine.idle();
    await kill(first);
    const clock = new VirtualClock(at("2026-11-26T08:00"));
    const customers = [customer("acme")];
    const second = await startHarness({ flows, store, world: first.world, clock, customers, seed: 2 });
    await second.engine.idle();
    const executions = await second.engine.list({ flowId: "renewal", limit: 10 });
    expect(executions.map(({ status, outcome }) => [status, outcome])).toEqual([
      ["running", null],
      ["succeeded", "expired"],
    ]);
  });
});

describe("a schedule that can't fire", () => {
  it("for want of an input is refused, passed over, and holds up no other", async () => {
    const colour = { type: "string" as const, enum: null, required: true, default: null, description: null };
    const flows = [alone({}, { flow_id: "broken", input: { colour } }), alone({})];
    const harness = await startHarness({ flows });
    await harness.moveTo(at("2026-11-23T09:00"));
    expect((await harness.engine.list({ limit: 10 })).map(({ flow_id }) => flow_id)).toEqual(["renewal"]);
    expect(await harness.engine.nextDue()).toBe(at("2026-11-24T09:00"));
    const { items } = await harness.store.listAudit({ limit: 10 });
    expect(items).toContainEqual(
      expect.objectContaining({ action: "refuse", flow_id: "broken", detail: expect.stringContaining("needs colour") }),
    );
  });

  it("because the customers are away comes when they are back, about its own instant", async () => {
    const known = customerDirectory([customer("acme", { renewal_date: "2026-11-23" })]);
    const away = { is: true };
    const directory = {
      ...known,
      all: () => {
        if (away.is) throw new Error("the CRM is away");
        return known.all();
      },
    };
    const filter = ["customer.renewal_date = current_date"];
    const flows = [scheduled({ schedule: "cron(59 23 * * ? *)", filter }), alone({}, { flow_id: "other" })];
    const harness = await startHarness({ flows, directory });
    await harness.moveTo(at("2026-11-23T23:59"));
    expect((await harness.engine.list({ limit: 10 })).map(({ flow_id }) => flow_id)).toEqual(["other"]);
    away.is = false;
    await harness.moveTo(at("2026-11-24T00:01"));
    expect(await fired(harness)).toContain("2026-11-23T23:59");
    expect(harness.logged).toEqual(["a schedule could not fire, will be tried again: the CRM is away"]);
  });

  it("because the store is away comes when it is back", async () => {
    const outage = { isDown: false };
    const bare = new MemoryStateStore();
    const store = outageStore({ store: bare, isDown: () => outage.isDown });
    const harness = await startHarness({ flows: [alone({})], store });
    outage.isDown = true;
    harness.clock.moveTo(at("2026-11-23T09:00"));
    await expect.poll(() => harness.logged.length).toBeGreaterThan(0);
    outage.isDown = false;
    await pass(harness, 15_000);
    expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
  });
});

describe("jitter", () => {
  const flows = [alone({ jitter_ms: 1_800_000 })];

  test("the firing comes later, the same in every process; its instant stays", async () => {
    const found: { id: string; delay: number }[] = [];
    for (const seed of [1, 2]) {
      const harness = await startHarness({ flows, seed });
      const due = await harness.engine.nextDue();
      await harness.moveTo(at("2026-11-23T09:30"));
      expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
      const [header] = await harness.engine.list({ limit: 1 });
      found.push({ id: header?.execution_id ?? "", delay: (header?.started_at ?? 0) - at("2026-11-23T09:00") });
      expect(due).toBe(header?.started_at);
      const [summary] = await harness.engine.flows();
      expect(summary?.nextFiring).toBe(await harness.engine.nextDue());
    }
    expect(found[0]).toEqual(found[1]);
    expect(found[0]?.delay).toBeGreaterThan(0);
    expect(found[0]?.delay).toBeLessThanOrEqual(1_800_000);
  });

  test.each(["latest", "all"] as const)(
    "longer than the time between two firings: with %s all come, in order, each before the next",
    async (catch_up) => {
      const often = [alone({ schedule: "cron(* 9 * * ? *)", catch_up, jitter_ms: 31_536_000_000 })];
      const harness = await startHarness({ flows: often });
      await harness.moveTo(at("2026-11-23T10:00"));
      const minutes = [...Array(60).keys()].map((minute) => `2026-11-23T09:${String(minute).padStart(2, "0")}`);
      // Until the next day the last one has time.
      expect(await fired(harness)).toEqual(minutes.slice(0, 59));
      await harness.moveTo(at("2026-11-24T09:00"));
      expect((await fired(harness)).slice(0, 60)).toEqual(minutes);
    },
  );

  test("two that come shortly after one another come both, though a busy machine saw neither in time", async () => {
    const often = [alone({ schedule: "cron(* 9 * * ? *)", jitter_ms: 60_000 })];
    const harness = await startHarness({ flows: often });
    const first = (await harness.engine.nextDue()) ?? 0;
    await harness.moveTo(first);
    const second = (await harness.engine.nextDue()) ?? 0;
    await harness.moveTo(second);
    harness.clock.moveTo(Math.max(second + 1, at("2026-11-23T09:03")));
    await harness.engine.tick();
    await harness.engine.idle();
    const third = (await harness.engine.nextDue()) ?? 0;
    expect(third).toBeGreaterThan(second);
    expect((await fired(harness)).slice(0, 2)).toEqual(["2026-11-23T09:00", "2026-11-23T09:01"]);
  });

  test("after a downtime, what its draw still holds comes at its time", async () => {
    const harness = await downUntil("2026-11-24T09:00", { flows });
    expect(await fired(harness)).toEqual(["2026-11-23T09:00"]);
    await harness.moveTo(at("2026-11-24T09:30"));
    expect(await fired(harness)).toEqual(["2026-11-23T09:00", "2026-11-24T09:00"]);
  });
});

describe("at()", () => {
  const once = { schedule: "at(2026-11-25T09:00:00)" };

  test("fires once, also after a restart", async () => {
    const flows = [alone(once)];
    const first = await startHarness({ flows });
    await first.moveTo(at("2026-11-25T10:00"));
    expect(await fired(first)).toEqual(["2026-11-25T09:00"]);
    await kill(first);
    const second = await startHarness({ flows, store: first.store, world: first.world, clock: first.clock, seed: 2 });
    await second.moveTo(at("2026-11-27T10:00"));
    expect(await fired(second)).toEqual(["2026-11-25T09:00"]);
    expect(await second.engine.nextDue()).toBeNull();
  });

  test("missed by a downtime it comes late; in the past at first sight it never does", async () => {
    const missed = await downUntil("2026-11-26T09:00", { flows: [alone(once)] });
    expect(await fired(missed)).toEqual(["2026-11-25T09:00"]);
    const past = await startHarness({ flows: [alone(once)], clock: new VirtualClock(at("2026-11-25T09:00")) });
    await past.moveTo(at("2026-11-27T09:00"));
    expect(await fired(past)).toEqual([]);
  });
});

describe("what changes while the app runs", () => {
  test("a changed schedule starts anew, a removed flow fires no more, a higher version takes over", async () => {
    const flows = [alone({}), alone({}, { flow_id: "gone" }), alone({}, { flow_id: "next" })];
    const harness = await startHarness({ flows });
    await harness.moveTo(at("2026-11-23T09:00"));
    flows.splice(0, 3, alone({ schedule: hourly }), alone({}, { flow_id: "next", version: "2.0" }));
    harness.clock.moveTo(at("2026-11-24T08:30"));
    await harness.engine.tick();
    await harness.moveTo(at("2026-11-24T09:00"));
    const started = await harness.engine.list({ limit: 10 });
    expect(started.map(({ flow_id, flow_version }) => `${flow_id} ${flow_version}`).toSorted()).toEqual(
      ["gone 1.0", "next 1.0", "next 2.0", "renewal 1.0", "renewal 1.0"].toSorted(),
    );
  });

  test("two processes with two versions of a schedule: neither starves the other", async () => {
    const store = new MemoryStateStore();
    const clock = new VirtualClock();
    const old = await startHarness({ flows: [alone({ schedule: hourly })], store, clock });
    const next = await startHarness({ flows: [alone({ schedule: "cron(30 * * * ? *)" })], store, clock, seed: 2 });
    for (let half = 1; half <= 6; half += 1) {
      clock.moveTo(at("2026-11-23T08:00") + half * 1_800_000);
      for (const { engine } of [old, next]) await engine.tick();
      for (const { engine } of [old, next]) await engine.idle();
    }
    expect(await fired(old)).toEqual(
      ["08:30", "09:00", "09:30", "10:00", "10:30", "11:00"].map((time) => `2026-11-23T${time}`),
    );
  });

  test("a clock that goes back fires nothing again", async () => {
    const flows = [alone({})];
    const first = await startHarness({ flows });
    await first.moveTo(at("2026-11-24T09:30"));
    await kill(first);
    const clock = new VirtualClock(at("2026-11-23T08:30"));
    const second = await startHarness({ flows, store: first.store, world: first.world, clock, seed: 2 });
    await second.moveTo(at("2026-11-24T10:00"));
    expect(await fired(second)).toEqual(["2026-11-23T09:00", "2026-11-24T09:00"]);
  });
});

test("ticks with nothing due ask the store about no schedule", async () => {
  const counts = { cursors: 0, controls: 0 };
  const bare = new MemoryStateStore();
  const store: StateStore = new Proxy(bare, {
    get: (target, name) => {
      if (name === "getCursor") counts.cursors += 1;
      if (name === "flowControls") counts.controls += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const flows = [...Array(20).keys()].map((index) => alone({}, { flow_id: `flow_${index}` }));
  const harness = await startHarness({ flows, store });
  expect(counts).toEqual({ cursors: 20, controls: 0 });
  for (let tick = 0; tick < 50; tick += 1) await harness.engine.tick();
  expect(counts).toEqual({ cursors: 20, controls: 0 });
  await harness.moveTo(at("2026-11-23T09:00"));
  expect(await fired(harness)).toHaveLength(20);
});
