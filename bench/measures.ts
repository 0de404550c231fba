/** What `npm run bench` measures. */
import { join } from "node:path";
import { acknowledgeUnderLoad } from "./acknowledge.ts";
import { startApp } from "./app.ts";
import { figuresOf, inFolder, startChild } from "./child.ts";
import type { Measure } from "./measure.ts";
import { stepsPerFlow } from "./no-op-engine.ts";
import { z } from "zod";

const Finish = z.object({ seconds: z.number(), ended: z.number(), attempts: z.number() });
const killed = 1_000;

export const measures: readonly Measure[] = [
  {
    name: "bare_writes",
    about: "SQLite, fsync, group commit: seven rows a flow and nothing else; what the machine's disk allows",
    units: { flows_per_second: "flows/s", alone: "ms for seven single commits" },
    goals: {},
    run: () => inFolder((folder) => figuresOf("bare-writes.ts", [join(folder, "bare.db")])),
  },
  {
    name: "burst",
    about: "2,000 executions of five steps started at once, each step durable before the next",
    units: { flows_per_second: "flows/s", cpu_per_1000_steps: "CPU s per 1,000 steps", peak_memory: "MiB" },
    goals: { flows_per_second: "5,000", cpu_per_1000_steps: "0.05" },
    run: () =>
      inFolder(async (folder) => pick(await figuresOf("burst.ts", [join(folder, "burst.db"), "2000"]), "seconds")),
  },
  {
    name: "alone",
    about: "one such execution after another",
    units: { p50: "ms", p99: "ms" },
    goals: { p50: "2" },
    run: () => inFolder((folder) => figuresOf("alone.ts", [join(folder, "alone.db")])),
  },
  {
    name: "killed_at_half",
    about: "1,000 executions, killed with kill -9 when half of the steps have begun, finished by the next process",
    units: { done_after: "s from the store's opening", steps_repeated: "steps begun twice" },
    goals: { done_after: "1" },
    run: () => inFolder(killAtHalf),
  },
  {
    name: "ten_thousand",
    about: "10,000 executions at once",
    units: { seconds: "s", peak_memory: "MiB" },
    goals: { seconds: "3", peak_memory: "300" },
    run: () =>
      inFolder(async (folder) => {
        const figures = await figuresOf("burst.ts", [join(folder, "many.db"), "10000"]);
        return pick(figures, "flows_per_second", "cpu_per_1000_steps");
      }),
  },
  {
    name: "start",
    about: "`npm start` without npm: from the process to the page served whole, on a fresh folder",
    units: { page: "ms" },
    goals: { page: "2,000" },
    run: () =>
      inFolder(async (folder) => {
        const app = await startApp({ REVOPS_STATE: `sqlite:${join(folder, "revops.db")}` });
        await app.stop();
        return { page: app.startMs };
      }),
  },
  {
    name: "acknowledge",
    about: "`/revops help` over Socket Mode while 2,000 executions run in the same process, the sandbox included",
    units: { p50: "ms", p99: "ms", quiet_p50: "ms with nothing running", commands: "commands" },
    goals: { p99: "250" },
    run: () => inFolder(acknowledgeUnderLoad),
  },
];

export const notMeasured = [
  "peers (BullMQ, Restate, OpenWorkflow, DBOS): they need servers of their own; their figures stand in no run of ours",
  "100,000 parked executions, a firing over 10,000 customers, DynamoDB: not yet",
];

function pick(figures: Record<string, number>, ...without: string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([name]) => !without.includes(name)));
}

async function killAtHalf(folder: string): Promise<Record<string, number>> {
  const path = join(folder, "half.db");
  const child = startChild("half.ts", [path, String(killed), "begin"]);
  let begun = 0;
  for await (const line of child.lines) {
    if (!line.startsWith("half ")) break;
    begun = Number(line.slice("half ".length));
    child.kill();
  }
  await child.ended;
  const finish = Finish.parse(await figuresOf("half.ts", [path, String(killed), "finish"]));
  if (finish.ended !== killed) throw new Error(`${finish.ended} of ${killed} executions ended`);
  return { done_after: finish.seconds, steps_repeated: begun + finish.attempts - killed * stepsPerFlow };
}
