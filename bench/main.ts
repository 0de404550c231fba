/**
 * `npm run bench [-- [--json] [--runs N] [MEASURE …]]`: medians and ranges of fresh processes.
 * Times differ from machine to machine: compare figures of one sitting, above all with `bare_writes`.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { nearest } from "../src/flow/nearest.ts";
import { rangeOf, type Measure, type Range } from "./measure.ts";
import { measures, notMeasured } from "./measures.ts";

interface Measured {
  measure: Measure;
  figures: Record<string, Range>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "3" } },
});
const runs = Number(values.runs);
const names = measures.map(({ name }) => name);
for (const name of positionals.filter((each) => !names.includes(each))) {
  const near = nearest(name, names);
  console.error(
    `There is no measure ${name}. ${near === null ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`}`,
  );
  process.exit(2);
}
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`--runs must be a whole number from 1, not ${values.runs}.`);
  process.exit(2);
}

const measured: Measured[] = [];
for (const measure of measures.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const done: Readonly<Record<string, number>>[] = [];
  for (let run = 1; run <= runs; run += 1) {
    if (!values.json) process.stderr.write(`${measure.name}: run ${run} of ${runs}\n`);
    done.push(await measure.run());
  }
  const figures = Object.keys(measure.units).map(
    (name) => [name, rangeOf(done.map((run) => run[name] ?? NaN))] as const,
  );
  measured.push({ measure, figures: Object.fromEntries(figures) });
}
console.log(values.json ? JSON.stringify(asDocument(measured), null, 2) : asText(measured));

function ratio(all: readonly Measured[]): number | null {
  const of = (name: string) => all.find(({ measure }) => measure.name === name)?.figures["flows_per_second"]?.median;
  const [burst, bare] = [of("burst"), of("bare_writes")];
  return burst === undefined || bare === undefined ? null : burst / bare;
}

function asDocument(all: readonly Measured[]) {
  const machine = { processor: cpus()[0]?.model ?? "unknown", cores: cpus().length, node: process.version };
  const figures = all.map(({ measure, figures: found }) => ({
    name: measure.name,
    about: measure.about,
    figures: Object.entries(found).map(([name, range]) => ({
      name,
      unit: measure.units[name],
      goal: measure.goals[name] ?? null,
      ...range,
    })),
  }));
  return { machine, runs, measures: figures, burst_of_bare_writes: ratio(all), not_measured: notMeasured };
}

function asText(all: readonly Measured[]): string {
  const document = asDocument(all);
  const head = `${document.machine.processor}, ${document.machine.cores} cores, Node ${document.machine.node}; medians of ${runs} (lowest to highest)`;
  const parts = document.measures.map(({ name, about, figures }) => {
    const rows = figures.map(({ unit, goal, median, min, max }) => {
      const aim = goal === null ? "" : `, goal ${goal}`;
      return `  ${shown(median)} ${unit} (${shown(min)} to ${shown(max)})${aim}`;
    });
    return [`${name}: ${about}`, ...rows].join("\n");
  });
  const share = ratio(all);
  const compared = share === null ? [] : [`burst is ${shown(share * 100)} % of bare_writes`];
  return [head, ...parts, ...compared, `not measured: ${notMeasured.join("; ")}`].join("\n\n");
}

function shown(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
