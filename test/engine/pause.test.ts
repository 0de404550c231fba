/** Pause and resume: does a paused flow start nothing by itself, owe nothing afterwards, and obey operators only? */
import { describe, expect, it, test } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import { passedBy } from "../../src/engine/due-firing.ts";
import { openEngine } from "../../src/engine/flow-engine.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { Person } from "../../src/flow/person.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { agentStep, approvalStep, eventTrigger, flow, scheduleTrigger } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead } from "./world.ts";

const renewal = { flowId: "renewal" };
const at = (text: string) => Date.parse(`${text}:00Z`);
const steps = [agentStep("note", "noop")];
const modes = ["none", "latest", "all"] as const;

function daily(trigger: Parameters<typeof scheduleTrigger>[0] = {}): FlowDefinition {
  return flow(steps, { input: {}, triggers: [scheduleTrigger(trigger)] });
}

async function startedAt({ engine }: Harness): Promise<string[]> {
  const headers = await engine.list({ flowId: "renewal", limit: 100 });
  return headers.map(({ started_at }) => new Date(started_at).toISOString().slice(0, 16)).toReversed();
}

async function audited({ store }: Harness) {
  const { items } = await store.listAudit({ limit: 100 });
  return items.map(({ action, person, flow_id, detail }) => [action, person?.name ?? null, flow_id, detail]);
}

describe("while a flow is paused", () => {
  it.each(modes)(
    "its schedule starts nothing, and with catch_up %s nothing of it comes afterwards",
    async (catch_up) => {
      const harness = await startHarness({ flows: [daily({ catch_up })] });
      await harness.engine.pause({ ...renewal, person: lead });
      await harness.moveTo(at("2026-11-26T08:30"));
      await harness.engine.resume({ ...renewal, person: lead });
      await harness.engine.tick();
      await harness.moveTo(at("2026-11-27T10:00"));
      expect(await startedAt(harness)).toEqual(["2026-11-26T09:00", "2026-11-27T09:00"]);
    },
  );

  it.each(modes)("and nothing runs: resumed by the terminal, catch_up %s owes nothing to the app", async (catch_up) => {
    const flows = [daily({ catch_up })];
    const store = new MemoryStateStore();
    const first = await startHarness({ flows, store });
    await first.engine.pause({ ...renewal, person: lead });
    await kill(first);
    const clock = new VirtualClock(at("2026-11-26T08:30"));
    await openEngine({ ...first.context, clock }).resume({ ...renewal, person: null });
    const app = await startHarness({ flows, store, clock, seed: 3 });
    await app.moveTo(at("2026-11-26T09:30"));
    expect(await startedAt(app)).toEqual(["2026-11-26T09:00"]);
  });

  it("what a catch-up still owed is dropped", async () => {
    const flows = [daily({ schedule: "cron(0 * * * ? *)", catch_up: "all" })];
    const first = await startHarness({ flows });
    await kill(first);
    const clock = new VirtualClock(at("2026-11-23T20:30"));
    const second = await startHarness({ flows, store: first.store, clock, seed: 2 });
    await second.engine.idle();
    await second.engine.pause({ ...renewal, person: null });
    await second.moveTo(at("2026-11-23T20:40"));
    await second.engine.resume({ ...renewal, person: null });
    await second.moveTo(at("2026-11-23T21:10"));
    expect(await startedAt(second)).toEqual(["2026-11-23T20:30", "2026-11-23T21:00"]);
  });

  it("another process on the same store starts nothing either", async () => {
    const flows = [daily()];
    const first = await startHarness({ flows });
    const second = await startHarness({ flows, store: first.store, seed: 2 });
    await first.engine.pause({ ...renewal, person: lead });
    await second.moveTo(at("2026-11-23T10:00"));
    expect(await startedAt(second)).toEqual([]);
    expect((await second.engine.flows())[0]?.paused).toEqual({ at: at("2026-11-23T08:00"), by: lead });
  });

  it("can be started by hand, and what runs goes on", async () => {
    const harness = await startHarness({ flows: [flow([approvalStep("approve"), agentStep("note", "noop")])] });
    const start = (id: string) =>
      harness.engine.start({ ...renewal, input: { customer_id: id }, person: null }).then((one) => one.executionId);
    const before = await start("acme");
    await harness.engine.pause({ ...renewal, person: lead });
    const after = await start("beta");
    await harness.engine.idle();
    for (const executionId of [before, after]) {
      const vote = { executionId, stepId: "approve", version: 1, person: dana, reason: null };
      expect(await harness.engine.decide({ ...vote, decision: "approve" })).toMatchObject({ kind: "recorded" });
    }
    await harness.engine.idle();
    const headers = await harness.engine.list({ limit: 10 });
    expect(headers.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
  });

  it("other flows fire", async () => {
    const other = flow(steps, { flow_id: "other", input: {}, triggers: [scheduleTrigger()] });
    const harness = await startHarness({ flows: [daily(), other] });
    await harness.engine.pause({ ...renewal, person: lead });
    await harness.moveTo(at("2026-11-23T09:00"));
    const headers = await harness.engine.list({ limit: 10 });
    expect(headers.map(({ flow_id }) => flow_id)).toEqual(["other"]);
  });

  it("the list of flows tells it, without a next firing", async () => {
    const harness = await startHarness({ flows: [daily()] });
    expect(await harness.engine.flows()).toMatchObject([{ paused: null, nextFiring: at("2026-11-23T09:00") }]);
    await harness.engine.pause({ ...renewal, person: null });
    const paused = { at: at("2026-11-23T08:00"), by: null };
    expect(await harness.engine.flows()).toMatchObject([{ paused, nextFiring: null }]);
    await harness.engine.resume({ ...renewal, person: null });
    expect(await harness.engine.flows()).toMatchObject([{ paused: null, nextFiring: at("2026-11-23T09:00") }]);
  });

  it("an event starts nothing, and the same one does afterwards", async () => {
    const definition = flow(steps, { input: {}, triggers: [eventTrigger("customer.created")] });
    const harness = await startHarness({ flows: [definition] });
    const receive = () => harness.engine.receiveEvent({ event: "customer.created", eventId: "e1", input: {} });
    await harness.engine.pause({ ...renewal, person: lead });
    expect(await receive()).toEqual([{ flowId: "renewal", kind: "paused" }]);
    await harness.engine.resume({ ...renewal, person: lead });
    expect(await receive()).toMatchObject([{ flowId: "renewal", kind: "started" }]);
    await harness.engine.idle();
  });
});

function refused(verb: string) {
  const message = `Only an operator can ${verb} renewal. Nothing changed.`;
  return { kind: "refused", reason: "not_an_operator", message };
}

function pausedBy(person: Person, { engine }: Harness) {
  return engine.pause({ ...renewal, person });
}

describe("who may", () => {
  it("an operator, and a program; each time it is in the audit", async () => {
    const harness = await startHarness({ flows: [daily()] });
    const recorded = { kind: "recorded", ended: false };
    expect(await harness.engine.pause({ ...renewal, person: lead })).toEqual(recorded);
    harness.clock.moveTo(at("2026-11-23T08:01"));
    expect(await harness.engine.resume({ ...renewal, person: null })).toEqual(recorded);
    expect(await audited(harness)).toEqual([
      ["pause", "Morgan Lee", "renewal", "renewal 1.0"],
      ["resume", null, "renewal", "renewal 1.0"],
    ]);
  });

  it("nobody else: the refusal is private, audited, and changes nothing", async () => {
    const harness = await startHarness({ flows: [daily()] });
    expect(await harness.engine.pause({ ...renewal, person: dana })).toEqual(refused("pause"));
    harness.clock.moveTo(at("2026-11-23T08:01"));
    await harness.engine.pause({ ...renewal, person: lead });
    harness.clock.moveTo(at("2026-11-23T08:02"));
    expect(await harness.engine.resume({ ...renewal, person: dana })).toEqual(refused("resume"));
    expect((await harness.engine.flows())[0]?.paused?.by).toEqual(lead);
    expect(await audited(harness)).toEqual([
      ["refuse", "Dana Reyes", "renewal", "pause: not_an_operator"],
      ["pause", "Morgan Lee", "renewal", "renewal 1.0"],
      ["refuse", "Dana Reyes", "renewal", "resume: not_an_operator"],
    ]);
  });

  it("said twice, or by two at once, it counts once, and the first one stands", async () => {
    const flows = [daily()];
    const first = await startHarness({ flows });
    const second = await startHarness({ flows, store: first.store, seed: 2 });
    await Promise.all([pausedBy(lead, first), pausedBy(lead, second), pausedBy(lead, first)]);
    await first.moveTo(at("2026-11-23T08:30"));
    await pausedBy(lead, first);
    expect((await first.engine.flows())[0]?.paused?.at).toBe(at("2026-11-23T08:00"));
    for (const { engine } of [first, second]) await engine.resume({ ...renewal, person: lead });
    expect((await audited(first)).map(([action]) => action)).toEqual(["pause", "resume"]);
  });

  it("a flow that isn't there is told with the nearest", async () => {
    const harness = await startHarness({ flows: [daily()] });
    for (const verb of ["pause", "resume"] as const) {
      const error = await harness.engine[verb]({ flowId: "renewall", person: lead }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RequestError);
      expect(error).toMatchObject({ message: "There is no flow renewall.", suggestion: "renewal" });
    }
  });
});

describe("a firing that its jitter still holds when the pause ends", () => {
  const scheduled = {
    definition: daily(),
    index: 0,
    trigger: scheduleTrigger({ jitter_ms: 3_600_000 }),
    timezone: "UTC",
  };
  const asked = { after: at("2026-11-22T09:00"), now: at("2026-11-23T09:00") };

  test("comes if its instant lies before the pause, and doesn't if it lies in it", () => {
    expect(passedBy(scheduled, { ...asked, since: asked.now + 1 })).toBeNull();
    expect(passedBy(scheduled, { ...asked, since: asked.now })).toBe(asked.now);
  });

  test("those of the days before are passed over either way", () => {
    const after = at("2026-11-20T09:00");
    expect(passedBy(scheduled, { ...asked, after, since: asked.now + 1 })).toBe(at("2026-11-22T09:00"));
  });
});

test("an engine that drives nothing pauses and resumes what another drives", async () => {
  const flows = [daily()];
  const harness = await startHarness({ flows, customers: [customer("acme")] });
  const terminal = openEngine(harness.context);
  await terminal.pause({ ...renewal, person: null });
  await harness.moveTo(at("2026-11-24T08:00"));
  await terminal.resume({ ...renewal, person: null });
  await harness.moveTo(at("2026-11-24T09:00"));
  expect(await startedAt(harness)).toEqual(["2026-11-24T09:00"]);
});
