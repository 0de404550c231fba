/** Too many at once: who waits, who is refused, who gets the place that falls free, whatever dies. */
import { describe, expect, test } from "vitest";
import type { Trigger } from "../../../src/flow/flow.ts";
import { MemoryStateStore } from "../../../src/state/memory.ts";
import { agentStep, approvalStep, flow } from "../flows.ts";
import { kill, startHarness, type Harness } from "../harness.ts";
import { customer } from "../scripted-agents.ts";
import { lead } from "../world.ts";

const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const trigger = (overlap: Trigger["overlap"]): Trigger => ({ type: "manual", overlap });
const steps = [approvalStep("ask"), agentStep("work", "noop", { after: ["ask"] })];
const minute = 60_000;
const customers = ["acme", "beta", "gamma", "delta"].map((id) => customer(id));

async function approve(harness: Harness, executionId: string): Promise<void> {
  const vote = { executionId, stepId: "ask", version: 1, person: lead, decision: "approve" as const, reason: null };
  expect(await harness.engine.decide(vote)).toMatchObject({ kind: "recorded" });
  await harness.engine.idle();
}

async function standing(harness: Harness, executionId: string): Promise<string> {
  const { header } = await harness.engine.report({ executionId });
  return header.status === "running" ? (header.waiting_for[0]?.kind ?? "running") : header.status;
}

describe("overlap", () => {
  test("skip: two starts in the same instant start one, and name it", async () => {
    const harness = await startHarness({ flows: [flow(steps, { triggers: [trigger("skip")] })] });
    const both = await Promise.all([harness.engine.start(acme), harness.engine.start(acme)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(["already_running", "started"]);
    expect(new Set(both.map(({ executionId }) => executionId)).size).toBe(1);
  });

  test("skip: two processes on one store start one", async () => {
    const store = new MemoryStateStore();
    const flows = [flow(steps, { triggers: [trigger("skip")] })];
    const one = await startHarness({ flows, store });
    const two = await startHarness({ flows, store, clock: one.clock, world: one.world, seed: 2 });
    const both = await Promise.all([one.engine.start(acme), two.engine.start(acme)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(["already_running", "started"]);
  });

  test("skip: one that has ended leaves no trace in the way", async () => {
    const harness = await startHarness({ flows: [flow(steps, { triggers: [trigger("skip")] })] });
    const first = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(await harness.engine.start(acme)).toMatchObject({ kind: "already_running", executionId: first.executionId });
    await approve(harness, first.executionId);
    expect(await harness.engine.start(acme)).toMatchObject({ kind: "started" });
  });

  test("queue: the next begins when the one before has ended", async () => {
    const harness = await startHarness({ flows: [flow(steps, { triggers: [trigger("queue")] })] });
    const first = await harness.engine.start(acme);
    const next = await harness.engine.start(acme);
    const last = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(await standing(harness, next.executionId)).toBe("queue");
    await approve(harness, first.executionId);
    expect(await standing(harness, next.executionId)).toBe("approval");
    expect(await standing(harness, last.executionId)).toBe("queue");
    await harness.engine.abort({ executionId: next.executionId, person: lead, compensate: false });
    await harness.engine.idle();
    expect(await standing(harness, last.executionId)).toBe("approval");
  });

  test("queue: who gives up in the queue doesn't get the place", async () => {
    const harness = await startHarness({ flows: [flow(steps, { triggers: [trigger("queue")] })] });
    const [first, next, last] = [
      await harness.engine.start(acme),
      await harness.engine.start(acme),
      await harness.engine.start(acme),
    ];
    await harness.engine.abort({ executionId: next.executionId, person: lead, compensate: false });
    await harness.engine.idle();
    await approve(harness, first.executionId);
    expect(await standing(harness, next.executionId)).toBe("aborted");
    expect(await standing(harness, last.executionId)).toBe("approval");
  });

  test("a redrive while another runs is refused, and names it", async () => {
    const harness = await startHarness({ flows: [flow(steps, { triggers: [trigger("skip")] })] });
    const first = await harness.engine.start(acme);
    await harness.engine.abort({ executionId: first.executionId, person: lead, compensate: false });
    await harness.engine.idle();
    const other = await harness.engine.start(acme);
    const answer = await harness.engine.redrive({ executionId: first.executionId, person: lead });
    expect(answer).toMatchObject({ kind: "refused", reason: "already_running" });
    expect(answer.kind === "refused" && answer.message).toContain(other.executionId);
  });
});

describe("concurrency", () => {
  const limited = flow(steps, {
    triggers: [trigger("allow")],
    concurrency: { key: "${customer.currency}", limit: 2 },
  });

  test("what is over the limit queues, first come first served", async () => {
    const harness = await startHarness({ flows: [limited], customers });
    const ids: string[] = [];
    for (const { id } of customers)
      ids.push((await harness.engine.start({ ...acme, input: { customer_id: id } })).executionId);
    await harness.engine.idle();
    const all = () => Promise.all(ids.map((id) => standing(harness, id)));
    expect(await all()).toEqual(["approval", "approval", "queue", "queue"]);
    await approve(harness, ids[1] ?? "");
    expect(await all()).toEqual(["approval", "succeeded", "approval", "queue"]);
    await approve(harness, ids[0] ?? "");
    expect(await all()).toEqual(["succeeded", "succeeded", "approval", "approval"]);
  });

  test("the process dies between an end and the next one's turn: the next comes all the same", async () => {
    const single = flow([agentStep("work", "noop")], {
      triggers: [trigger("allow")],
      concurrency: { key: "all", limit: 1 },
    });
    const store = new MemoryStateStore();
    const stuck = { execution_id: "0-gone", since: 0 };
    await store.putSlots({ slots: { key: "concurrency/renewal/all", holders: [stuck], queue: [], revision: 1 } });
    const harness = await startHarness({ flows: [single], store });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect(await standing(harness, executionId)).toBe("succeeded");
    await kill(harness);
  });

  test("whoever gave a place on died before it could say so: it is found within a minute", async () => {
    const single = flow(steps, { triggers: [trigger("allow")], concurrency: { key: "all", limit: 1 } });
    const harness = await startHarness({ flows: [single], customers });
    const { engine, store, clock } = harness;
    const first = await engine.start(acme);
    const next = await engine.start({ ...acme, input: { customer_id: "beta" } });
    await engine.idle();
    const slots = await store.getSlots({ key: "concurrency/renewal/all" });
    if (slots === null) throw new Error("no places");
    const given = { ...slots, holders: [{ execution_id: next.executionId, since: clock.now() }], queue: [] };
    await store.putSlots({ slots: { ...given, revision: slots.revision + 1 } });
    await engine.abort({ executionId: first.executionId, person: lead, compensate: false });
    await kill(harness);
    const after = await startHarness({ flows: [single], customers, store, clock, world: harness.world, seed: 2 });
    await after.moveTo(clock.now() + minute);
    expect(await standing(after, next.executionId)).toBe("approval");
  });

  test("one that stood before it in the queue never came to be: it doesn't wait for ever", async () => {
    const single = flow(steps, { triggers: [trigger("allow")], concurrency: { key: "all", limit: 1 } });
    const harness = await startHarness({ flows: [single] });
    const { engine, store, clock } = harness;
    const phantom = { execution_id: "0-gone", since: clock.now() };
    const key = "concurrency/renewal/all";
    await store.putSlots({ slots: { key, holders: [phantom], queue: ["0-gone-too"], revision: 1 } });
    const { executionId } = await engine.start(acme);
    await engine.idle();
    expect(await standing(harness, executionId)).toBe("queue");
    await harness.moveTo(clock.now() + 4 * minute);
    expect(await standing(harness, executionId)).toBe("approval");
  });

  test("it waits for hours: it looks ever less often, and goes on at once when told", async () => {
    const single = flow(steps, { triggers: [trigger("allow")], concurrency: { key: "all", limit: 1 } });
    const store = new MemoryStateStore();
    const harness = await startHarness({ flows: [single], customers, store });
    const { engine, clock } = harness;
    const first = await engine.start(acme);
    const next = await engine.start({ ...acme, input: { customer_id: "beta" } });
    await engine.idle();
    const begun = clock.now();
    const looks: number[] = [];
    for (let at = await store.nextWake(); at !== null && looks.length < 9; at = await store.nextWake()) {
      looks.push((at - begun) / minute);
      await harness.moveTo(at);
    }
    expect(looks).toEqual([1, 2, 4, 8, 16, 32, 64, 124, 184]);
    expect(await harness.log(next.executionId)).toHaveLength(1);
    await approve(harness, first.executionId);
    expect(await standing(harness, next.executionId)).toBe("approval");
  });

  test("a flow's timeout counts its time in the queue", async () => {
    const short = flow(steps, {
      triggers: [trigger("allow")],
      concurrency: { key: "all", limit: 1 },
      timeout_ms: 3_600_000,
    });
    const harness = await startHarness({ flows: [short], customers });
    const first = await harness.engine.start(acme);
    const next = await harness.engine.start({ ...acme, input: { customer_id: "beta" } });
    await harness.moveTo(harness.clock.now() + 3_600_000);
    expect(await standing(harness, first.executionId)).toBe("timed_out");
    expect(await standing(harness, next.executionId)).toBe("timed_out");
  });

  test("a key without a value refuses the start with the reason", async () => {
    const broken = flow(steps, {
      triggers: [trigger("allow")],
      concurrency: { key: "in ${customer.region}", limit: 1 },
    });
    const harness = await startHarness({ flows: [broken] });
    await expect(harness.engine.start(acme)).rejects.toThrow(/its concurrency key has no value/);
  });
});
