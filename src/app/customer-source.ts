/** Where customers come from, as the settings say; problems of its rows are told, the rest is used. */
import { join } from "node:path";
import { openCsvSource, type CsvSource } from "../agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../agents/crm/sample/sample.ts";
import { localDate } from "../flow/zone.ts";
import type { CrmSettings } from "./settings.ts";
import { customerLines } from "./start-lines.ts";

export interface OpenedSource {
  source: CsvSource;
  /** Rows that can't be used, each at its place, and their number. */
  lines: string[];
}

/** `dataFolder` holds the sample, written once: its dates are anchored at the first start. */
export async function openCustomerSource(parameters: {
  crm: CrmSettings;
  dataFolder: string;
  timezone: string;
  now: number;
}): Promise<OpenedSource> {
  const folder = await folderOf(parameters);
  const source = await openCsvSource({ folder });
  return { source, lines: customerLines({ folder, source }) };
}

async function folderOf(parameters: {
  crm: CrmSettings;
  dataFolder: string;
  timezone: string;
  now: number;
}): Promise<string> {
  const { crm, dataFolder, timezone, now } = parameters;
  if (crm.kind === "csv") return crm.folder;
  const anchorDate = localDate({ at: now, timezone });
  return materialiseSample({ folder: join(dataFolder, "sample"), anchorDate });
}
