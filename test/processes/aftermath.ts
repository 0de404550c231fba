/** What is left when the storm is over: everything that was started has ended well, each effect arrived once, nothing is held. */
import { expect } from "vitest";
import type { ExecutionState } from "../../src/flow/execution.ts";
import { allWorks } from "../../src/flow/step-state.ts";
import { concurrencyKey } from "../../src/engine/slots.ts";
import { customers } from "./mixture.ts";
import { effectsOf, headers, stateOf, type Storm } from "./storm.ts";

export interface Counts {
  executions: number;
  subFlows: number;
  effects: number;
  kills: number;
  pauses: number;
  fenced: number;
  takeOvers: number;
  lostAttempts: number;
  doubts: number;
  sentAgain: number;
  /** Answered "send again" while the first was still on its way. */
  arrivedAfterAll: number;
  /** Cards that stand twice: of a process that stood still in the middle of posting one. */
  cardsAgain: string[];
}

/** `ids`: of what was started by hand. */
export async function expectAllWell(storm: Storm, ids: readonly string[]): Promise<Counts> {
  const { store, journal, fleet, plan } = storm;
  const all = await headers(store);
  const states: ExecutionState[] = [];
  for (const header of all) states.push(await stateOf(store, header));
  const subFlows = all.filter(({ parent_id }) => parent_id !== null);

  // Nothing lost.
  expect(new Set(ids).size).toBe(plan.executions);
  const known = new Set(all.map(({ execution_id }) => execution_id));
  expect(ids.filter((id) => !known.has(id))).toEqual([]);
  expect(all).toHaveLength(plan.executions + subFlows.length);
  const unwell = ({ status, outcome, open }: (typeof all)[number]) =>
    status !== "succeeded" || outcome !== "completed" || open;
  expect(all.filter(unwell)).toEqual([]);
  expect(states.filter(({ status }) => status !== "succeeded").map(({ executionId }) => executionId)).toEqual([]);

  // Nothing twice.
  const effects = states.flatMap(effectsOf);
  const arrived = tally(journal.effects());
  expect([...arrived].filter(([, times]) => times > 1)).toEqual([]);
  const unsent = effects.filter(({ key, state }) => state.status !== "performed" || !arrived.has(key));
  expect(unsent).toEqual([]);
  const resolved = effects.filter(({ resolution }) => resolution !== null);
  const again = resolved.filter(({ resolution }) => resolution?.answer === "send_again");
  const expected = new Set(effects.map(({ key }) => key));
  const beyond = [...arrived.keys()].filter((key) => !expected.has(key));
  const doubted = new Set(again.map(({ key }) => key.replace(/#\d+$/, "")));
  expect(beyond.filter((key) => !doubted.has(key.replace(/#\d+$/, "")))).toEqual([]);

  // Nothing left behind.
  for (const { id } of customers) {
    const slots = await store.getSlots({ key: concurrencyKey({ flowId: "queued", value: id }) });
    expect(slots?.queue ?? []).toEqual([]);
  }
  expect(await store.nextWake()).toBe(null);

  const works = states.flatMap(({ steps }) => Object.values(steps).flatMap((step) => allWorks(step)));
  const attempts = works.flatMap(({ work }) => work.attempts);
  return {
    executions: plan.executions,
    subFlows: subFlows.length,
    effects: effects.length,
    ...fleet.counts,
    takeOvers: states.reduce((sum, { epoch }) => sum + epoch, 0),
    lostAttempts: attempts.filter(({ lost }) => lost).length,
    doubts: resolved.length,
    sentAgain: again.length,
    arrivedAfterAll: beyond.length,
    cardsAgain: [...tally(journal.cards())].filter(([, times]) => times > 1).map(([key]) => key),
  };
}

/** Once all have stopped: whoever drove anything is known to be gone. */
export async function expectNoLeases({ store }: Storm): Promise<void> {
  const owners = new Set((await headers(store)).map(({ owner }) => owner));
  for (const owner of owners) expect({ owner, gone: await store.isGone({ owner }) }).toEqual({ owner, gone: true });
}

function tally(keys: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return times;
}
