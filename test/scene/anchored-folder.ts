/** A folder of customers whose dates are written relative to a day (`today+12d`, `month-1`), copied for the day of the test. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCsv, writeCsv } from "../../src/agents/crm/csv/csv-text.ts";
import { anchorCell } from "../../src/agents/crm/sample/sample.ts";

/** `day` is ISO. */
export async function anchoredFolder(parameters: { from: string; to: string; day: string }): Promise<string> {
  const { from, to, day } = parameters;
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) {
    const { rows } = readCsv(await readFile(join(from, file), "utf8"));
    const cells = rows.map((row) => row.cells.map(({ text }) => anchorCell(text, day)));
    await writeFile(join(to, file), writeCsv(cells));
  }
  return to;
}
