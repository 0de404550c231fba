/**
 * `npm run bench [-- [--json] [--quick] [--runs N] [--write] [MEASURE …]]`: medians and ranges of fresh processes, each beside the
 * bare writes of the same run. Times differ from machine to machine: compare figures of one sitting.
 *
 * Ends with 0 if every measure could be taken, whatever its goals; with 1 if one could not; with 2 for a wrong word.
 */
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { nearest } from "../src/flow/nearest.ts";
import { inFolder } from "./child.ts";
import type { Measure, Taken } from "./measure.ts";
import { measures, notMeasured } from "./measures.ts";
import { writeFiguresPage } from "./figures-page.ts";
import { measuredOf, unmeasured, type Measured, type Report } from "./report.ts";
import { reportText } from "./report-text.ts";
import { fullSizes, quickSizes } from "./sizes.ts";

// Broken off, it takes its children and folders with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const asked = readArguments();
const loadBefore = load();
const taken: Measured[] = [];
for (const measure of asked.measures) taken.push(await takeOrTell(measure));
const report: Report = {
  measured_at: new Date().toISOString(),
  machine: {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    load_average: { before: loadBefore, after: load() },
  },
  runs: asked.runs,
  quick: asked.quick,
  measures: taken,
  not_measured: notMeasured,
};
console.log(asked.json ? JSON.stringify(report, null, 2) : reportText(report));
const failed = taken.some(({ problem }) => problem !== null);
if (asked.write && failed) tell("The page is left as it was: not every measure could be taken.\n");
else if (asked.write) tell(`${await writeFiguresPage(report)} written\n`);
process.exitCode = failed ? 1 : 0;

function readArguments() {
  const { values, positionals } = parsed();
  const runs = values.runs ?? (values.quick ? "1" : "5");
  if (!/^[1-9]\d*$/.test(runs)) refuse(`--runs must be a whole number from 1, not ${runs}.`);
  const names = measures.map(({ name }) => name);
  for (const name of positionals.filter((each) => !names.includes(each))) {
    const near = nearest(name, names);
    refuse(
      `There is no measure ${name}. ${near === null ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`}`,
    );
  }
  if (values.write && (values.quick || positionals.length > 0))
    refuse("--write needs every measure at its full size: leave --quick and the names out.");
  const { json, quick, write } = values;
  const chosen = measures.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { json, quick, write, runs: Number(runs), measures: chosen };
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        write: { type: "boolean", default: false },
        runs: { type: "string" },
      },
    });
  } catch (error) {
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    return refuse(`${first}. Known are --json, --quick, --write and --runs N.`);
  }
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

async function takeOrTell(measure: Measure): Promise<Measured> {
  try {
    return measuredOf(measure, await take(measure), asked);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    tell(`${measure.name}: not taken: ${problem}\n`);
    return unmeasured(measure, problem);
  }
}

async function take(measure: Measure): Promise<Taken[]> {
  const sizes = asked.quick ? quickSizes : fullSizes;
  return inFolder(async (prepared) => {
    if (measure.prepare !== undefined)
      await timed(`${measure.name}: preparing`, async () => measure.prepare?.({ sizes, prepared }));
    const runs: Taken[] = [];
    for (let run = 1; run <= asked.runs; run += 1) {
      const what = `${measure.name}: run ${run} of ${asked.runs}`;
      runs.push(await timed(what, () => inFolder((folder) => measure.run({ sizes, folder, prepared }))));
    }
    return runs;
  });
}

/** Progress goes where it disturbs no document. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  tell(`${what} …`);
  try {
    return await work();
  } finally {
    tell(` ${((performance.now() - begin) / 1_000).toFixed(1)} s\n`);
  }
}

function tell(text: string): void {
  process.stderr.write(text);
}

function load(): number {
  return loadavg()[0] ?? NaN;
}
