/** Does a moved clock leave nothing out, keep the order of what falls due, and wait for what is under way? */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { advanceClock } from "../../src/app/advance-clock.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow } from "../engine/flows.ts";
import { startHarness, type Harness, type HarnessOptions } from "../engine/harness.ts";
import { answer, customer, scriptedAgents } from "../engine/scripted-agents.ts";

const start = Date.parse("2026-11-23T08:00:00Z");
const hour = 3_600_000;
const day = 24 * hour;

function at(text: string): number {
  return Date.parse(`2026-11-${text}:00Z`);
}

function scheduled(flowId: string, schedule: string, overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow([agentStep("note", "note", { parameters: { flow: flowId } })], {
    flow_id: flowId,
    triggers: [
      { type: "schedule", schedule, timezone: "UTC", catch_up: "latest", overlap: "allow", filter: null, jitter_ms: 0 },
    ],
    ...overrides,
  });
}

interface Moving extends Harness {
  /** What the steps saw: the flow, and the clock's time of day. */
  seen: string[];
  advance: (to: number | "next", stopping?: AbortSignal) => Promise<number>;
}

async function moving(options: HarnessOptions, during: () => Promise<void> = async () => {}): Promise<Moving> {
  const seen: string[] = [];
  const note = scriptedAgents({
    note: async ({ parameters, context }) => {
      await during();
      seen.push(`${z.string().parse(parameters["flow"])} ${new Date(context.now).toISOString().slice(8, 16)}`);
      return answer(null);
    },
  });
  const harness = await startHarness({ agents: note, customers: [customer("acme")], ...options });
  const { clock, engine } = harness;
  const moved = { now: () => clock.now(), set: (to: number) => clock.moveTo(to), ring: () => {} };
  const never = new AbortController().signal;
  return { ...harness, seen, advance: (to, stopping = never) => advanceClock({ engine, clock: moved, to, stopping }) };
}

describe("two days at once", () => {
  it("work off two schedules in their common order, each firing at its own time", async () => {
    const { seen, advance, clock } = await moving({
      flows: [scheduled("daily", "cron(0 9 * * ? *)"), scheduled("often", "cron(30 8,20 * * ? *)")],
    });
    expect(await advance(start + 2 * day)).toBe(start + 2 * day);
    expect(clock.now()).toBe(start + 2 * day);
    expect(seen).toEqual([
      "often 23T08:30",
      "daily 23T09:00",
      "often 23T20:30",
      "often 24T08:30",
      "daily 24T09:00",
      "often 24T20:30",
    ]);
  });

  it("let a time run out at its own instant, before the schedule that comes after it", async () => {
    const asked = flow([approvalStep("approve", { timeout_ms: 12 * hour })], { triggers: [] });
    const { engine, advance, store } = await moving({ flows: [asked, scheduled("daily", "cron(0 9 * * ? *)")] });
    const started = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: null });
    await advance(start + 2 * day);
    const entries = await store.readLog({ executionId: started.executionId, after: 0 });
    const ended = entries.flatMap((entry) => entry.events.filter(({ type }) => type === "approval_ended"));
    expect(ended.map((event) => new Date(event.at).toISOString())).toEqual(["2026-11-23T20:00:00.000Z"]);
  });

  it("fire at the target's own instant too", async () => {
    const { seen, advance } = await moving({ flows: [scheduled("daily", "cron(0 9 * * ? *)")] });
    await advance(at("23T09:00"));
    expect(seen).toEqual(["daily 23T09:00"]);
  });
});

describe("to the next schedule", () => {
  it("is the earliest of all flows, and fires it once", async () => {
    const { seen, advance } = await moving({
      flows: [scheduled("daily", "cron(0 9 * * ? *)"), scheduled("sooner", "cron(15 8 * * ? *)")],
    });
    expect(await advance("next")).toBe(at("23T08:15"));
    expect(seen).toEqual(["sooner 23T08:15"]);
    expect(await advance("next")).toBe(at("23T09:00"));
    expect(seen).toEqual(["sooner 23T08:15", "daily 23T09:00"]);
  });

  it("stays where it is when no flow has a schedule", async () => {
    const { advance, clock } = await moving({ flows: [flow([agentStep("a", "noop")], { triggers: [] })] });
    expect(await advance("next")).toBe(start);
    expect(clock.now()).toBe(start);
  });
});

it("never goes back", async () => {
  const { seen, advance, clock } = await moving({ flows: [scheduled("daily", "cron(0 9 * * ? *)")] });
  expect(await advance(start - day)).toBe(start);
  expect(clock.now()).toBe(start);
  expect(seen).toEqual([]);
});

it("waits, when it is moved while a firing is being worked", async () => {
  const gate = Promise.withResolvers<void>();
  const moved = await moving({ flows: [scheduled("daily", "cron(0 9 * * ? *)")] }, () => gate.promise);
  const first = moved.advance("next");
  await expect.poll(async () => (await moved.engine.flows())[0]?.running).toBe(1);
  const second = moved.advance(start + 2 * day);
  let isThere = false;
  void second.then(() => (isThere = true));
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(isThere).toBe(false);
  expect(moved.clock.now()).toBe(at("23T09:00"));
  gate.resolve();
  await Promise.all([first, second]);
  expect(moved.seen).toEqual(["daily 23T09:00", "daily 24T09:00"]);
  expect(moved.clock.now()).toBe(start + 2 * day);
});

it("ends with a sentence, when the app is stopped on the way", async () => {
  const stopping = new AbortController();
  const { engine, advance, clock, seen } = await moving(
    { flows: [scheduled("daily", "cron(0 9 * * ? *)")] },
    async () => {
      stopping.abort(new Error("The app is stopping."));
      void engine.stop({ graceMs: 0 });
    },
  );
  await expect(advance(start + 30 * day, stopping.signal)).rejects.toThrow("The app is stopping.");
  expect(seen).toEqual(["daily 23T09:00"]);
  expect(clock.now()).toBe(at("23T09:00"));
});
