/**
 * A catch-up, with the process dying before and after each write of it: is every missed firing made up for, once, about each
 * customer, and what if two processes catch up at the same time?
 */
import { describe, expect, test } from "vitest";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { faultyStore, type Fault } from "../state/faulty-store.ts";
import { agentStep, flow, scheduleTrigger } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { World } from "./world.ts";

const at = (time: string) => Date.parse(`2026-11-23T${time}:00Z`);
const triggers = [scheduleTrigger({ schedule: "cron(0 * * * ? *)", catch_up: "all" })];
const steps = [agentStep("note", "noop")];
const hours = ["09:00", "10:00", "11:00"];

const kinds: [string, FlowDefinition, string[]][] = [
  ["about customers", flow(steps, { triggers }), hours.flatMap((hour) => [`${hour} acme`, `${hour} beta`])],
  ["about none", flow(steps, { triggers, input: {} }), hours.map((hour) => `${hour} null`)],
];

/** Seen at eight; nobody there until five past eleven. */
async function missedThree(definition: FlowDefinition) {
  const store = new MemoryStateStore();
  const world = new World();
  await kill(await startHarness({ flows: [definition], store, world }));
  return { store, world, clock: new VirtualClock(at("11:05")), flows: [definition] };
}

async function started({ engine, log }: Pick<Harness, "engine" | "log">): Promise<string[]> {
  const found: string[] = [];
  for (const { execution_id, customer_id, status } of await engine.list({ limit: 100 })) {
    const [start] = (await log(execution_id))[0]?.events ?? [];
    if (start?.type !== "execution_started" || start.started_by.type !== "schedule") throw new Error("no firing");
    expect(status).toBe("succeeded");
    found.push(`${new Date(start.started_by.scheduled_at).toISOString().slice(11, 16)} ${customer_id}`);
  }
  return found.toSorted();
}

async function catchUp(harness: Harness): Promise<void> {
  await harness.moveTo(harness.clock.now() + 60_000);
}

/** How many writes there were, and what was started in the end. */
async function run(definition: FlowDefinition, point: { number: number; when: Fault } | null) {
  const { store, ...rest } = await missedThree(definition);
  const faulty = faultyStore({ store, fail: ({ number }) => (point?.number === number ? point.when : null) });
  const process = { alive: true, step: () => {} };
  const first = startHarness({ ...rest, store: faulty, process, seed: 2 });
  await Promise.race([first.then(catchUp).catch(() => null), faulty.death]);
  process.alive = false;
  const last = await startHarness({ ...rest, store, seed: 3 });
  await catchUp(last);
  return { writes: faulty.writes(), crashed: faulty.crashed(), started: await started(last), logged: last.logged };
}

describe.each(kinds)("a flow %s", (_kind, definition, expected) => {
  test("dies at every write", async () => {
    const { writes } = await run(definition, null);
    expect(writes).toBeGreaterThan(hours.length);
    for (let number = 1; number <= writes; number += 1) {
      for (const when of ["before", "after"] as const) {
        const end = await run(definition, { number, when });
        expect({ number, when, ...end }).toMatchObject({ crashed: true, started: expected, logged: [] });
      }
    }
  });

  test("two processes catch up at the same time", async () => {
    const missed = await missedThree(definition);
    const both = await Promise.all([2, 3].map((seed) => startHarness({ ...missed, seed })));
    for (let second = 0; second < 10; second += 1) {
      missed.clock.moveTo(missed.clock.now() + 1_000);
      await Promise.all(both.map(({ engine }) => engine.tick()));
      await Promise.all(both.map(({ engine }) => engine.idle()));
    }
    for (const harness of both) expect(await started(harness)).toEqual(expected);
    expect(both.flatMap(({ logged }) => logged)).toEqual([]);
  });
});
