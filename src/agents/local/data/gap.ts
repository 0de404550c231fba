/** What isn't known of customers that are handed out: each field that stands empty, and for how many of them. */
import { z } from "zod";
import { Customer } from "../../../flow/customer.ts";

export const Gap = z.strictObject({
  field: z.string(),
  /** How many of the customers lack it. */
  customers: z.number().int().positive(),
});
export type Gap = z.infer<typeof Gap>;

/** The widest gap first. */
export function gapsOf(customers: readonly Customer[]): Gap[] {
  return Customer.keyof()
    .options.map((field) => ({ field, customers: customers.filter((customer) => isUnknown(customer, field)).length }))
    .filter((gap) => gap.customers > 0)
    .toSorted((a, b) => b.customers - a.customers);
}

/** A status in so many words counts as one that isn't known. */
function isUnknown(customer: Customer, field: keyof Customer): boolean {
  const value = customer[field];
  return value === null || value === "" || (field === "champion_status" && value === "unknown");
}
