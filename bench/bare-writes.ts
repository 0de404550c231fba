/** Child: the writes that such flows need and nothing else: seven rows each, fsync, all of one turn in one transaction. */
import { DatabaseSync } from "node:sqlite";

const [path = "", count = "20000"] = process.argv.slice(2);
const flows = Number(count);
const writesPerFlow = 7;
const atOnce = 2_000;
const database = new DatabaseSync(path);
database.exec(
  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT)",
);
const insert = database.prepare("INSERT INTO rows VALUES (?, ?)");
const body = JSON.stringify({ filling: "x".repeat(300) });
const begin = performance.now();
for (let first = 0; first < flows; first += atOnce) {
  for (let write = 0; write < writesPerFlow; write += 1) {
    database.exec("BEGIN");
    for (let flow = first; flow < Math.min(flows, first + atOnce); flow += 1) insert.run(`${flow}/${write}`, body);
    database.exec("COMMIT");
  }
}
const seconds = (performance.now() - begin) / 1000;
const single = performance.now();
for (let write = 0; write < writesPerFlow; write += 1) insert.run(`single/${write}`, body);
const alone = performance.now() - single;
database.close();
console.log(JSON.stringify({ flows_per_second: flows / seconds, alone }));
