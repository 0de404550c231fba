/** A customer source of so many rows. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const columns =
  "id,name,segment,region,timezone,account_manager_email,account_manager_name,csm_email,arr,currency,contract_start,renewal_date,notice_date,auto_renew,term_months,seats,status,created_at,nps,champion_status";
const managers = 20;

/** Each is active and has an account manager. Gives the folder. */
export async function writeCustomers(folder: string, count: number): Promise<string> {
  const rows = Array.from({ length: count }, (_, index) => {
    const manager = `owner${index % managers}@example.com,Owner ${index % managers}`;
    return `c${index},Customer ${index},,,UTC,${manager},,${1000 + index},USD,,,,,,50,active,,,`;
  });
  await mkdir(folder);
  await writeFile(join(folder, "customers.csv"), `${[columns, ...rows].join("\n")}\n`);
  return folder;
}
