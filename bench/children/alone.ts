/** Child: one execution after another, nothing else under way. */
import { z } from "zod";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { percentile, upward } from "../range.ts";

const warmUp = 50;

const { path, flows } = optionsOf(z.strictObject({ path: z.string(), flows: z.number() }));
const bench = await startBenchEngine({ store: await openSqliteStateStore({ path }) });
const times: number[] = [];
for (let index = 0; index < flows + warmUp; index += 1) {
  const begin = performance.now();
  await startMany(bench, 1);
  await bench.engine.idle();
  if (index >= warmUp) times.push(performance.now() - begin);
}
await bench.close();
const sorted = upward(times);
console.log(JSON.stringify({ p50: percentile(sorted, 50), p99: percentile(sorted, 99) }));
