/** What may be written where the customers come from: by `crm.writable` of revops.yml, and not at all into files of the user's. */
import type { CrmWriting } from "../agents/local/execution/update-crm.ts";
import type { Configuration } from "./configuration.ts";
import type { CrmSettings } from "./settings.ts";

export const csvRefusal =
  "the customers come from CSV files (REVOPS_CRM=csv:…), which are only read; a PostgreSQL source can be written";

export function crmWriting(crm: CrmSettings, { crm: { writable } }: Pick<Configuration, "crm">): CrmWriting {
  return { writable, refusal: crm.kind === "csv" ? csvRefusal : null };
}
