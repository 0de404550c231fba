/**
 * `npm run bench [-- [--json] [--quick] [--runs N] [PEER …]]`: the flow of five steps on other engines, in the columns of
 * DESIGN §7's table. Each part has a server and a process of its own.
 */
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { rangeOf, type Range } from "../range.ts";
import type { ChildOptions } from "./child-options.ts";
import { memoryMiB } from "./processes.ts";
import { startPostgres } from "./servers/postgres.ts";
import { startRedis } from "./servers/redis.ts";
import { startRestate } from "./servers/restate.ts";
import { freePort, type Server } from "./servers/server.ts";

type Figures = Record<string, number>;

interface Peer {
  app: string;
  about: string;
  start(folder: string, port: number): Promise<Server & { register?: (port: number) => Promise<void> }>;
}

const peers: Record<string, Peer> = {
  bullmq_everysec: {
    app: "bullmq",
    about: "BullMQ on Redis, fsync each second",
    start: (folder) => startRedis(folder, "everysec"),
  },
  bullmq_always: {
    app: "bullmq",
    about: "BullMQ on Redis, fsync always",
    start: (folder) => startRedis(folder, "always"),
  },
  restate: { app: "restate", about: "Restate", start: (folder) => startRestate(folder) },
  dbos: { app: "dbos", about: "DBOS on PostgreSQL", start: (folder) => startPostgres(folder) },
};
const sampleMs = 200;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    runs: { type: "string", default: "5" },
  },
});
const runs = Number(values.runs);
const unknown = positionals.filter((name) => !(name in peers));
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(`Usage: npm run bench -- [--json] [--quick] [--runs N] [${Object.keys(peers).join("|")} …]`);
  process.exit(2);
}
const sizes = values.quick
  ? { burst: 50, alone: 20, killed: 50, many: 100 }
  : { burst: 2_000, alone: 300, killed: 1_000, many: 10_000 };

const loadBefore = loadavg()[0] ?? NaN;
const found: { name: string; about: string; figures: Record<string, Range> | null; problem: string | null }[] = [];
for (const [name, peer] of Object.entries(peers)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  found.push({ name, about: peer.about, ...(await measured(name, peer)) });
}
const report = {
  measured_at: new Date().toISOString(),
  machine: {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    load_average: { before: loadBefore, after: loadavg()[0] ?? NaN },
  },
  runs,
  quick: values.quick,
  peers: found,
};
console.log(values.json ? JSON.stringify(report, null, 2) : asText());
process.exitCode = found.some(({ problem }) => problem !== null) ? 1 : 0;

async function measured(name: string, peer: Peer) {
  try {
    const taken: Figures[] = [];
    for (let run = 1; run <= runs; run += 1) {
      process.stderr.write(`${name}: run ${run} of ${runs}\n`);
      const figures = await once(peer);
      // What breaks off later has said this much.
      process.stderr.write(`${JSON.stringify(figures)}\n`);
      taken.push(figures);
    }
    const names = Object.keys(taken[0] ?? {});
    const figures = Object.fromEntries(names.map((each) => [each, rangeOf(taken.map((run) => run[each] ?? NaN))]));
    return { figures, problem: null };
  } catch (error) {
    return { figures: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function once(peer: Peer): Promise<Figures> {
  const burst = await withServer(peer, async (start) => (await start("burst", sizes.burst)).figures);
  const alone = await withServer(peer, async (start) => (await start("alone", sizes.alone)).figures);
  const killed = await withServer(peer, async (start) => {
    await start("begin", sizes.killed);
    return (await start("finish", sizes.killed)).figures;
  });
  const many = await withServer(peer, async (start) => {
    const { figures, memory } = await start("burst", sizes.many);
    return { many_seconds: figures["seconds"] ?? NaN, many_memory: memory };
  });
  const { flows_per_second = NaN, cpu_per_1000_steps = NaN } = burst;
  return { flows_per_second, cpu_per_1000_steps, ...alone, ...killed, ...many };
}

type Start = (part: string, count: number) => Promise<{ figures: Figures; memory: number }>;

async function withServer<T>(peer: Peer, work: (start: Start) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "revops-peers-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const journal = join(folder, "journal");
  await writeFile(journal, "");
  const server = await peer.start(folder, port);
  let isRegistered = false;
  try {
    return await work(async (part, count) => {
      const options: ChildOptions = { place: { address: server.address, port }, serverPid: server.pid, count, journal };
      const register = isRegistered ? undefined : server.register;
      isRegistered = true;
      return runChild({ peer, part, options, register });
    });
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Its figures, and the most memory that it and the server held at once. One that says "half" is killed. */
async function runChild(parts: {
  peer: Peer;
  part: string;
  options: ChildOptions;
  register: ((port: number) => Promise<void>) | undefined;
}): Promise<{ figures: Figures; memory: number }> {
  const { peer, part, options, register } = parts;
  const args = [join(import.meta.dirname, "child.ts"), peer.app, part, JSON.stringify(options)];
  const environment = { ...process.env, RESTATE_LOGGING: "ERROR", NODE_NO_WARNINGS: "1" };
  const child = spawn(process.execPath, args, { env: environment, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve();
      else reject(new Error(`${peer.about}, ${part}: the process ended with ${code ?? signal}`));
    });
  });
  let memory = 0;
  const sampling = setInterval(() => {
    const roots = [child.pid, options.serverPid].filter((pid) => pid !== null && pid !== undefined);
    void Promise.all(roots.map(memoryMiB)).then((sizes) => {
      memory = Math.max(
        memory,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    });
  }, sampleMs);
  let figures: Figures = {};
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === "open") {
        await register?.(options.place.port);
        child.stdin.write("go\n");
      } else if (line === "half") child.kill("SIGKILL");
      else if (line.startsWith("{")) figures = JSON.parse(line);
    }
    await ended;
  } finally {
    clearInterval(sampling);
    child.kill("SIGKILL");
  }
  return { figures, memory };
}

function asText(): string {
  const { machine, measured_at } = report;
  const load = machine.load_average;
  const head = `${measured_at}: ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load average ${shown(load.before)} before, ${shown(load.after)} after; medians of ${runs} (lowest to highest)`;
  const parts = found.map(({ about, figures, problem }) => {
    const rows = figures === null ? [`  not taken: ${problem}`] : Object.entries(figures).map(row);
    return [about, ...rows].join("\n");
  });
  return [head, ...parts].join("\n\n");
}

function row([name, { median, min, max }]: [string, Range]): string {
  return `  ${name}: ${shown(median)} (${shown(min)} to ${shown(max)})`;
}

function shown(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
