/** The day of three processes: executions are started, people decide, and in every round one process is killed or stands still. */
import { expect } from "vitest";
import { AppClock, systemTime } from "../../src/app/app-clock.ts";
import { Definitions } from "../../src/engine/definitions.ts";
import type { ExecutionState } from "../../src/flow/execution.ts";
import type { ExecutionHeader } from "../../src/flow/record.ts";
import { allWorks } from "../../src/flow/step-state.ts";
import { storedExecution } from "../../src/engine/stored-execution.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { passed, type Draw } from "../scene/moment.ts";
import type { Fleet } from "./fleet.ts";
import type { Journal } from "./journal.ts";
import { startsOf, type Start } from "./mixture.ts";

export interface Plan {
  executions: number;
  rounds: number;
  /** Every so-manieth round one stands still instead of being killed. */
  pauseEach: number;
  pauseMs: number;
  /** From the last start until all have ended. */
  patienceMs: number;
}

export interface Storm {
  fleet: Fleet;
  /** The test's own eyes. */
  store: StateStore;
  journal: Journal;
  draw: Draw;
  plan: Plan;
}

const startsAtOnce = 24;
const latestMs = 1_500;
const pageOf = 1_000;

/** Gives the ids of what was started. */
export async function throughTheStorm(storm: Storm): Promise<string[]> {
  const { executions, rounds } = storm.plan;
  const starts = startsOf(executions);
  const each = Math.ceil(executions / rounds);
  const ids: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const chunk = starts.slice(round * each, (round + 1) * each);
    const [started] = await Promise.all([startAll(storm, chunk), disturb(storm, round)]);
    ids.push(...started);
    await answerAll(storm);
  }
  // What is left names itself where it fails.
  const left = async () => (await answerAll(storm)).map(wordsOf).slice(0, 10);
  await expect.poll(left, { timeout: storm.plan.patienceMs, interval: 500 }).toEqual([]);
  return ids;
}

function wordsOf({ execution_id, flow_id, status, wake_at, owner, waiting_for }: ExecutionHeader): string {
  const waiting = waiting_for.map(({ kind, step_id }) => `${kind} at ${step_id}`).join();
  return `${flow_id} ${execution_id} ${status} waits for ${waiting}, wakes at ${wake_at}, owner ${owner}`;
}

async function startAll({ fleet }: Storm, starts: Start[]): Promise<string[]> {
  const ids: string[] = [];
  const waiting = [...starts];
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      ids.push(await fleet.ask({ kind: "start", ...next }));
  };
  await Promise.all(Array.from({ length: startsAtOnce }, one));
  return ids;
}

async function disturb({ fleet, draw, plan }: Storm, round: number): Promise<void> {
  await passed(draw.integer(0, latestMs));
  if (round % plan.pauseEach === plan.pauseEach - 1) await fleet.pause(plan.pauseMs);
  else await fleet.kill();
}

/** Approves what waits, says truthfully of each doubt whether it arrived; gives what has not ended. */
async function answerAll(storm: Storm): Promise<ExecutionHeader[]> {
  const open = await headers(storm.store, { open: true });
  await Promise.all(
    open.flatMap((header) =>
      header.waiting_for.map(async ({ kind, step_id: stepId }) => {
        const { execution_id: executionId } = header;
        if (kind === "approval") await storm.fleet.ask({ kind: "approve", executionId, stepId });
        if (kind === "doubt") await answerDoubts(storm, header);
      }),
    ),
  );
  return open;
}

async function answerDoubts({ store, fleet, journal }: Storm, header: ExecutionHeader): Promise<void> {
  const arrived = new Set(journal.effects());
  for (const { key, state } of effectsOf(await stateOf(store, header))) {
    if (state.status !== "doubtful") continue;
    await fleet.ask({ kind: "resolve", effectKey: key, answer: arrived.has(key) ? "arrived" : "send_again" });
  }
}

export async function headers(store: StateStore, filter: { open?: boolean } = {}): Promise<ExecutionHeader[]> {
  const all: ExecutionHeader[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await store.list({ filter, limit: pageOf, cursor });
    all.push(...page.items);
    cursor = page.next;
    if (cursor === null) return all;
  }
}

export async function stateOf(store: StateStore, header: ExecutionHeader): Promise<ExecutionState> {
  const definitions = new Definitions({ store, clock: new AppClock(systemTime) });
  const state = await storedExecution({ store, definitions, header });
  if (state === null) throw new Error(`no log of ${header.execution_id}`);
  return state;
}

export function effectsOf(state: ExecutionState) {
  return Object.values(state.steps).flatMap((step) => allWorks(step).flatMap(({ work }) => work.effects ?? []));
}
