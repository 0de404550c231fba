/** A folder of CSV files as tables of a database, named and typed as somebody else's CRM would have them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCsv } from "../../../../src/agents/crm/csv/csv-text.ts";
import type { CrmMapping } from "../../../../src/agents/crm/postgres/mapping.ts";

/** Where it differs from our own names. */
export const foreignMapping: CrmMapping = {
  customers: {
    table: { schema: "sales", name: "Accounts" },
    columns: {
      id: "account_id",
      name: "Account Name",
      renewal_date: "renews_on",
      arr: "arr_usd",
      created_at: "created",
    },
  },
  usage: { table: { schema: "sales", name: "usage" }, columns: { customer_id: "account", active_users: "dau" } },
  tickets: { table: { schema: "sales", name: "cases" }, columns: { customer_id: "account" } },
  invoices: { table: { schema: "sales", name: "invoices" }, columns: {} },
  contacts: { table: { schema: "sales", name: "contacts" }, columns: {} },
};

const types: Readonly<Record<string, string>> = {
  arr: "numeric(14,2)",
  contract_start: "date",
  renewal_date: "date",
  notice_date: "timestamp",
  auto_renew: "boolean",
  term_months: "int",
  seats: "bigint",
  nps: "float8",
  created_at: "timestamptz",
  month: "date",
  active_users: "int",
  events: "int",
  opened_at: "date",
  closed_at: "date",
  csat: "smallint",
  due_date: "date",
  paid_date: "date",
  amount: "numeric",
  left_at: "date",
};

export async function tablesFrom(folder: string): Promise<string> {
  const tables = ["customers", "usage", "tickets", "invoices", "contacts"] as const;
  const made = tables.map(async (table) => {
    const { rows } = readCsv(await readFile(join(folder, `${table}.csv`), "utf8"));
    const [head, ...body] = rows.map(({ cells }) => cells.map(({ text }) => text));
    const fields = head ?? [];
    const mapped = foreignMapping[table];
    const name = `sales."${mapped?.table?.name ?? table}"`;
    const columns = fields.map((field) => `"${mapped?.columns[field] ?? field}" ${types[field] ?? "text"}`);
    const values = body.map((cells) => `(${cells.map((cell, at) => literal(cell, fields[at] ?? "")).join(", ")})`);
    const insert = values.length === 0 ? "" : `INSERT INTO ${name} VALUES ${values.join(",\n")};`;
    return `CREATE TABLE ${name} (${columns.join(", ")}); ${insert}`;
  });
  return `CREATE SCHEMA sales; ${(await Promise.all(made)).join("\n")}`;
}

function literal(cell: string, field: string): string {
  if (cell === "") return "NULL";
  return `'${(field === "month" ? `${cell}-01` : cell).replaceAll("'", "''")}'`;
}
