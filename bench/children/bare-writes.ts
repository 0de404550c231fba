/**
 * Child: the writes that flows need and nothing else: rows of the same bytes, fsync, all of one turn in one transaction; then
 * one flow's as single commits. `done`: so many of each flow's are there already, and are read first.
 */
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { optionsOf } from "../child.ts";
import { stepsPerFlow } from "../flows.ts";
import { percentile, upward } from "../range.ts";

const Options = z.strictObject({
  path: z.string(),
  flows: z.number(),
  atOnce: z.number(),
  /** Bytes of each of a flow's writes. */
  bytes: z.array(z.number()),
  done: z.number().default(0),
  /** Flows written one commit after another. */
  single: z.number().default(0),
});
const { path, flows, atOnce, bytes, done, single } = optionsOf(Options);
const bodies = bytes.map((length) => "x".repeat(length));

if (done > 0) {
  const before = open();
  for (let first = 0; first < flows; first += atOnce) writeTurns(before, first, 0, done);
  before.database.close();
}

const before = process.cpuUsage();
const begin = performance.now();
const opened = open();
if (done > 0) opened.database.prepare("SELECT id, body FROM rows").all();
for (let first = 0; first < flows; first += atOnce) writeTurns(opened, first, done, bodies.length);
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(before);
const alone = Array.from({ length: single }, (_, flow) => {
  const start = performance.now();
  bodies.forEach((body, write) => opened.insert.run(`single-${flow}/${write}`, body));
  return performance.now() - start;
});
opened.database.close();
console.log(
  JSON.stringify({
    flows_per_second: flows / seconds,
    seconds,
    cpu_per_1000_steps: ((user + system) / 1e6 / (flows * stepsPerFlow)) * 1000,
    peak_memory: process.resourceUsage().maxRSS / 1024,
    ...(single === 0 ? {} : { alone: percentile(upward(alone), 50) }),
  }),
);

function open() {
  const database = new DatabaseSync(path);
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, body TEXT)",
  );
  return { database, insert: database.prepare("INSERT INTO rows VALUES (?, ?)") };
}

function writeTurns({ database, insert }: ReturnType<typeof open>, first: number, from: number, to: number): void {
  for (let write = from; write < to; write += 1) {
    database.exec("BEGIN");
    for (let flow = first; flow < Math.min(flows, first + atOnce); flow += 1) {
      insert.run(`${flow}/${write}`, bodies[write] ?? "");
    }
    database.exec("COMMIT");
  }
}
