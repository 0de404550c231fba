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
import { bundleFunction, functionNames, type FunctionName } from "./lambda/bundle.ts";

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
}

async function sizeOf(name: FunctionName, folder: string): Promise<Size> {
  const into = join(folder, name);
  const file = await bundleFunction({ root, into, entry: `src/app/lambda/${name}.ts` });
  const starts: number[] = [];
  for (let time = 0; time < times; time += 1) starts.push(await loadMs(file));
  const median = starts.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? 0;
  const gzip_bytes = gzipSync(await readFile(file)).length;
  return { function: name, bytes: (await stat(file)).size, gzip_bytes, load_ms: Math.round(median) };
}

async function loadMs(file: string): Promise<number> {
  const code = `const at = performance.now();
    const { handler } = await import(${JSON.stringify(file)});
    if (typeof handler !== "function") throw new Error("no handler");
    console.log(performance.now() - at); process.exit(0);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
    env: environment,
    cwd: dirname(file),
  });
  return Number(stdout.trim());
}

const folder = await mkdtemp(join(tmpdir(), "revops-lambda-"));
try {
  const sizes: Size[] = [];
  // One after another: side by side they would take each other's time.
  for (const name of functionNames) sizes.push(await sizeOf(name, folder));
  if (process.argv.includes("--json")) console.log(JSON.stringify({ functions: sizes }));
  else
    for (const { function: name, bytes, gzip_bytes, load_ms } of sizes)
      console.log(`${name}: ${mebibytes(bytes)}, ${mebibytes(gzip_bytes)} zipped, loaded in ${load_ms} ms`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
