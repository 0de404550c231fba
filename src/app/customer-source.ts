/** Where customers come from, as the settings say; problems of its rows are told, the rest is used. */
import { join } from "node:path";
import { openCsvSource } from "../agents/crm/csv/csv-source.ts";
import type { CustomerSource } from "../agents/crm/customer-source.ts";
import { materialiseSample } from "../agents/crm/sample/sample.ts";
import { FailureError } from "../flow/failure.ts";
import { localDate } from "../flow/zone.ts";
import { noConfiguration, readConfiguration } from "./configuration.ts";
import type { ConfigurationFile, CrmSettings } from "./settings.ts";
import { customerLines } from "./start-lines.ts";

export interface OpenedSource {
  source: CustomerSource;
  /** Rows that can't be used, each at its place, and their number; of a database what isn't there, and later such rows. */
  lines: string[];
}

interface Opening {
  crm: CrmSettings;
  /** Holds the sample, written once: its dates are anchored at the first start. */
  dataFolder: string;
  timezone: string;
  now: number;
  /** Says what a database's tables are called. */
  configurationFile: ConfigurationFile;
  /** Of rows that turn out to be of no use later; without it they come to the lines. */
  tell?: (line: string) => void;
}

export async function openCustomerSource(opening: Opening): Promise<OpenedSource> {
  const { crm } = opening;
  if (crm.kind === "postgres") return openDatabase(crm, opening);
  const folder = crm.kind === "csv" ? crm.folder : await sampleFolder(opening);
  const source = await openCsvSource({ folder });
  return { source, lines: customerLines({ folder, source }) };
}

/** One that can't be reached is told and asked again by whoever needs it; tables that can't be read end the start. */
async function openDatabase(
  { address }: { address: string },
  { configurationFile, tell }: Opening,
): Promise<OpenedSource> {
  const { crm: mapping } = (await readConfiguration(configurationFile)) ?? noConfiguration;
  // Nobody else pays for the driver.
  const { createPostgresSource } = await import("../agents/crm/postgres/postgres-source.ts");
  const lines: string[] = [];
  const source = createPostgresSource({ address, mapping, tell: tell ?? ((line) => lines.push(line)) });
  try {
    lines.push(...(await source.check()));
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    lines.push(`${error.failure.cause} It is asked again when customers are needed.`);
  }
  return { source, lines };
}

function sampleFolder({ dataFolder, timezone, now }: Opening): Promise<string> {
  const anchorDate = localDate({ at: now, timezone });
  return materialiseSample({ folder: join(dataFolder, "sample"), anchorDate });
}
