/** `child.ts PEER PART OPTIONS`: one engine's process. Its last line holds its figures, as JSON. */
import { appendFileSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { percentile, upward } from "../range.ts";
import type { ChildOptions } from "./child-options.ts";
import { type OpenApp, stepsPerFlow } from "./flow.ts";
import { cpuSeconds } from "./processes.ts";

const warmUp = 50;
const patienceMs = 300_000;

const apps: Record<string, () => Promise<OpenApp>> = {
  bullmq: async () => (await import("./apps/bullmq.ts")).openBullMq,
  restate: async () => (await import("./apps/restate.ts")).openRestate,
  dbos: async () => (await import("./apps/dbos.ts")).openDbos,
};

const [peer = "", part = "", given = "{}"] = process.argv.slice(2);
const { place, serverPid, count, journal }: ChildOptions = JSON.parse(given);
const journals = part === "begin" || part === "finish";
let steps = 0;
const open = await apps[peer]?.();
if (open === undefined) throw new Error(`There is no peer ${peer}.`);
const accepted = new Set(part === "finish" ? linesOf("accepted ") : []);
/** Of those that the killed process had accepted. */
const left = new Set(accepted);
if (part === "finish") for (const id of linesOf("ended ")) left.delete(id);
const allEnded = Promise.withResolvers<void>();
if (left.size === 0) allEnded.resolve();
const opening = performance.now();
const app = await open(place, {
  step: (id, number) => {
    steps += 1;
    note(`step ${id}/${number}`);
  },
  ended: (id) => {
    note(`ended ${id}`);
    if (left.delete(id) && left.size === 0) allEnded.resolve();
  },
});
// A server that calls this process is told where it is, once.
console.log("open");
await new Promise((resolve) => process.stdin.once("data", resolve));

switch (part) {
  case "burst": {
    await app.run(names(warmUp, "warm"));
    const cpuBefore = await cpuOfAll();
    const begin = performance.now();
    await app.run(names(count, "flow"));
    const seconds = (performance.now() - begin) / 1_000;
    const cpu = (await cpuOfAll()) - cpuBefore;
    tell({ seconds, flows_per_second: count / seconds, cpu_per_1000_steps: (cpu / (count * stepsPerFlow)) * 1_000 });
    break;
  }
  case "alone": {
    const times: number[] = [];
    for (const id of [...names(warmUp, "warm"), ...names(count, "alone")]) {
      const begin = performance.now();
      await app.run([id]);
      if (id.startsWith("alone")) times.push(performance.now() - begin);
    }
    tell({ alone: percentile(upward(times), 50) });
    break;
  }
  case "begin": {
    const watch = setInterval(() => {
      if (steps < (count * stepsPerFlow) / 2) return;
      clearInterval(watch);
      console.log("half");
    }, 1);
    await app.begin(names(count, "flow"), (id) => note(`accepted ${id}`));
    await pause(patienceMs);
    break;
  }
  case "finish": {
    const late = pause(patienceMs, null, { ref: false }).then(() =>
      Promise.reject(new Error("What was killed did not end.")),
    );
    await Promise.race([allEnded.promise, late]);
    const done_after = (performance.now() - opening) / 1_000;
    const begun = linesOf("step ");
    tell({ done_after, accepted: accepted.size, steps_begun_twice: begun.length - new Set(begun).size });
    break;
  }
  default:
    throw new Error(`There is no part ${part}.`);
}
await app.close();
process.exit(0);

function names(many: number, prefix: string): string[] {
  return Array.from({ length: many }, (_, index) => `${prefix}-${index}`);
}

/** At once, so that it outlives a kill. */
function note(line: string): void {
  if (journals) appendFileSync(journal, `${line}\n`);
}

function linesOf(prefix: string): string[] {
  const lines = readFileSync(journal, "utf8").split("\n");
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}

/** Of this process and the server. */
async function cpuOfAll(): Promise<number> {
  const own = await cpuSeconds(process.pid);
  return own + (serverPid === null ? 0 : await cpuSeconds(serverPid));
}

function tell(figures: Record<string, number>): void {
  console.log(JSON.stringify(figures));
}
