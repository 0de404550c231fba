/**
 * The process dies at every point: before and after each write of the store, before and after each effect and card.
 * A new process finishes the work; the end must be that of the uninterrupted run (D1-D3, E1, E2).
 */
import { personKey } from "../../src/engine/contact-governor.ts";
import type { EffectKind } from "../../src/flow/effect.ts";
import type { ExecutionEvent } from "../../src/flow/event.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { CrashError, faultyStore, type Fault } from "../state/faulty-store.ts";
import type { Life, SweptFlow } from "./crash-flows.ts";
import { kill, startHarness, type Harness } from "./harness.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { lead, World, type Process } from "./world.ts";

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
  /** Each kind of effect of which somebody was asked whether it arrived. */
  doubted: EffectKind[];
  /** What became of each step, who voted, and how it ended: each as often as it stands in the history. */
  history: Record<string, number>;
  /** Of each open case: how it stands, and after how many findings. */
  cases: Record<string, number>;
  /** Effects that count as having reached the one whom they all go to. */
  contacts: number;
  /** What the last process complained of. */
  logged: string[];
  points: { store: number; world: number };
}

interface Lived {
  executionId: string;
  doubted: EffectKind[];
  logged: string[];
}

const begin = new VirtualClock().now();
const minute = 60_000;
const dayMs = 24 * 60 * minute;
const notice = "/#failure";

/** Begun again it says the same: starts and votes are known by their keys, and time doesn't go back. */
async function live(harness: Harness, { start, votes, days }: Life): Promise<Lived> {
  const { engine, world } = harness;
  const executionId = await start(engine);
  await harness.moveTo(harness.clock.now() + minute);
  for (const vote of votes) await engine.decide({ executionId, version: 1, ...vote });
  for (const at of [begin, ...days.map((day) => begin + day * dayMs)]) {
    await harness.moveTo(at);
    // A mail in doubt may hold up others: each death is answered for, and what follows may ask again.
    for (let round = 0; round < 3; round += 1) {
      await harness.moveTo(harness.clock.now() + 2 * minute);
      await answerDoubts(harness);
    }
  }
  await harness.moveTo(harness.clock.now() + 2 * minute);
  return { executionId, doubted: world.card("doubt").map(({ effect }) => effect.effect.kind), logged: harness.logged };
}

async function answerDoubts({ engine, world }: Harness): Promise<void> {
  const open = world.card("doubt").filter(({ resolved }) => resolved === null);
  for (const { effectKey } of open) {
    const answer = world.count(effectKey) > 0 ? "arrived" : "send_again";
    await engine.resolveDoubt({ effectKey, person: lead, answer });
  }
}

export async function liveAndDie({ flows, contacts, life }: SweptFlow, point: Point | null): Promise<Finish> {
  const store = new MemoryStateStore();
  const world = new World();
  const clock = new VirtualClock();
  const fail = ({ number }: { number: number }): Fault =>
    point?.where === "store" && point.number === number ? point.when : null;
  const faulty = faultyStore({ store, fail });
  const first = mortalProcess(point);
  const { customers, fires } = life;
  const parts = { flows, fires, customers, world, clock, ...(contacts === undefined ? {} : { contacts }) };
  const before = startHarness({ ...parts, agents: life.agents(faulty), store: faulty, process: first.process });
  const lived = before
    .then((harness) => live(harness, life))
    .catch((error: unknown) => {
      if (error instanceof CrashError) return "crashed" as const;
      throw error;
    });
  // A write that nobody awaits may be the one that kills it.
  const death = Promise.race([faulty.death, first.death]).then(() => "crashed" as const);
  let ended = await Promise.race([lived, death]);
  if (ended === "crashed") {
    first.process.alive = false;
    if (!faulty.crashed()) await kill(await before);
    const next = await startHarness({ ...parts, agents: life.agents(store), store, seed: 2 });
    ended = await live(next, life);
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
  const { executionId, doubted, logged } = parameters.ended;
  const header = await store.getHeader({ executionId });
  const log = await store.readLog({ executionId, after: 0 });
  const cases = await store.listCases({ filter: { open: true }, limit: 100 });
  return {
    status: header?.status ?? "none",
    outcome: header?.outcome ?? null,
    effects: tally(world.effects.map(({ key }) => strip(key)).filter((key) => key !== notice)),
    notices: world.effects.filter(({ key }) => strip(key) === notice).length,
    cards: tally([...world.posts, ...world.replies].filter((key) => !key.endsWith("#doubt")).map(strip)),
    doubted,
    history: tally(log.flatMap(({ events }) => events.flatMap(resultOf))),
    cases: Object.fromEntries(cases.items.map((one) => [`${one.reason} ${one.status}`, one.findings.length])),
    contacts: (await store.getSlots({ key: personKey("dana@example.com") }))?.holders.length ?? 0,
    logged,
    points,
  };
}

/** What every life says the same; attempts and take-overs are a life's own. */
function resultOf(event: ExecutionEvent): string[] {
  const { type } = event;
  if (type === "step_succeeded") {
    return [`${type} ${event.step_id} ${event.part ?? ""} ${withoutTimes(JSON.stringify(event.output))}`];
  }
  if (type === "step_failed" || type === "flow_ended") return [`${type} ${event.step_id} ${event.part ?? ""}`];
  if (type === "step_skipped") return [`${type} ${event.step_id} ${event.reason}`];
  if (type === "wait_ended") return [`${type} ${event.step_id}`];
  if (type === "vote_cast") return [`${type} ${event.step_id} ${event.decision} ${event.by.user_id}`];
  if (type === "approval_ended") return [`${type} ${event.step_id} ${event.status}`];
  return type === "execution_succeeded" || type === "execution_failed" ? [type] : [];
}

/** A new process may be a minute or two later; days stay. */
function withoutTimes(text: string): string {
  return text.replaceAll(/T\d\d:\d\d:\d\d\.\d{3}Z/g, "");
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
