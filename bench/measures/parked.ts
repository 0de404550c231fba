/** A store full of executions that wait for people and for times. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { startApp } from "../app.ts";
import { figuresOf } from "../child.ts";
import type { Measure } from "../measure.ts";

export const parked: Measure = {
  name: "parked",
  about:
    "100,000 executions that wait, half for an approval, half for a time, and a new process; the floor is the same on an empty store",
  figures: [
    { name: "start", unit: "s from the process to the engine's first tick", goal: { atMost: 2 }, floor: "empty_start" },
    { name: "peak_memory", unit: "MiB", goal: { atMost: 400 }, floor: "empty_memory" },
    { name: "idle_tick", unit: "ms for a tick with nothing due", goal: { atMost: 5 }, floor: "empty_tick" },
    { name: "idle_tick_p99", unit: "ms for such a tick at the 99th percentile" },
    { name: "app", unit: "s to the sandbox's page, served whole by the app on that store" },
  ],
  prepare: async ({ prepared, sizes: { parked: flows } }) => {
    await figuresOf("parked-build.ts", { path: join(prepared, "parked.db"), flows });
  },
  run: async ({ folder, prepared, sizes: { idleTicks: ticks } }) => {
    const empty = await figuresOf("parked.ts", { path: join(folder, "empty.db"), ticks });
    const ours = await figuresOf("parked.ts", { path: join(prepared, "parked.db"), ticks });
    // The app takes over what it finds; the next run is to find the same.
    const copy = join(folder, "app");
    await cp(prepared, copy, { recursive: true });
    const app = await startApp({ REVOPS_STATE: `sqlite:${join(copy, "parked.db")}` });
    await app.stop();
    return {
      ...ours,
      app: app.startMs / 1_000,
      empty_start: empty["start"] ?? NaN,
      empty_memory: empty["peak_memory"] ?? NaN,
      empty_tick: empty["idle_tick"] ?? NaN,
    };
  },
};
