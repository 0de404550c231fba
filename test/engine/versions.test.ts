/** A flow changes while its executions run (D4): who keeps what, and what can be asked of it afterwards. */
import { describe, expect, it } from "vitest";
import { keepDefinitions } from "../../src/engine/versions.ts";
import { definitionHash, type FlowDefinition } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { renewalFlow, scheduleTrigger } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { dana } from "./world.ts";

const old = renewalFlow({ version: "1.0" });
const changed = renewalFlow({ version: "2.0", steps: old.steps.filter(({ id }) => id !== "book") });

/** What the engine is given is a view; here it is a list, which changes as a folder's files would. */
async function running(flows: FlowDefinition[]): Promise<{ harness: Harness; executionId: string }> {
  const harness = await startHarness({ flows });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: null,
  });
  await harness.engine.idle();
  return { harness, executionId };
}

async function approve(harness: Harness, executionId: string): Promise<string[]> {
  const decision = {
    executionId,
    stepId: "approve",
    version: 1,
    person: dana,
    decision: "approve" as const,
    reason: null,
  };
  expect(await harness.engine.decide(decision)).toMatchObject({ kind: "recorded" });
  await harness.engine.idle();
  const { steps, header } = await harness.engine.report({ executionId });
  expect(header.status).toBe("succeeded");
  return steps.map(({ stepId }) => stepId);
}

describe("a flow that changes while an execution waits", () => {
  it("changes nothing of it, and everything of the next one", async () => {
    const flows = [old];
    const { harness, executionId } = await running(flows);
    flows.splice(0, 1, changed);
    const next = await harness.engine.start({ flowId: "renewal", input: { customer_id: "beta" }, person: null });
    await harness.engine.idle();
    expect(await approve(harness, executionId)).toContain("book");
    expect(await approve(harness, next.executionId)).not.toContain("book");
    expect(harness.world.ofKind("calendar_event")).toHaveLength(1);
  });

  it("changes nothing of it in a process that never knew the old one", async () => {
    const { harness, executionId } = await running([old]);
    await harness.engine.stop({ graceMs: 0 });
    const { store, world, clock } = harness;
    const later = await startHarness({ flows: [changed], store, world, clock, seed: 2 });
    expect(await approve(later, executionId)).toContain("book");
  });

  it("fires by its new schedule and not by its old one", async () => {
    const flows = [renewalFlow({ triggers: [scheduleTrigger({ schedule: "cron(0 9 * * ? *)" })] })];
    const harness = await startHarness({ flows });
    flows.splice(
      0,
      1,
      renewalFlow({ version: "2.0", triggers: [scheduleTrigger({ schedule: "cron(0 15 * * ? *)" })] }),
    );
    await harness.engine.tick();
    const started = async () => (await harness.engine.list({ limit: 10 })).length;
    await harness.moveTo(Date.parse("2026-11-23T14:00:00Z"));
    expect(await started()).toBe(0);
    await harness.moveTo(Date.parse("2026-11-23T16:00:00Z"));
    expect(await started()).toBe(2);
  });

  it("is gone: it starts and fires no more, and what runs goes on", async () => {
    const flows = [old];
    const { harness, executionId } = await running(flows);
    flows.splice(0);
    const start = harness.engine.start({ flowId: "renewal", input: { customer_id: "beta" }, person: null });
    await expect(start).rejects.toThrow("There is no flow renewal.");
    await harness.moveTo(Date.parse("2026-11-25T12:00:00Z"));
    expect(await harness.engine.list({ limit: 10 })).toHaveLength(1);
    expect(await approve(harness, executionId)).toContain("book");
  });
});

function keep(store: MemoryStateStore, definition: FlowDefinition): Promise<FlowDefinition[]> {
  return keepDefinitions({ store, definitions: [definition], now: 1 });
}

describe("keeping definitions", () => {
  it("tells content that is new under a known version, once, and nothing else", async () => {
    const store = new MemoryStateStore();
    const other = { ...old, description: "other" };
    expect(await keep(store, old)).toEqual([]);
    expect(await keep(store, changed)).toEqual([]);
    expect(await keep(store, other)).toEqual([other]);
    expect(await keep(store, other)).toEqual([]);
    expect(await keep(store, old)).toEqual([]);
  });

  it("tells nothing where an older app has stored the same content under another hash", async () => {
    const store = new MemoryStateStore();
    await store.putDefinition({ hash: "of-an-older-app", definition: old, at: 0 });
    expect(await keep(store, old)).toEqual([]);
    expect(await store.getDefinition({ hash: definitionHash(old) })).toEqual(old);
  });
});

describe("the versions of a flow", () => {
  it("are those that were loaded, last first, with what runs of each and which one starts", async () => {
    const flows = [old];
    const { harness } = await running(flows);
    harness.clock.moveTo(harness.clock.now() + 1_000);
    flows.splice(0, 1, changed);
    await harness.engine.start({ flowId: "renewal", input: { customer_id: "beta" }, person: null });
    await harness.engine.idle();
    expect(await harness.engine.versions({ flowId: "renewal" })).toEqual([
      { hash: definitionHash(changed), version: "2.0", storedAt: harness.clock.now(), running: 1, isCurrent: true },
      {
        hash: definitionHash(old),
        version: "1.0",
        storedAt: harness.clock.now() - 1_000,
        running: 1,
        isCurrent: false,
      },
    ]);
  });

  it("hold one that has been loaded and never started", async () => {
    const harness = await startHarness({ flows: [old] });
    expect(await harness.engine.versions({ flowId: "renewal" })).toMatchObject([{ running: 0, isCurrent: true }]);
  });

  it("are still there when the flow is gone, and none of them is what starts", async () => {
    const flows = [old];
    const { harness } = await running(flows);
    flows.splice(0);
    expect(await harness.engine.versions({ flowId: "renewal" })).toMatchObject([{ running: 1, isCurrent: false }]);
  });

  it("of a flow that never was are a refusal with the nearest name", async () => {
    const harness = await startHarness({ flows: [old] });
    await expect(harness.engine.versions({ flowId: "renewel" })).rejects.toMatchObject({
      name: "RequestError",
      suggestion: "renewal",
    });
  });

  it("can be read by their hash, and another hash gives nothing", async () => {
    const { harness } = await running([old]);
    expect(await harness.engine.definition({ hash: definitionHash(old) })).toEqual(old);
    expect(await harness.engine.definition({ hash: definitionHash(changed) })).toBeNull();
  });
});
