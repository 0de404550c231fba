/** The flow of five steps: many at once, one alone, and how often it writes. */
import { join } from "node:path";
import { figuresOf } from "../child.ts";
import { stepsPerFlow } from "../flows.ts";
import type { Measure } from "../measure.ts";
import { bareWrites, writesOfOne } from "./bare.ts";

/** Bare writes are so quick that one round of them is no measure. */
const bareRounds = 10;

export const burst: Measure = {
  name: "burst",
  about: "2,000 executions of five steps started at once, each step durable before the next",
  figures: [
    { name: "flows_per_second", unit: "flows/s", goal: { atLeast: 5_000 }, floor: "bare_flows_per_second" },
    { name: "cpu_per_1000_steps", unit: "CPU s per 1,000 steps", goal: { atMost: 0.05 }, floor: "bare_cpu" },
    { name: "peak_memory", unit: "MiB", floor: "bare_memory" },
  ],
  run: async ({ folder, sizes: { burst: flows } }) => {
    const bare = await bareWrites(folder, { flows: flows * bareRounds, atOnce: flows });
    const ours = await figuresOf("burst.ts", { path: join(folder, "burst.db"), flows });
    return {
      ...ours,
      bare_flows_per_second: bare["flows_per_second"] ?? NaN,
      bare_cpu: bare["cpu_per_1000_steps"] ?? NaN,
      bare_memory: bare["peak_memory"] ?? NaN,
    };
  },
};

export const alone: Measure = {
  name: "alone",
  about:
    "one such execution after another, from the start's request to its end; the floor is its writes as single commits",
  figures: [
    { name: "p50", unit: "ms", goal: { atMost: 2 }, floor: "bare_p50" },
    { name: "p99", unit: "ms at the 99th percentile" },
  ],
  run: async ({ folder, sizes: { alone: flows } }) => {
    const bare = await bareWrites(folder, { flows: 1, atOnce: 1, single: flows });
    const ours = await figuresOf("alone.ts", { path: join(folder, "alone.db"), flows });
    return { ...ours, bare_p50: bare["alone"] ?? NaN };
  },
};

export const tenThousand: Measure = {
  name: "ten_thousand",
  about: "10,000 such executions at once",
  figures: [
    { name: "seconds", unit: "s", goal: { atMost: 3 }, floor: "bare_seconds" },
    { name: "peak_memory", unit: "MiB", goal: { atMost: 300 }, floor: "bare_memory" },
  ],
  run: async ({ folder, sizes: { tenThousand: flows } }) => {
    const bare = await bareWrites(folder, { flows, atOnce: flows });
    const ours = await figuresOf("burst.ts", { path: join(folder, "many.db"), flows });
    return { ...ours, bare_seconds: bare["seconds"] ?? NaN, bare_memory: bare["peak_memory"] ?? NaN };
  },
};

export const writeRequests: Measure = {
  name: "write_requests",
  about: "how often one such execution asks its SQLite store to write (D6)",
  figures: [{ name: "requests", unit: "write requests", goal: { atMost: stepsPerFlow + 3 } }],
  run: async () => {
    const { length: requests } = (await writesOfOne()).first;
    return { requests };
  },
};
