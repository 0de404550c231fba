/**
 * The process dies at every point: before and after each write of the store, before and after each effect and card.
 * A new process finishes the work; the end must be that of the uninterrupted run (D1-D3, E1, E2).
 */
import { describe, expect, test } from "vitest";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { CrashError, faultyStore, type Fault } from "../state/faulty-store.ts";
import { renewalFlow, seedFlow } from "./flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead, World, type Process } from "./world.ts";

interface Point {
  where: "store" | "world";
  number: number;
  when: "before" | "after";
}

interface Finish {
  status: string;
  outcome: string | null;
  effects: Record<string, number>;
  cards: Record<string, number>;
  doubts: number;
  points: { store: number; world: number };
}

const minute = 60_000;

/** What people and the clock do: start (again with the same key), approve what is asked, answer doubts truthfully. */
async function live(harness: Harness): Promise<{ executionId: string; doubts: number }> {
  const { engine, world } = harness;
  const input = { customer_id: "acme" };
  const { executionId } = await engine.start({ flowId: "renewal", input, person: null, startKey: "k" });
  await harness.moveTo(harness.clock.now() + minute);
  await engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null });
  await harness.moveTo(harness.clock.now() + minute);
  const open = world.card("doubt").filter(({ resolved }) => resolved === null);
  for (const { effectKey } of open) {
    const answer = world.count(effectKey) > 0 ? "arrived" : "send_again";
    await engine.resolveDoubt({ effectKey, person: lead, answer });
  }
  await harness.moveTo(harness.clock.now() + minute);
  return { executionId, doubts: world.card("doubt").length };
}

async function run(definition: FlowDefinition, point: Point | null): Promise<Finish> {
  const store = new MemoryStateStore();
  const world = new World();
  const clock = new VirtualClock();
  const flows = [definition];
  let steps = 0;
  let crash: () => void = () => {};
  const crashed = new Promise<"crashed">((resolve) => {
    crash = () => resolve("crashed");
  });
  const first: Process = {
    alive: true,
    step: (_name, when) => {
      if (when === "before") steps += 1;
      if (point?.where !== "world" || point.number !== steps || point.when !== when) return;
      first.alive = false;
      crash();
    },
  };
  const fail = ({ number }: { number: number }): Fault =>
    point?.where === "store" && point.number === number ? point.when : null;
  const faulty = faultyStore({ store, fail });
  // A dead process does nothing more: what it had under way must not reach the world either.
  const guard = setInterval(() => undefined, 1_000);
  const before = startHarness({ flows, store: faulty, world, clock, process: first });
  const life = before.then(live).catch((error: unknown) => {
    if (error instanceof CrashError || faulty.crashed()) return "crashed" as const;
    throw error;
  });
  let ended = await Promise.race([life, crashed, crashOf(faulty, first)]);
  clearInterval(guard);
  first.alive = ended !== "crashed" && first.alive;
  if (ended === "crashed") {
    if (!faulty.crashed()) await kill(await before);
    const next = await startHarness({ flows, store, world, clock, seed: 2 });
    ended = await live(next);
    expect(next.logged).toEqual([]);
  }
  return finish({
    store,
    world,
    executionId: ended.executionId,
    doubts: ended.doubts,
    points: { store: faulty.writes(), world: steps },
  });
}

/** Sees the death of the store's process even where nobody awaits the write that killed it. */
async function crashOf(faulty: { crashed: () => boolean }, process: Process): Promise<"crashed"> {
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!faulty.crashed()) continue;
    process.alive = false;
    return "crashed";
  }
}

async function finish(parameters: {
  store: MemoryStateStore;
  world: World;
  executionId: string;
  doubts: number;
  points: Finish["points"];
}): Promise<Finish> {
  const { store, world, executionId, doubts, points } = parameters;
  const header = await store.getHeader({ executionId });
  const strip = (key: string) => key.replace(executionId, "").replace(/#\d+$/, "");
  return {
    status: header?.status ?? "none",
    outcome: header?.outcome ?? null,
    effects: tally(world.effects.map(({ key }) => strip(key))),
    cards: tally(world.posts.filter((key) => !key.endsWith("#doubt")).map(strip)),
    doubts,
    points,
  };
}

function tally(keys: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

describe.each([
  ["with an approval", renewalFlow()],
  ["without one", seedFlow()],
])("a flow %s", (_name, definition) => {
  test("ends the same wherever the process dies, each effect once", async () => {
    const whole = await run(definition, null);
    expect(whole).toMatchObject({ status: "succeeded", outcome: "completed", doubts: 0 });
    const points = (["store", "world"] as const).flatMap((where) =>
      Array.from({ length: whole.points[where] }, (_, index) =>
        (["before", "after"] as const).map((when): Point => ({ where, number: index + 1, when })),
      ).flat(),
    );
    expect(points.length).toBeGreaterThan(20);
    for (const point of points) {
      const finished = await run(definition, point);
      const { status, outcome, effects, cards } = finished;
      const label = JSON.stringify(point);
      expect({ status, outcome, effects, cards }, label).toEqual({
        status: whole.status,
        outcome: whole.outcome,
        effects: whole.effects,
        cards: whole.cards,
      });
      expect(finished.doubts, label).toBeLessThanOrEqual(1);
    }
  });
});
