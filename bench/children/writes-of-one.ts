/** Child: the bytes of each write of an execution of five steps, as the engine hands them to its store: the first one, and a later one. */
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { bytesOf, recordWrites } from "../recorded-writes.ts";

let bytes: number[] = [];
const store = recordWrites(await openSqliteStateStore({ path: ":memory:" }), (write) => bytes.push(bytesOf(write)));
const bench = await startBenchEngine({ store });
const first = await bytesOfNext();
const later = await bytesOfNext();
await bench.close();
console.log(JSON.stringify({ first, later }));

async function bytesOfNext(): Promise<number[]> {
  bytes = [];
  await startMany(bench, 1);
  await bench.engine.idle();
  return bytes;
}
