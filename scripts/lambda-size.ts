/**
 * How large the two functions are, and how long a cold start takes: `node scripts/lambda-size.ts [--json]`.
 *
 * The start is measured in fresh processes of this Node that load the bundle with a workspace's settings and a state of their own:
 * what AWS adds (fetching the package, starting its environment) is not in it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { bundleFunctions, functionNames, type FunctionName } from "./lambda/bundle.ts";

const run = promisify(execFile);
const times = 5;
const root = resolve(import.meta.dirname, "..");

/** None of it is real, and nothing is spoken to while the code is loaded. */
const environment = {
  PATH: process.env["PATH"] ?? "",
  SLACK_BOT_TOKEN: "xoxb-size",
  SLACK_SIGNING_SECRET: "size",
  REVOPS_CRM: "sample",
};

interface Size {
  function: FunctionName;
  bytes: number;
  gzip_bytes: number;
  /** Milliseconds, the median of several fresh processes; the code alone, from its first line. */
  load_ms: number;
  /** Likewise, but processor time: what a busy machine distorts less. */
  cpu_ms: number;
}

async function sizeOf(name: FunctionName, file: string): Promise<Size> {
  const starts: Start[] = [];
  for (let time = 0; time < times; time += 1) starts.push(await startOf(file));
  const gzip_bytes = gzipSync(await readFile(file)).length;
  return { function: name, bytes: (await stat(file)).size, gzip_bytes, ...medianOf(starts) };
}

type Start = Pick<Size, "load_ms" | "cpu_ms">;

async function startOf(file: string): Promise<Start> {
  const code = `const at = performance.now(); const before = process.cpuUsage();
    const { handler } = await import(${JSON.stringify(file)});
    if (typeof handler !== "function") throw new Error("no handler");
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify([performance.now() - at, (user + system) / 1000])); process.exit(0);`;
  const own = { env: environment, cwd: dirname(file) };
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], own);
  const [load_ms = 0, cpu_ms = 0] = z.array(z.number()).parse(JSON.parse(stdout));
  return { load_ms, cpu_ms };
}

function medianOf(starts: readonly Start[]): Start {
  const median = (of: (start: Start) => number) =>
    Math.round(starts.map(of).toSorted((one, other) => one - other)[Math.floor(starts.length / 2)] ?? 0);
  return { load_ms: median(({ load_ms }) => load_ms), cpu_ms: median(({ cpu_ms }) => cpu_ms) };
}

const folder = await mkdtemp(join(tmpdir(), "revops-lambda-"));
try {
  const entries = { actions: "src/app/lambda/actions.ts", effects: "src/app/lambda/effects.ts" };
  const bundles = await bundleFunctions({ root, into: folder, entries });
  const sizes: Size[] = [];
  // One after another: side by side they would take each other's time.
  for (const name of functionNames) sizes.push(await sizeOf(name, join(bundles[name], "index.mjs")));
  if (process.argv.includes("--json")) console.log(JSON.stringify({ functions: sizes }));
  else
    for (const { function: name, bytes, gzip_bytes, load_ms, cpu_ms } of sizes)
      console.log(
        `${name}: ${mebibytes(bytes)}, ${mebibytes(gzip_bytes)} zipped, loaded in ${load_ms} ms (${cpu_ms} ms of processor)`,
      );
} finally {
  await rm(folder, { recursive: true, force: true });
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
