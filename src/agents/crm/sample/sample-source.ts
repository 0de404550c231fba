/**
 * The sample customers as a CRM that can be written: a change goes into the machine's own copy of the files, so that it is still
 * there after a restart and every command sees it.
 *
 * Job: change cells of `customers.csv`, in place at once or not at all. Non-job: nobody else's files; a folder of the user's own
 * (`REVOPS_CRM=csv:…`) is never written.
 */
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CustomerWriter } from "../../../flow/customer-writer.ts";
import type { CrmChange } from "../../../flow/effect.ts";
import { openCsvSource, type CsvSource } from "../csv/csv-source.ts";
import { readCsv, writeCsv } from "../csv/csv-text.ts";
import { openChanges, refused } from "../open-changes.ts";

export async function openSampleSource({ folder }: { folder: string }): Promise<CsvSource & CustomerWriter> {
  let csv = await openCsvSource({ folder });
  let writing: Promise<void> = Promise.resolve();

  const write = async (customerId: string, changes: readonly CrmChange[]) => {
    // Read again: the terminal's and a program's share these files.
    csv = await openCsvSource({ folder });
    const customer = await csv.get({ customerId });
    if (customer === null) throw refused(`The sample has no customer ${JSON.stringify(customerId)} any more.`);
    const open = openChanges({ customerId, changes, now: (field) => customer[field] });
    if (open.length === 0) return;
    await replaceCells(join(folder, "customers.csv"), { customerId, changes: open });
    csv = await openCsvSource({ folder });
  };

  return {
    get problems() {
      return csv.problems;
    },
    get files() {
      return csv.files;
    },
    get: (asked) => csv.get(asked),
    find: (asked) => csv.find(asked),
    all: (asked) => csv.all(asked),
    records: (asked) => csv.records(asked),
    update({ customerId, changes }) {
      const mine = writing.then(() => write(customerId, changes));
      writing = mine.catch(() => {});
      return mine;
    },
  };
}

async function replaceCells(
  file: string,
  { customerId, changes }: { customerId: string; changes: readonly CrmChange[] },
): Promise<void> {
  const read = readCsv(await readFile(file, "utf8"));
  // Somebody has been in there by hand: what can't be read would be lost with the rest of the file.
  if (read.faults.length > 0) throw refused(`${file} has lines that can't be read; correct them first.`);
  const [head, ...rows] = read.rows.map(({ cells }) => cells.map(({ text }) => text));
  const columns = (head ?? []).map((name) => name.trim());
  const idColumn = columns.indexOf("id");
  const row = rows.find((cells) => cells[idColumn]?.trim() === customerId);
  if (head === undefined || row === undefined) throw refused(`${file} has no row of ${customerId}.`);
  for (const { field, to } of changes) {
    const column = columns.indexOf(field);
    if (column === -1) throw refused(`${file} has no column ${field}.`);
    row[column] = to === null ? "" : String(to);
  }
  const draft = `${file}.draft`;
  await writeFile(draft, writeCsv([head, ...rows]));
  await rename(draft, file);
}
