/**
 * What kind of value each field holds, and how a column of some type of PostgreSQL's becomes it.
 *
 * Every column is read as text and goes through the same cell readers as a CSV file, so that both sources give the same customer.
 * Non-job: no query.
 */
import type { CellAnswer, CellReader } from "../csv/cell.ts";
import { contactsTable, customersTable, invoicesTable, ticketsTable, usageTable } from "../csv/table.ts";
import type { TableName } from "./mapping.ts";

export type FieldKind = "id" | "text" | "word" | "number" | "boolean" | "date" | "instant" | "dateOrInstant" | "month";

export interface Field {
  name: string;
  kind: FieldKind;
  read: CellReader;
  /** Without its column nothing of the table can be used. */
  isKey: boolean;
}

type Kinds = Readonly<Record<string, FieldKind>>;

/** Those that are left out are texts. `word`: one of a few, whose capitals don't count. */
const kinds: Readonly<Record<TableName, Kinds>> = {
  customers: {
    id: "id",
    arr: "number",
    contract_start: "date",
    renewal_date: "date",
    notice_date: "date",
    auto_renew: "boolean",
    term_months: "number",
    seats: "number",
    created_at: "instant",
    nps: "number",
    champion_status: "word",
  },
  usage: { customer_id: "id", month: "month", active_users: "number", events: "number" },
  tickets: {
    customer_id: "id",
    opened_at: "dateOrInstant",
    closed_at: "dateOrInstant",
    priority: "word",
    csat: "number",
  },
  invoices: { customer_id: "id", due_date: "date", paid_date: "date", amount: "number" },
  contacts: { customer_id: "id", left_at: "date" },
};

const csvTables = {
  customers: customersTable,
  usage: usageTable,
  tickets: ticketsTable,
  invoices: invoicesTable,
  contacts: contactsTable,
} as const;

export function fieldsOf(table: TableName): Field[] {
  const { columns, keys } = csvTables[table];
  return Object.entries(columns).map(([name, read]) => {
    const kind = kinds[table][name] ?? "text";
    return { name, kind, read: kind === "id" ? readId : read, isKey: keys.includes(name) };
  });
}

export function fieldNames(table: TableName): string[] {
  return Object.keys(csvTables[table].columns);
}

/** Taken as it stands: it must be found again by it. */
const readId: CellReader = (text) => {
  if (text === "") return { kind: "fault", message: "is empty" };
  if (text === text.trim()) return { kind: "value", value: text };
  return { kind: "fault", message: `${JSON.stringify(text)} has blanks around it` };
};

export const textTypes: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name", "citext"]);
export const wholeTypes = ["int2", "int4", "int8"];
const floatTypes = ["float4", "float8"];
const timeTypes = ["timestamp", "timestamptz"];

/** What may hold it besides texts and enums, which are read row by row. */
const ownTypes: Readonly<Record<FieldKind, readonly string[]>> = {
  id: [...wholeTypes, "numeric", "uuid"],
  text: [...wholeTypes, "numeric", "uuid", "bool", "date"],
  word: [],
  number: [...wholeTypes, ...floatTypes, "numeric"],
  boolean: ["bool", ...wholeTypes],
  date: ["date", ...timeTypes],
  instant: ["date", ...timeTypes],
  dateOrInstant: ["date", ...timeTypes],
  month: ["date", ...timeTypes],
};

const kindWords: Readonly<Record<FieldKind, string>> = {
  id: "id",
  text: "text",
  word: "text",
  number: "number",
  boolean: "true or false",
  date: "date",
  instant: "date or time",
  dateOrInstant: "date or time",
  month: "month",
};

/** Null: it fits. */
export function misfit(kind: FieldKind, { type, isEnum }: { type: string; isEnum: boolean }): string | null {
  if (isEnum || textTypes.has(type) || ownTypes[kind].includes(type)) return null;
  return `is of the type ${type}, which can't be read as ${kind === "boolean" ? "" : "a "}${kindWords[kind]}`;
}

/** An expression over the quoted column that gives text. Times without a zone, and days of times, are UTC's. */
export function asText(column: string, type: string): string {
  return type === "timestamptz" ? `(${column} AT TIME ZONE 'UTC')::text` : `${column}::text`;
}

/** The column's text, null where the column is, as the field's value. */
export function readField({ kind, read }: Field, { type, text }: { type: string; text: string | null }): CellAnswer {
  if (text === null) return read("");
  const isTime = timeTypes.includes(type);
  if (isTime && (kind === "date" || kind === "month"))
    return read(monthOf(kind, /^\d{4}-\d\d-\d\d(?= [\d:.]+$)/.exec(text)?.[0] ?? text));
  if (isTime) return read(text.replace(/^(\d{4}-\d\d-\d\d) ([\d:.]+)$/, "$1T$2Z"));
  if (kind === "month") return read(monthOf(kind, text));
  if (kind === "number" && type !== "numeric") return read(plainDigits(text));
  if (kind === "boolean" && wholeTypes.includes(type))
    return read(text === "1" ? "true" : text === "0" ? "false" : text);
  return read(text);
}

function monthOf(kind: FieldKind, day: string): string {
  return kind === "month" ? day.replace(/^(\d{4}-\d\d)-\d\d$/, "$1") : day;
}

/** A floating-point column writes 1e+20. */
function plainDigits(text: string): string {
  if (!/^-?\d+(\.\d+)?e[+-]\d+$/.test(text)) return text;
  const number = Number(text);
  return Math.abs(number) >= 1e21 ? String(BigInt(number)) : number.toFixed(20);
}
