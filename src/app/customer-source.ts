/** Where customers come from, as the settings say; problems of its rows are told, the rest is used. */
import { join } from "node:path";
import { openCsvSource, type CsvSource } from "../agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../agents/crm/sample/sample.ts";
import { localDate } from "../flow/zone.ts";
import type { CrmSettings } from "./settings.ts";

/** `dataFolder` holds the sample, written once: its dates are anchored at the first start. */
export async function openCustomerSource(parameters: {
  crm: CrmSettings;
  dataFolder: string;
  timezone: string;
  now: number;
}): Promise<CsvSource> {
  const { crm, dataFolder, timezone, now } = parameters;
  if (crm.kind === "csv") return openCsvSource({ folder: crm.folder });
  const anchorDate = localDate({ at: now, timezone });
  return openCsvSource({ folder: await materialiseSample({ folder: join(dataFolder, "sample"), anchorDate }) });
}
