/** Child: so many executions started at once, each to its end. Arguments: the store's file, how many. */
import { startMany, startNoOpEngine, stepsPerFlow } from "./no-op-engine.ts";

const [path = "", count = "2000"] = process.argv.slice(2);
const many = Number(count);
const bench = await startNoOpEngine(path);
await startMany(bench, 50);
await bench.engine.idle();

const before = process.cpuUsage();
const begin = performance.now();
await startMany(bench, many);
await bench.engine.idle();
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
await bench.close();
const cpuSeconds = (user + system) / 1e6;
console.log(
  JSON.stringify({
    flows_per_second: many / seconds,
    seconds,
    cpu_per_1000_steps: (cpuSeconds / (many * stepsPerFlow)) * 1000,
    peak_memory: process.resourceUsage().maxRSS / 1024,
  }),
);
