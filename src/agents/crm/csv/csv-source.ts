/**
 * Customers from a folder of CSV files, read once when it is opened.
 *
 * Job: read `customers.csv` and what hangs on it, say every problem with its place, answer from memory.
 * Non-job: no watching; new files are read at the next start.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Customer } from "../../../flow/customer.ts";
import {
  type Contact,
  type CustomerRecords,
  type CustomerSource,
  CustomerSourceError,
  type Invoice,
  type Ticket,
  type UsageMonth,
} from "../customer-source.ts";
import { type CsvProblem, readTable, type ReadTable } from "./read-table.ts";
import { contactsTable, customersTable, invoicesTable, type Table, ticketsTable, usageTable } from "./table.ts";

export interface CsvFileSummary {
  file: string;
  used: number;
  leftOut: number;
}

export interface CsvSource extends CustomerSource {
  readonly problems: readonly CsvProblem[];
  /** Of the files that were there. */
  readonly files: readonly CsvFileSummary[];
}

/** The port's promise: pages of at most this many. */
const pageSize = 1000;

type Child = { customer_id: string };
/** A child's row without the id that it hung on. */
type Records<Row> = Map<string, Row[]> | null;

interface Reading {
  folder: string;
  customers: ReadonlyMap<string, Customer>;
  problems: CsvProblem[];
  files: CsvFileSummary[];
}

export async function openCsvSource({ folder }: { folder: string }): Promise<CsvSource> {
  const reading = await readCustomers(folder);
  const usage: Records<UsageMonth> = await readChildren(reading, usageTable);
  for (const months of usage?.values() ?? []) months.sort((a, b) => (a.month < b.month ? -1 : 1));
  const tickets: Records<Ticket> = await readChildren(reading, ticketsTable);
  const invoices: Records<Invoice> = await readChildren(reading, invoicesTable);
  const contacts: Records<Contact> = await readChildren(reading, contactsTable);

  const { customers, files } = reading;
  const ordered = [...customers.values()].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return {
    problems: inOrder(reading),
    files,
    get: async ({ customerId }) => customers.get(customerId) ?? null,
    find: async ({ text }) => findByIdOrName(ordered, text),
    all: () => pagesOf(ordered),
    records: async ({ customerId }): Promise<CustomerRecords> => {
      const of = <Row>(records: Records<Row>): readonly Row[] | null =>
        records === null || !customers.has(customerId) ? null : (records.get(customerId) ?? []);
      return { usage: of(usage), tickets: of(tickets), invoices: of(invoices), contacts: of(contacts) };
    },
  };
}

function findByIdOrName(customers: readonly Customer[], text: string): Customer[] {
  const wanted = folded(text);
  return wanted === "" ? [] : customers.filter(({ id, name }) => folded(id) === wanted || folded(name) === wanted);
}

/** One name may be typed with composed or combining accents. */
function folded(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}

async function* pagesOf(customers: readonly Customer[]): AsyncGenerator<Customer[]> {
  for (let at = 0; at < customers.length; at += pageSize) yield customers.slice(at, at + pageSize);
}

async function readCustomers(folder: string): Promise<Reading> {
  await mustBeFolder(folder);
  const reading: Reading = { folder, customers: new Map(), problems: [], files: [] };
  const table = await readFileOf(reading, customersTable);
  if (table === null) {
    throw new CustomerSourceError(
      `There is no ${customersTable.file} in ${folder}; it is the one file that must be there.`,
    );
  }
  if (!table.usable) {
    const path = join(folder, customersTable.file);
    const said = table.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
    throw new CustomerSourceError([...said, `So there are no customers. Correct ${path}.`].join("\n"));
  }
  return { ...reading, customers: new Map(table.rows.map(({ value }) => [value.id, value])) };
}

async function mustBeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null) throw new CustomerSourceError(`There is no folder ${folder} to read customers from.`);
  if (!found.isDirectory()) {
    throw new CustomerSourceError(`${folder} is not a folder; name the folder that holds ${customersTable.file}.`);
  }
}

/** Null: there is no such file, or none of its rows can be used. */
async function readChildren<Row extends Child>(
  reading: Reading,
  table: Table<Row>,
): Promise<Records<Omit<Row, "customer_id">>> {
  const read = await readFileOf(reading, table);
  if (read === null || !read.usable) return null;
  const byCustomer = new Map<string, Omit<Row, "customer_id">[]>();
  for (const { value, place } of read.rows) {
    const { customer_id: customerId, ...row } = value;
    if (!reading.customers.has(customerId)) {
      reportOrphan(reading, { file: table.file, place, customerId });
      continue;
    }
    const rows = byCustomer.get(customerId) ?? [];
    rows.push(row);
    byCustomer.set(customerId, rows);
  }
  return byCustomer;
}

function reportOrphan(
  reading: Reading,
  { file, place, customerId }: { file: string; place: { line: number; column: number }; customerId: string },
): void {
  const message = `customer_id: customers.csv has no usable row ${JSON.stringify(customerId)}; the row is left out`;
  reading.problems.push({ file, ...place, message });
  const summary = reading.files.find((summary) => summary.file === file);
  if (summary === undefined) return;
  summary.used--;
  summary.leftOut++;
}

async function readFileOf<Row>(reading: Reading, table: Table<Row>): Promise<ReadTable<Row> | null> {
  const bytes = await bytesOf(join(reading.folder, table.file));
  if (bytes === null) return null;
  const text = decoded(bytes);
  const read = text === null ? notText(table) : readTable(table, text);
  reading.problems.push(...read.problems);
  reading.files.push({ file: table.file, used: read.rows.length, leftOut: read.leftOut });
  return read;
}

async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CustomerSourceError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function notText<Row>({ file }: Table<Row>): ReadTable<Row> {
  const message = 'the file is not UTF-8 text; export it as "CSV UTF-8"';
  return { usable: false, rows: [], leftOut: 0, problems: [{ file, line: 1, column: 1, message }] };
}

/** By file, then by place. */
function inOrder({ files, problems }: Reading): CsvProblem[] {
  return files.flatMap(({ file }) =>
    problems.filter((problem) => problem.file === file).toSorted((a, b) => a.line - b.line || a.column - b.column),
  );
}
