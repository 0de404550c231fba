/**
 * `writer-child.ts PATH WRITER UNTIL`: appends to the log of e-1, which all writers share, until it has UNTIL entries.
 * Each line says a sequence that this writer won, written once the store has answered.
 */
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { sampleEntry, sampleHeader, stepSucceeded } from "../sample-records.ts";

const [path = "", writer = "", until = "0"] = process.argv.slice(2);
const store = await openSqliteStateStore({ path });
await store.create({ header: sampleHeader(), entry: sampleEntry() });
console.log("ready");
let known = 1;
while (known < Number(until)) {
  const entry = sampleEntry({ sequence: known + 1, events: [stepSucceeded(writer)] });
  if (await store.append({ entry })) {
    known = entry.sequence;
    console.log(String(known));
  } else {
    known = (await store.readLog({ executionId: "e-1", after: known })).at(-1)?.sequence ?? known;
  }
}
await store.close();
