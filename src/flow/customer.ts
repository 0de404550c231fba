/** The customer's fields (DESIGN §5): their names and types rule filters, templates and the CSV files. */
import { z } from "zod";

export type FieldType = "string" | "number" | "boolean" | "date" | "datetime";

const isoDate = z.iso.date();

export const Customer = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  segment: z.string().nullable(),
  region: z.string().nullable(),
  timezone: z.string().nullable(),
  account_manager_email: z.string().nullable(),
  account_manager_name: z.string().nullable(),
  csm_email: z.string().nullable(),
  arr: z.number().nullable(),
  currency: z.string().nullable(),
  contract_start: isoDate.nullable(),
  renewal_date: isoDate.nullable(),
  notice_date: isoDate.nullable(),
  auto_renew: z.boolean().nullable(),
  term_months: z.number().nullable(),
  seats: z.number().nullable(),
  status: z.string().nullable(),
  created_at: z.string().nullable(),
  nps: z.number().nullable(),
  champion_status: z.enum(["active", "left", "unknown"]).nullable(),
});
export type Customer = z.infer<typeof Customer>;

/** An id is what a customer is known by, so it alone never changes. */
export const WritableField = Customer.keyof().exclude(["id"]);
export type WritableField = z.infer<typeof WritableField>;

/** Null: the field is empty. */
export const FieldValue = z.union([z.string(), z.number(), z.boolean()]).nullable();
export type FieldValue = z.infer<typeof FieldValue>;

export const customerFields: Readonly<Record<keyof Customer, FieldType>> = {
  id: "string",
  name: "string",
  segment: "string",
  region: "string",
  timezone: "string",
  account_manager_email: "string",
  account_manager_name: "string",
  csm_email: "string",
  arr: "number",
  currency: "string",
  contract_start: "date",
  renewal_date: "date",
  notice_date: "date",
  auto_renew: "boolean",
  term_months: "number",
  seats: "number",
  status: "string",
  created_at: "datetime",
  nps: "number",
  champion_status: "string",
};

/** Of whom nothing is known but the id, which is their name as well. */
export function bareCustomer(id: string): Customer {
  return { ...nothing, id, name: id };
}

const nothing: Omit<Customer, "id" | "name"> = {
  segment: null,
  region: null,
  timezone: null,
  account_manager_email: null,
  account_manager_name: null,
  csm_email: null,
  arr: null,
  currency: null,
  contract_start: null,
  renewal_date: null,
  notice_date: null,
  auto_renew: null,
  term_months: null,
  seats: null,
  status: null,
  created_at: null,
  nps: null,
  champion_status: null,
};
