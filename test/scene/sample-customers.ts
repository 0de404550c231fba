/** What the app's customers are, read from the files that it works on: who must match, and when. */
import { openCsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import type { Customer } from "../../src/flow/customer.ts";
import { addDays } from "../../src/flow/zone.ts";

export async function customersIn(folder: string): Promise<Customer[]> {
  const source = await openCsvSource({ folder });
  const customers: Customer[] = [];
  for await (const page of source.all()) customers.push(...page);
  return customers;
}

/** The standard flow's filter, on that ISO day. */
export function matching(customers: readonly Customer[], day: string): Customer[] {
  const last = addDays({ date: day, days: 30 });
  return customers.filter(({ renewal_date }) => renewal_date !== null && renewal_date >= day && renewal_date <= last);
}

export function ownersOf(customers: readonly Customer[]): Set<string> {
  return new Set(customers.flatMap((each) => [each.account_manager_email, each.csm_email]).filter((it) => it !== null));
}
