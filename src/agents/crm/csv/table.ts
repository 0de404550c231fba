/** The five files and their columns (DESIGN §5). `customers.csv` must be there, the others may. */
import { z } from "zod";
import { Customer } from "../../../flow/customer.ts";
import { Contact, Invoice, Ticket, UsageMonth } from "../customer-source.ts";
import {
  type CellReader,
  currency,
  date,
  dateOrInstant,
  decimal,
  instant,
  integer,
  mail,
  month,
  oneOf,
  required,
  text,
  truth,
  zone,
} from "./cell.ts";

export interface Table<Row> {
  file: string;
  columns: Readonly<Record<string, CellReader>>;
  /** Without these columns no row of the file can be used. */
  keys: readonly string[];
  /** Two rows with the same values here are one too many; empty: rows may repeat. */
  unique: readonly string[];
  row: z.ZodType<Row>;
}

const customerId = z.string();

export const customersTable: Table<Customer> = {
  file: "customers.csv",
  keys: ["id", "name"],
  unique: ["id"],
  row: Customer,
  columns: {
    id: required(text),
    name: required(text),
    segment: text,
    region: text,
    timezone: zone,
    account_manager_email: mail,
    account_manager_name: text,
    csm_email: mail,
    arr: decimal({ min: 0 }),
    currency,
    contract_start: date,
    renewal_date: date,
    notice_date: date,
    auto_renew: truth,
    term_months: integer({ min: 0 }),
    seats: integer({ min: 0 }),
    status: text,
    created_at: instant,
    nps: decimal({ min: -100, max: 100 }),
    champion_status: oneOf(["active", "left", "unknown"]),
  },
};

export const usageTable = childTable({
  file: "usage.csv",
  keys: ["customer_id", "month"],
  unique: ["customer_id", "month"],
  row: UsageMonth.extend({ customer_id: customerId }),
  columns: { month: required(month), active_users: integer({ min: 0 }), events: integer({ min: 0 }) },
});

export const ticketsTable = childTable({
  file: "tickets.csv",
  keys: ["customer_id", "id"],
  unique: ["id"],
  row: Ticket.extend({ customer_id: customerId }),
  columns: {
    id: required(text),
    opened_at: dateOrInstant,
    closed_at: dateOrInstant,
    priority: oneOf(["urgent", "high", "normal", "low"]),
    csat: decimal({ min: 1, max: 5 }),
    subject: text,
  },
});

export const invoicesTable = childTable({
  file: "invoices.csv",
  keys: ["customer_id", "due_date"],
  unique: [],
  row: Invoice.extend({ customer_id: customerId }),
  columns: { due_date: required(date), paid_date: date, amount: decimal() },
});

export const contactsTable = childTable({
  file: "contacts.csv",
  keys: ["customer_id", "name"],
  unique: [],
  row: Contact.extend({ customer_id: customerId }),
  columns: { name: required(text), email: mail, role: text, left_at: date },
});

function childTable<Row>(table: Table<Row>): Table<Row> {
  return { ...table, columns: { customer_id: required(text), ...table.columns } };
}
