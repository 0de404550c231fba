/** Where customers come from, as the settings say; problems of its rows are told, the rest is used. */
import { join } from "node:path";
import { openCsvSource } from "../agents/crm/csv/csv-source.ts";
import type { CustomerSource } from "../agents/crm/customer-source.ts";
import { openSampleSource } from "../agents/crm/sample/sample-source.ts";
import { materialiseSample } from "../agents/crm/sample/sample.ts";
import type { CustomerWriter } from "../flow/customer-writer.ts";
import { FailureError } from "../flow/failure.ts";
import { localDate } from "../flow/zone.ts";
import { noConfiguration, readConfiguration } from "./configuration.ts";
import { csvRefusal } from "./crm-writing.ts";
import type { ConfigurationFile, CrmSettings } from "./settings.ts";
import { customerLines } from "./start-lines.ts";

export interface OpenedSource {
  source: CustomerSource;
  /** Changes customers where they come from; or says why nobody can. */
  writer: CustomerWriter | { refusal: string };
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
  switch (crm.kind) {
    case "postgres":
      return openDatabase(crm, opening);
    case "csv": {
      const source = await openCsvSource(crm);
      const refusal = `Nothing can be written to the CRM: ${csvRefusal}.`;
      return { source, writer: { refusal }, lines: customerLines({ ...crm, source }) };
    }
    case "sample": {
      const folder = await sampleFolder(opening);
      const source = await openSampleSource({ folder });
      return { source, writer: source, lines: customerLines({ folder, source }) };
    }
    default:
      return crm satisfies never;
  }
}

/** One that can't be reached is told and asked again by whoever needs it; tables that can't be read end the start. */
async function openDatabase(
  { address }: { address: string },
  { configurationFile, tell }: Opening,
): Promise<OpenedSource> {
  const { tables: mapping, writable } = ((await readConfiguration(configurationFile)) ?? noConfiguration).crm;
  // Nobody else pays for the driver.
  const [{ createPostgresSource }, { createPostgresWriter }] = await Promise.all([
    import("../agents/crm/postgres/postgres-source.ts"),
    import("../agents/crm/postgres/postgres-writer.ts"),
  ]);
  const lines: string[] = [];
  const source = createPostgresSource({ address, mapping, tell: tell ?? ((line) => lines.push(line)) });
  const writer = createPostgresWriter({ address, mapping });
  try {
    lines.push(...(await source.check({ writable })));
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    lines.push(`${error.failure.cause} It is asked again when customers are needed.`);
  }
  return { source, writer, lines };
}

function sampleFolder({ dataFolder, timezone, now }: Opening): Promise<string> {
  const anchorDate = localDate({ at: now, timezone });
  return materialiseSample({ folder: join(dataFolder, "sample"), anchorDate });
}
