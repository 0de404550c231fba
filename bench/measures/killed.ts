/** Executions killed with kill -9 at half, ended by the next process. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { figuresOf, startChild } from "../child.ts";
import type { Measure } from "../measure.ts";
import { bareWrites, writesOfOne } from "./bare.ts";

export const killed: Measure = {
  name: "killed_at_half",
  about:
    "1,000 executions, killed with kill -9 when half of the steps have begun, ended by the next process; the floor reads half of the rows and writes the other half",
  figures: [
    { name: "done_after", unit: "s from the store's opening", goal: { atMost: 1 }, floor: "bare_done_after" },
    { name: "completed_repeated", unit: "completed steps begun again", goal: { atMost: 0 } },
    { name: "in_flight", unit: "steps in flight, begun again" },
  ],
  run: async ({ folder, sizes: { killed: flows } }) => {
    const { length: writes } = (await writesOfOne()).later;
    const bare = await bareWrites(folder, { flows, atOnce: flows, done: Math.ceil(writes / 2) });
    const stored = join(folder, "stored");
    await mkdir(stored);
    await killAtHalf({ path: join(stored, "half.db"), flows });
    const copy = join(folder, "copy");
    await cp(stored, copy, { recursive: true });
    const options = { part: "finish", path: join(stored, "half.db"), flows, copy: join(copy, "half.db") };
    const ours = await figuresOf("half.ts", options);
    if (ours["ended"] !== ours["started"]) throw new Error(`${ours["ended"]} of ${ours["started"]} executions ended`);
    return {
      done_after: ours["seconds"] ?? NaN,
      completed_repeated: ours["completed_repeated"] ?? NaN,
      in_flight: ours["in_flight"] ?? NaN,
      bare_done_after: bare["seconds"] ?? NaN,
    };
  },
};

async function killAtHalf(options: { path: string; flows: number }): Promise<void> {
  const child = startChild("half.ts", { part: "begin", ...options });
  for await (const line of child.lines) if (line === "half") child.kill();
  await child.ended;
}
