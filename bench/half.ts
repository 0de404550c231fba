/**
 * Child: executions that are killed at half, and the process that finishes them.
 * Arguments: the store's file, how many, `begin` (says "half" when half of the steps have begun) or `finish`.
 */
import { startMany, startNoOpEngine, stepsPerFlow } from "./no-op-engine.ts";

const [path = "", count = "1000", part = "begin"] = process.argv.slice(2);
const many = Number(count);
const opening = performance.now();
const bench = await startNoOpEngine(path);
if (part === "begin") {
  const half = (many * stepsPerFlow) / 2;
  const watch = setInterval(() => {
    if (bench.attempts() < half) return;
    clearInterval(watch);
    console.log(`half ${bench.attempts()}`);
  }, 1);
  await startMany(bench, many);
}
await bench.engine.idle();
const seconds = (performance.now() - opening) / 1000;
const { length: ended } = await bench.engine.list({ status: "succeeded", limit: many * 2 });
const attempts = bench.attempts();
await bench.close();
console.log(JSON.stringify({ seconds, ended, attempts }));
