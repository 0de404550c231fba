/** Child: so many executions started at once, each to its end. */
import { z } from "zod";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { stepsPerFlow } from "../flows.ts";

/** What a process does for the first time takes longer. */
const warmUp = 50;

const { path, flows } = optionsOf(z.strictObject({ path: z.string(), flows: z.number() }));
const bench = await startBenchEngine({ store: await openSqliteStateStore({ path }) });
await startMany(bench, warmUp);
await bench.engine.idle();

const before = process.cpuUsage();
const begin = performance.now();
await startMany(bench, flows);
await bench.engine.idle();
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
const { length: ended } = await bench.engine.list({ status: "succeeded", limit: 2 * (flows + warmUp) });
await bench.close();
if (ended !== flows + warmUp) throw new Error(`${ended} of ${flows + warmUp} executions ended well`);
console.log(
  JSON.stringify({
    flows_per_second: flows / seconds,
    seconds,
    cpu_per_1000_steps: ((user + system) / 1e6 / (flows * stepsPerFlow)) * 1000,
    peak_memory: process.resourceUsage().maxRSS / 1024,
  }),
);
