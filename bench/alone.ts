/** Child: one execution after another, nothing else under way. Arguments: the store's file, how many. */
import { percentile } from "./measure.ts";
import { flowId, startNoOpEngine } from "./no-op-engine.ts";

const [path = "", count = "300"] = process.argv.slice(2);
const bench = await startNoOpEngine(path);
const times: number[] = [];
for (let index = 0; index < Number(count) + 50; index += 1) {
  const begin = performance.now();
  await bench.engine.start({ flowId, input: {}, person: null });
  await bench.engine.idle();
  if (index >= 50) times.push(performance.now() - begin);
}
await bench.close();
const sorted = times.toSorted((one, other) => one - other);
console.log(JSON.stringify({ p50: percentile(sorted, 50), p99: percentile(sorted, 99) }));
