/**
 * The process dies at every point: before and after each write of the store, before and after each effect and card.
 * A new process finishes the work; the end must be that of the uninterrupted run (D1-D3, E1, E2).
 */
import { personKey } from "../../src/engine/contact-governor.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { CrashError, faultyStore, type Fault } from "../state/faulty-store.ts";
import type { SweptFlow } from "./crash-flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { scriptedAgents } from "./scripted-agents.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { dana, lead, World, type Process } from "./world.ts";

export interface Point {
  where: "store" | "world";
  number: number;
  when: "before" | "after";
}

export interface Finish {
  status: string;
  outcome: string | null;
  effects: Record<string, number>;
  /** The mail about a failure is never sent on a doubt: the failure's card stands in any case. */
  notices: number;
  cards: Record<string, number>;
  doubts: number;
  /** Effects that count as having reached the one whom they all go to. */
  contacts: number;
  /** What the last process complained of. */
  logged: string[];
  points: { store: number; world: number };
}

interface Lived {
  executionId: string;
  doubts: number;
  logged: string[];
}

const minute = 60_000;
const notice = "/#failure";

/** What people and the clock do: start (again with the same key), approve what is asked, answer doubts truthfully. */
async function live(harness: Harness): Promise<Lived> {
  const { engine, world } = harness;
  const input = { customer_id: "acme" };
  const { executionId } = await engine.start({ flowId: "renewal", input, person: null, startKey: "k" });
  await harness.moveTo(harness.clock.now() + minute);
  await engine.decide({ executionId, stepId: "approve", version: 1, person: dana, decision: "approve", reason: null });
  // A mail in doubt may hold up others: each death is answered for, and what follows may ask again.
  for (let round = 0; round < 3; round += 1) {
    await harness.moveTo(harness.clock.now() + 2 * minute);
    await answerDoubts(harness);
  }
  await harness.moveTo(harness.clock.now() + 2 * minute);
  return { executionId, doubts: world.card("doubt").length, logged: harness.logged };
}

async function answerDoubts({ engine, world }: Harness): Promise<void> {
  const open = world.card("doubt").filter(({ resolved }) => resolved === null);
  for (const { effectKey } of open) {
    const answer = world.count(effectKey) > 0 ? "arrived" : "send_again";
    await engine.resolveDoubt({ effectKey, person: lead, answer });
  }
}

function failing(cause: string): never {
  throw new FailureError({ error: "Input.Invalid", cause });
}
const agents = scriptedAgents({ shaky: () => failing("shaky"), broken: () => failing("broken") });

export async function liveAndDie({ flows, contacts }: SweptFlow, point: Point | null): Promise<Finish> {
  const store = new MemoryStateStore();
  const world = new World();
  const clock = new VirtualClock();
  const fail = ({ number }: { number: number }): Fault =>
    point?.where === "store" && point.number === number ? point.when : null;
  const faulty = faultyStore({ store, fail });
  const first = mortalProcess(point);
  const parts = { flows, agents, world, clock, ...(contacts === undefined ? {} : { contacts }) };
  const before = startHarness({ ...parts, store: faulty, process: first.process });
  const life = before.then(live).catch((error: unknown) => {
    if (error instanceof CrashError) return "crashed" as const;
    throw error;
  });
  // A write that nobody awaits may be the one that kills it.
  const death = Promise.race([faulty.death, first.death]).then(() => "crashed" as const);
  let ended = await Promise.race([life, death]);
  if (ended === "crashed") {
    first.process.alive = false;
    if (!faulty.crashed()) await kill(await before);
    const next = await startHarness({ ...parts, store, seed: 2 });
    ended = await live(next);
  }
  const points = { store: faulty.writes(), world: first.steps() };
  return finish({ store, world, ended, points });
}

/** Counts what reaches the world, and dies at its point. */
function mortalProcess(point: Point | null): { process: Process; death: Promise<void>; steps: () => number } {
  let steps = 0;
  const { promise: death, resolve: die } = Promise.withResolvers<void>();
  const process: Process = {
    alive: true,
    step: (_name, when) => {
      if (when === "before") steps += 1;
      if (point?.where !== "world" || point.number !== steps || point.when !== when) return;
      process.alive = false;
      die();
    },
  };
  return { process, death, steps: () => steps };
}

/** Sub-flows have ids of their own, which derive from the first one's. */
function strip(key: string): string {
  return key.replace(/^[^/#]+/, "").replace(/#\d+$/, "");
}

async function finish(parameters: {
  store: MemoryStateStore;
  world: World;
  ended: Lived;
  points: Finish["points"];
}): Promise<Finish> {
  const { store, world, points } = parameters;
  const { executionId, doubts, logged } = parameters.ended;
  const header = await store.getHeader({ executionId });
  return {
    status: header?.status ?? "none",
    outcome: header?.outcome ?? null,
    effects: tally(world.effects.map(({ key }) => strip(key)).filter((key) => key !== notice)),
    notices: world.effects.filter(({ key }) => strip(key) === notice).length,
    cards: tally([...world.posts, ...world.replies].filter((key) => !key.endsWith("#doubt")).map(strip)),
    doubts,
    contacts: (await store.getSlots({ key: personKey("dana@example.com") }))?.holders.length ?? 0,
    logged,
    points,
  };
}

function tally(keys: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys.toSorted()) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** Before and after each write of the store, and each step into the world, that the uninterrupted life had. */
export function pointsOf({ points }: Finish): Point[] {
  return (["store", "world"] as const).flatMap((where) =>
    Array.from({ length: points[where] }, (_, index) =>
      (["before", "after"] as const).map((when): Point => ({ where, number: index + 1, when })),
    ).flat(),
  );
}
