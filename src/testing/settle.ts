/** Until nothing moves by itself: the clock goes on to each retry, and no further. */
import { moveThrough } from "./move-through.ts";
import type { TestEngine } from "./test-engine.ts";
import { TestError } from "./test-error.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** No step is retried more often, and a flow that never rests would hold the test for ever. */
const mostRetries = 1_000;

export async function settle(
  parameters: Pick<TestEngine, "engine" | "store"> & { clock: VirtualClock },
): Promise<void> {
  const { engine, store, clock } = parameters;
  await engine.idle();
  for (let tries = 0; tries < mostRetries; tries += 1) {
    const { items } = await store.list({ filter: { status: "running" }, limit: 10_000 });
    const retries = items.flatMap(({ waiting_for }) => waiting_for.filter(({ kind }) => kind === "retry"));
    const next = Math.min(...retries.map(({ until }) => until ?? Infinity));
    if (next === Infinity) return;
    await moveThrough({ engine, clock, to: Math.max(next, clock.now()) });
  }
  throw new TestError(`A step was tried ${mostRetries.toLocaleString("en-US")} times and is tried again.`);
}
