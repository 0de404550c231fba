/**
 * The sample customers: one believable vendor's book of business, its dates written relative to an anchor day
 * (`today+21d`, `month-1`), so that the scene is alive whenever it is first started.
 *
 * Job: write them once, as plain CSV that the one reader reads. Non-job: no reading; a folder that has them stays as it is,
 * for its anchor is the day of the first start.
 */
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { addDays } from "../../../flow/zone.ts";
import { readCsv, writeCsv } from "../csv/csv-text.ts";

const files = ["customers.csv", "usage.csv", "tickets.csv", "invoices.csv", "contacts.csv"];

/** Returns the folder. `anchorDate` is ISO. All files appear at once: a process killed half-way leaves none. */
export async function materialiseSample(parameters: { folder: string; anchorDate: string }): Promise<string> {
  const { folder, anchorDate } = parameters;
  if (await exists(join(folder, "customers.csv"))) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    for (const file of files) await writeFile(join(draft, file), await anchored(file, anchorDate));
    await moveIntoPlace(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** An empty folder gives way; if another process was faster, its files stay. */
async function moveIntoPlace(draft: string, folder: string): Promise<void> {
  try {
    await rename(draft, folder);
  } catch (error) {
    if (!(await exists(join(folder, "customers.csv")))) throw error;
  }
}

async function anchored(file: string, anchorDate: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, file), "utf8");
  const { rows } = readCsv(text);
  return writeCsv(rows.map(({ cells }) => cells.map((cell) => anchorCell(cell.text, anchorDate))));
}

/** `today`, `today-9d` and `month-1` become dates; anything else stays. */
export function anchorCell(text: string, anchorDate: string): string {
  const day = /^today(?:([+-]\d+)d)?$/.exec(text);
  if (day !== null) return addDays({ date: anchorDate, days: Number(day[1] ?? 0) });
  const month = /^month([+-]\d+)$/.exec(text);
  if (month === null) return text;
  return Temporal.PlainDate.from(anchorDate)
    .toPlainYearMonth()
    .add({ months: Number(month[1]) })
    .toString();
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
