/** Child: an engine on a store full of executions that wait: how long it takes to start, what it holds, what an idle tick costs. */
import { z } from "zod";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine } from "../engine.ts";
import { waitsForApproval, waitsForTime } from "../flows.ts";
import { percentile, upward } from "../range.ts";

const { path, ticks } = optionsOf(z.strictObject({ path: z.string(), ticks: z.number() }));
const store = await openSqliteStateStore({ path });
const { engine, close } = await startBenchEngine({ store, flows: [waitsForApproval, waitsForTime] });
await engine.idle();
// Counted from the process's beginning.
const start = performance.now() / 1_000;
const times: number[] = [];
for (let tick = 0; tick < ticks; tick += 1) {
  const begin = performance.now();
  await engine.tick();
  times.push(performance.now() - begin);
}
await close();
const sorted = upward(times);
console.log(
  JSON.stringify({
    start,
    peak_memory: process.resourceUsage().maxRSS / 1024,
    idle_tick: percentile(sorted, 50),
    idle_tick_p99: percentile(sorted, 99),
  }),
);
