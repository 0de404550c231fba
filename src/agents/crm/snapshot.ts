/**
 * A customer source as it stands at one moment: read once, whatever is asked afterwards and however often. For simulations, which
 * ask the same over and over and must not see half of a change.
 */
import type { Customer } from "../../flow/customer.ts";
import type { CustomerRecords, CustomerSource } from "./customer-source.ts";

const pageSize = 1_000;

export interface Snapshot {
  source: CustomerSource;
  customers: number;
}

/** Reads the customers; what hangs on one of them is read when it is first asked for. Throws as the source does. */
export async function snapshotOf(source: CustomerSource): Promise<Snapshot> {
  const customers: Customer[] = [];
  for await (const page of source.all()) customers.push(...page);
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  const records = new Map<string, Promise<CustomerRecords>>();
  return {
    customers: customers.length,
    source: {
      get: async ({ customerId }) => byId.get(customerId) ?? null,
      find: (asked) => source.find(asked),
      async *all() {
        for (let from = 0; from < customers.length; from += pageSize) yield customers.slice(from, from + pageSize);
      },
      records: (asked) => {
        const known = records.get(asked.customerId) ?? source.records({ customerId: asked.customerId });
        records.set(asked.customerId, known);
        return known;
      },
    },
  };
}
