/** What hangs on one customer: usage, tickets, invoices, contacts. A table that isn't there is a gap (null), no row is an empty list. */
import type { z } from "zod";
import { FailureError } from "../../../flow/failure.ts";
import { Contact, type CustomerRecords, Invoice, Ticket, UsageMonth } from "../customer-source.ts";
import type { Catalogue, TableShape } from "./catalogue.ts";
import type { Query, TextRow } from "./database.ts";
import { fieldNames } from "./field.ts";
import { fits, sameId } from "./id.ts";
import type { TableName } from "./mapping.ts";
import { readRow, selectList } from "./row.ts";

/** Of one table, for one customer: what is more is a mapping gone wrong. */
const mostRows = 10_000;

interface Asked {
  customers: TableShape;
  others: Catalogue["others"];
  /** Null: there is no such customer, so nothing is known. */
  customerId: string | null;
  signal: AbortSignal | undefined;
  read: (query: Query) => Promise<TextRow[]>;
}

export async function readRecords(asked: Asked): Promise<CustomerRecords> {
  const [usage, tickets, invoices, contacts] = await Promise.all([
    rowsOf(asked, { table: "usage", row: UsageMonth, idField: "month", isUnique: true }),
    rowsOf(asked, { table: "tickets", row: Ticket, idField: "id", isUnique: true }),
    rowsOf(asked, { table: "invoices", row: Invoice, idField: "due_date", isUnique: false }),
    rowsOf(asked, { table: "contacts", row: Contact, idField: "name", isUnique: false }),
  ]);
  return { usage, tickets, invoices, contacts };
}

interface Wanted<Row> {
  table: Exclude<TableName, "customers">;
  row: z.ZodType<Row>;
  /** Names a row for people, and orders them. */
  idField: string;
  /** It may stand there once for each customer. */
  isUnique: boolean;
}

async function rowsOf<Row>(
  { others, customerId, signal, read }: Asked,
  { table, row: schema, idField, isUnique }: Wanted<Row>,
): Promise<Row[] | null> {
  const shape = others.get(table) ?? null;
  const id = shape?.columns.get("customer_id");
  if (shape === null || id === undefined || customerId === null) return null;
  const doing = `while reading ${shape.name}`;
  const by = shape.columns.get(idField)?.sql ?? id.sql;
  if (!fits(customerId, id)) return [];
  const sql = `SELECT ${selectList(shape)} FROM ${shape.sql} WHERE ${sameId(id)} ORDER BY ${by} LIMIT ${mostRows + 1}`;
  const rows = await read({ sql, values: [customerId], doing, signal });
  if (rows.length > mostRows)
    throw unreadable(`${shape.name} has more than ${mostRows} rows of the customer ${customerId}`);
  const seen = new Set<string>();
  return rows.map((one) => {
    const answer = readRow(shape, { row: one, fields: fieldNames(table), idFields: ["customer_id", idField] });
    if (answer.kind === "fault") throw unreadable(answer.message);
    const { customer_id: _, ...values } = answer.values;
    const key = String(values[idField]);
    if (isUnique && seen.has(key)) throw unreadable(`${shape.name} has the ${idField} ${key} of ${customerId} twice`);
    seen.add(key);
    return schema.parse(values);
  });
}

function unreadable(message: string): FailureError {
  return new FailureError({ error: "Agent.InvalidOutput", cause: `${message}. Correct it in the customer database.` });
}
