/**
 * Customers from a database of the user's own, read when they are asked for.
 *
 * Job: find, page and narrow customers, and read what hangs on one of them, through the mapping of `revops.yml`. Non-job: it
 * writes nothing and keeps no rows.
 * - One customer's row that can't be read fails that question (`Agent.InvalidOutput`), with table, column and id. A row among
 *   all is left out and told, so that one of ten thousand doesn't stop a firing.
 * - The tables are looked at once, and again after they turned out to be different.
 */
import { Customer, type WritableField } from "../../../flow/customer.ts";
import { FailureError } from "../../../flow/failure.ts";
import { momentOf } from "../../../flow/filter/evaluate.ts";
import type { FilterHint } from "../../agent.ts";
import type { CustomerSource } from "../customer-source.ts";
import { type Catalogue, readCatalogue, type TableShape } from "./catalogue.ts";
import { Database, type DatabaseLimits, defaultLimits, type Query, type TextRow } from "./database.ts";
import { fieldNames, textTypes } from "./field.ts";
import { castOf, fits, sameId } from "./id.ts";
import type { CrmMapping } from "./mapping.ts";
import { isDataException, isShapeProblem, toFailure } from "./postgres-failure.ts";
import { pushDown, type PushedCondition } from "./push-down.ts";
import { readRecords } from "./records.ts";
import { readRow, selectList } from "./row.ts";

/** The port's promise: pages of at most this many. */
const pageSize = 1000;
/** Sentences about rows that were left out, each told once. */
const mostTold = 1000;

export interface PostgresSource extends CustomerSource {
  count(parameters?: { signal?: AbortSignal | undefined }): Promise<number>;
  pushedDown(hint: FilterHint): Promise<boolean[]>;
  /**
   * What isn't there, in sentences, and which of the fields that are to be written has no column. Throws `CustomerSourceError`
   * where customers can't be read at all, else `FailureError`.
   */
  check(asked?: { writable: readonly WritableField[] }): Promise<string[]>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** `postgres://…`; it may hold a password, so it is told to nobody. */
  address: string;
  mapping: CrmMapping;
  limits?: DatabaseLimits;
  /** Of rows that were left out. */
  tell: (line: string) => void;
}

export function createPostgresSource({
  address,
  mapping,
  limits = defaultLimits,
  tell,
}: PostgresOptions): PostgresSource {
  const customers = new PostgresCustomers({ database: new Database({ address, limits }), mapping, tell });
  return {
    get: (asked) => customers.get(asked),
    find: (asked) => customers.find(asked),
    all: (asked) => customers.all(asked),
    count: (asked) => customers.count(asked),
    records: async (asked) => customers.records(asked),
    pushedDown: (hint) => customers.pushedDown(hint),
    check: async ({ writable } = { writable: [] }) => {
      const { customers: shape, lines } = await customers.catalogue();
      return [...lines, ...withoutColumn(shape, writable)];
    },
    close: () => customers.close(),
  };
}

function withoutColumn({ columns, name }: TableShape, writable: readonly WritableField[]): string[] {
  const missing = writable.filter((field) => !columns.has(field));
  return missing.map((field) => `${name} has no column for ${field}, which crm.writable of revops.yml names.`);
}

type Signal = AbortSignal | undefined;

class PostgresCustomers {
  readonly #database: Database;
  readonly #mapping: CrmMapping;
  readonly #tell: (line: string) => void;
  readonly #told = new Set<string>();
  #catalogue: Promise<Catalogue> | null = null;

  constructor(parts: { database: Database; mapping: CrmMapping; tell: (line: string) => void }) {
    this.#database = parts.database;
    this.#mapping = parts.mapping;
    this.#tell = parts.tell;
  }

  catalogue(): Promise<Catalogue> {
    if (this.#catalogue !== null) return this.#catalogue;
    const reading = readCatalogue(this.#database, this.#mapping);
    this.#catalogue = reading;
    reading.catch(() => this.#forget());
    return reading;
  }

  async get({ customerId, signal }: { customerId: string; signal?: Signal }): Promise<Customer | null> {
    const { customers } = await this.catalogue();
    const id = columnOf(customers, "id");
    if (!fits(customerId, id)) return null;
    const sql = `SELECT ${selectList(customers)} FROM ${customers.sql} WHERE ${sameId(id)} LIMIT 2`;
    const rows = await this.#read({ sql, values: [customerId], doing: `while reading ${customers.name}`, signal });
    // "007" is 7 to a column of numbers, but no customer's id.
    const found = rows.map((row) => customerOf(customers, row)).filter((one) => one.id === customerId);
    if (found.length > 1) throw unreadable(`${customers.name} has the id ${JSON.stringify(customerId)} twice`);
    return found[0] ?? null;
  }

  async find({ text, signal }: { text: string; signal?: Signal }): Promise<Customer[]> {
    const wanted = folded(text);
    if (wanted === "") return [];
    const { customers } = await this.catalogue();
    const [id, name] = [columnOf(customers, "id").sql, columnOf(customers, "name").sql];
    const sql = `SELECT ${selectList(customers)} FROM ${customers.sql}
      WHERE lower(btrim(${id}::text)) IN ($1, lower($2)) OR lower(btrim(${name}::text)) IN ($1, lower($2))
      ORDER BY ${id}::text COLLATE "C" LIMIT ${pageSize}`;
    const doing = `while looking for a customer in ${customers.name}`;
    const rows = await this.#read({ sql, values: [wanted, text.trim()], doing, signal });
    return rows
      .map((row) => customerOf(customers, row))
      .filter((one) => folded(one.id) === wanted || folded(one.name) === wanted);
  }

  async *all({ hint, signal }: { hint?: FilterHint | undefined; signal?: Signal } = {}): AsyncGenerator<Customer[]> {
    const { customers } = await this.catalogue();
    let narrowing = hint === undefined ? null : narrow(customers, hint);
    let after: string | null = null;
    for (;;) {
      const query = pageQuery(customers, { after, narrowing, signal });
      let rows: TextRow[];
      try {
        rows = await this.#readRaw(query);
      } catch (error) {
        if (narrowing === null || !isDataException(error)) throw toFailure(error, query.doing);
        // A cell that the server can't calculate with: this machine can, or leaves that one customer out.
        narrowing = null;
        continue;
      }
      const page = this.#usable(customers, rows);
      if (page.length > 0) yield page;
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageSize) return;
      after = last[columnIndex(customers, "id")] ?? null;
    }
  }

  async count({ signal }: { signal?: Signal } = {}): Promise<number> {
    const { customers } = await this.catalogue();
    const sql = `SELECT count(*)::text FROM ${customers.sql} WHERE ${columnOf(customers, "id").sql} IS NOT NULL`;
    const rows = await this.#read({ sql, values: [], doing: `while counting ${customers.name}`, signal });
    return Number(rows[0]?.[0] ?? 0);
  }

  async records({ customerId, signal }: { customerId: string; signal?: Signal }) {
    const { customers, others } = await this.catalogue();
    const read = (query: Query) => this.#read(query);
    const isKnown = (await this.get({ customerId, signal })) !== null;
    return readRecords({ customers, others, customerId: isKnown ? customerId : null, signal, read });
  }

  async pushedDown(hint: FilterHint): Promise<boolean[]> {
    const { customers } = await this.catalogue();
    return conditionsOf(customers, hint).map((condition) => condition !== null);
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #forget(): void {
    this.#catalogue = null;
  }

  async #read(query: Query): Promise<TextRow[]> {
    try {
      return await this.#readRaw(query);
    } catch (error) {
      throw toFailure(error, query.doing);
    }
  }

  /** Throws the server's own error. */
  async #readRaw(query: Query): Promise<TextRow[]> {
    try {
      return await this.#database.readRaw(query);
    } catch (error) {
      if (isShapeProblem(error)) this.#forget();
      throw error;
    }
  }

  #usable(customers: TableShape, rows: readonly TextRow[]): Customer[] {
    const seen = new Set<string>();
    return rows.flatMap((row) => {
      const answer = readRow(customers, { row, fields: fieldNames("customers"), idFields: ["id"] });
      if (answer.kind === "fault") this.#tellOnce(`${answer.message}; the customer is left out`);
      else {
        const customer = Customer.parse(answer.values);
        if (!seen.has(customer.id)) {
          seen.add(customer.id);
          return [customer];
        }
        this.#tellOnce(`${customers.name} has the id ${JSON.stringify(customer.id)} twice; the first row is used`);
      }
      return [];
    });
  }

  #tellOnce(line: string): void {
    if (this.#told.has(line) || this.#told.size >= mostTold) return;
    this.#told.add(line);
    this.#tell(line);
  }
}

function columnOf({ columns, name }: TableShape, field: string) {
  const column = columns.get(field);
  if (column === undefined) throw new Error(`${name} was read without its ${field}.`);
  return column;
}

function columnIndex({ columns }: TableShape, field: string): number {
  return [...columns.keys()].indexOf(field);
}

/** Texts by code point, which is the same on every server; other ids as their type has them. */
function pageQuery(
  customers: TableShape,
  { after, narrowing, signal }: { after: string | null; narrowing: PushedCondition | null; signal: Signal },
): Query {
  const id = columnOf(customers, "id");
  const isText = textTypes.has(id.type) || id.isEnum;
  const key = isText ? `${id.sql}::text COLLATE "C"` : id.sql;
  const values = [...(narrowing?.values ?? [])];
  const conditions = [`${id.sql} IS NOT NULL`, ...(narrowing === null ? [] : [narrowing.sql])];
  if (after !== null) {
    values.push(after);
    conditions.push(`${key} > $${values.length}${isText ? "::text" : castOf(id.type)}`);
  }
  const sql = `SELECT ${selectList(customers)} FROM ${customers.sql} WHERE ${conditions.join(" AND ")} ORDER BY ${key} LIMIT ${pageSize}`;
  return { sql, values, doing: `while reading ${customers.name}`, signal };
}

/** One for each condition; null: it stays here. */
function conditionsOf({ columns }: TableShape, { filter, now, timezone }: FilterHint): (PushedCondition | null)[] {
  const moment = momentOf({ now, timezone });
  let offset = 0;
  return filter.nodes.map((node) => {
    const condition = pushDown(node, { columns, moment, offset });
    offset += condition?.values.length ?? 0;
    return condition;
  });
}

function narrow(customers: TableShape, hint: FilterHint): PushedCondition | null {
  const asked = conditionsOf(customers, hint).filter((condition) => condition !== null);
  if (asked.length === 0) return null;
  return { sql: asked.map(({ sql }) => sql).join(" AND "), values: asked.flatMap(({ values }) => values) };
}

function customerOf(customers: TableShape, row: TextRow): Customer {
  const answer = readRow(customers, { row, fields: fieldNames("customers"), idFields: ["id"] });
  if (answer.kind === "fault") throw unreadable(answer.message);
  return Customer.parse(answer.values);
}

function unreadable(message: string): FailureError {
  return new FailureError({ error: "Agent.InvalidOutput", cause: `${message}. Correct it in the customer database.` });
}

/** One name may be typed with composed or combining accents. */
function folded(text: string): string {
  return text.normalize("NFC").trim().toLowerCase();
}
