/**
 * `find_customers`: who matches a filter now, in the order of their ids. The source may narrow the rows, the filter is evaluated
 * here on what it gives. The answer is recorded with the execution, so it is bounded, and says whether it is all.
 */
import { z } from "zod";
import { Customer } from "../../../flow/customer.ts";
import { localDate } from "../../../flow/zone.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { filterOf, FilterParameter } from "./filter-parameter.ts";
import { Gap, gapsOf } from "./gap.ts";

const Parameters = z
  .strictObject({
    filter: FilterParameter.describe("predicates over customer.*; several are joined by AND"),
    limit: z.number().int().min(1).max(1_000).default(100).describe("how many customers are given at most"),
  })
  .describe("Who matches a filter now, in the order of their ids.");

const FoundCustomers = z.strictObject({
  as_of: z.iso.date().describe("the day that they were read, in the flow's zone"),
  total: z.number().int().min(0).describe("how many match"),
  is_complete: z.boolean().describe("false: more match than are given"),
  customers: z.array(Customer),
  missing: z.array(Gap).describe("the fields that are empty, of how many of the given customers"),
});

export function findCustomers({ source }: { source: CustomerSource }): LocalAction {
  return defineAction({
    agent: "data_agent",
    action: "find_customers",
    parameters: Parameters,
    output: FoundCustomers,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async ({ filter: given, limit }, { context: { now, timezone }, signal }) => {
      const filter = filterOf(given);
      const customers: Customer[] = [];
      let total = 0;
      for await (const page of source.all({ hint: { filter, now, timezone }, signal })) {
        signal.throwIfAborted();
        const matching = page.filter((customer) => filter.matches({ customer, now, timezone }));
        customers.push(...matching.slice(0, limit - customers.length));
        total += matching.length;
      }
      const as_of = localDate({ at: now, timezone });
      const is_complete = total === customers.length;
      return { output: { as_of, total, is_complete, customers, missing: gapsOf(customers) } };
    },
  });
}
