/**
 * Places under a key: `overlap` of a flow and customer, and `concurrency`. Each key is one record, changed by a condition on
 * its revision (D2), so two processes never give the same place away.
 *
 * - P1. A holder that has ended holds nothing, whether or not it gave its place back: so `overlap: skip` costs one write a
 *   start. Where others queue, the place is given back before the execution is closed, and a crash in between repeats it.
 * - P2. A place is taken before its execution exists; one whose execution never came to be is free after a minute.
 * - P3. First come, first served.
 * - P4. Who gives a place on may die before it has said so, or before who waits has come to be. So whoever queues looks again
 *   by itself, ever less often.
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { Slots as SlotsRecord } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";

/** How long after taking its place an execution must exist. */
export const graceToComeMs = 60_000;
const longestPauseMs = 3_600_000;

/** When one that queues looks again (P4): after 1, 2, 4 … minutes of waiting, then hourly. */
export function nextLook({ since, now }: { since: number; now: number }): number {
  let waited = graceToComeMs;
  while (since + waited <= now) waited += Math.min(waited, longestPauseMs);
  return since + waited;
}

export type Taken =
  | { kind: "held" }
  /** `by`: one of those that hold what is wanted. */
  | { kind: "taken"; by: string }
  | { kind: "queued" };

export class Slots {
  readonly #context: Pick<EngineContext, "store" | "clock">;

  constructor(context: Pick<EngineContext, "store" | "clock">) {
    this.#context = context;
  }

  async take(wanted: { key: string; limit: number; executionId: string; queues: boolean }): Promise<Taken> {
    const { key, limit, executionId, queues } = wanted;
    for (;;) {
      const known = await this.#read(key);
      if (known.holders.some((holder) => holder.execution_id === executionId)) return { kind: "held" };
      if (known.queue.includes(executionId)) return { kind: "queued" };
      const holders = await this.#living(known);
      const isFree = holders.length < limit && (known.queue.length === 0 || !queues);
      if (!isFree && !queues) return { kind: "taken", by: holders[0]?.execution_id ?? known.queue[0] ?? "" };
      const since = this.#context.clock.now();
      const next = isFree
        ? { holders: [...holders, { execution_id: executionId, since }], queue: known.queue }
        : { holders, queue: [...known.queue, executionId] };
      if (await this.#write(known, next)) return isFree ? { kind: "held" } : { kind: "queued" };
    }
  }

  /** Gives the place back, or up; says who has one now and may not know it yet. */
  async release({ key, limit, executionId }: { key: string; limit: number; executionId: string }): Promise<string[]> {
    for (;;) {
      const known = await this.#read(key);
      const holders = (await this.#living(known)).filter((holder) => holder.execution_id !== executionId);
      const waiting = known.queue.filter((id) => id !== executionId);
      const since = this.#context.clock.now();
      const free = Math.max(0, limit - holders.length);
      const moved = waiting.slice(0, free).map((execution_id) => ({ execution_id, since }));
      const next = { holders: [...holders, ...moved], queue: waiting.slice(free) };
      const isSame = next.holders.length === known.holders.length && moved.length === 0;
      if (isSame && next.queue.length === known.queue.length) return next.holders.map(idOf);
      if (await this.#write(known, next)) return next.holders.map(idOf);
    }
  }

  async #read(key: string): Promise<SlotsRecord> {
    return (await this.#context.store.getSlots({ key })) ?? { key, holders: [], queue: [], revision: 0 };
  }

  #write(known: SlotsRecord, next: Pick<SlotsRecord, "holders" | "queue">): Promise<boolean> {
    return this.#context.store.putSlots({ slots: { key: known.key, ...next, revision: known.revision + 1 } });
  }

  /** Those whose execution runs, or may still come to be (P1, P2). */
  async #living({ holders }: SlotsRecord): Promise<SlotsRecord["holders"]> {
    const now = this.#context.clock.now();
    const living = await Promise.all(
      holders.map(async (holder) => {
        const header = await this.#context.store.getHeader({ executionId: holder.execution_id });
        return header === null ? now - holder.since < graceToComeMs : header.status === "running";
      }),
    );
    return holders.filter((_holder, index) => living[index] === true);
  }
}

function idOf({ execution_id }: SlotsRecord["holders"][number]): string {
  return execution_id;
}

export function overlapKey({ flowId, customerId }: { flowId: string; customerId: string }): string {
  return `overlap/${flowId}/${customerId}`;
}

export function concurrencyKey({ flowId, value }: { flowId: string; value: string }): string {
  return `concurrency/${flowId}/${value}`;
}

export interface Place {
  key: string;
  limit: number;
}

/** Those that others may be waiting for (P1). */
export function releasedSlots(state: ExecutionState): Place[] {
  const mayQueue = state.definition.triggers.some(({ overlap }) => overlap === "queue");
  const keys = state.slots.filter((key) => isConcurrency(key) || mayQueue);
  return keys.map((key) => placeOf(state, key));
}

/** Those that it waits for itself. */
export function queuedSlots(state: ExecutionState): Place[] {
  return (state.queued?.keys ?? []).map((key) => placeOf(state, key));
}

function placeOf({ definition }: ExecutionState, key: string): Place {
  return { key, limit: isConcurrency(key) ? (definition.concurrency?.limit ?? 1) : 1 };
}

function isConcurrency(key: string): boolean {
  return key.startsWith("concurrency/");
}
