/** D6 over any flow in which nothing dies: no execution costs more writes than its log says it may. */
import { expect, test } from "vitest";
import type { StateStore } from "../../../src/state/state-store.ts";
import { countingStore, type CountingStore } from "../../state/faulty-store.ts";
import { checkLaws } from "./check.ts";
import { mayCost } from "./cost-law.ts";

/** Definitions are stored once, places and audit are no part of D6, and retention looks beside the executions. */
const counted = ["create", "append", "putHeader"] as const;

test("what any flow costs in writes (D6)", async () => {
  let store: CountingStore | null = null;
  const given = { shared: (under: { store: StateStore }) => (store = countingStore(under)) };
  let judged = 0;
  await checkLaws({
    hostility: { name: "none", given },
    runs: 12,
    seed: 6,
    onLife: (life) => {
      const counts = store?.counts() ?? {};
      const spent = counted.reduce((sum, method) => sum + (counts[method] ?? 0), 0);
      const logs = [...life.store.written.keys()].map((id) => life.store.eventsOf(id));
      // One that queues looks for its place again and again, which no event tells.
      if (logs.flat().some(({ type }) => type === "execution_queued")) return;
      judged += 1;
      expect(spent).toBeLessThanOrEqual(logs.reduce((sum, events) => sum + mayCost(events), 0));
    },
  });
  expect(judged).toBeGreaterThan(0);
});
