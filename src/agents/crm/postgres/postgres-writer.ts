/**
 * Changes of a customer in a database of the user's own, on a connection of their own: the source's stays read-only.
 *
 * - One transaction reads the row, writes what is still to be written where it still stands as it was read, and reads it again:
 *   a value that the database made something else of (a trigger, a rounding) isn't kept.
 * - After a lost answer the next try finds the new values, and that counts as done (W1).
 */
import { valueInWords } from "../../../flow/crm-change.ts";
import type { FieldValue, WritableField } from "../../../flow/customer.ts";
import type { CustomerWriter } from "../../../flow/customer-writer.ts";
import type { CrmChange } from "../../../flow/effect.ts";
import type { FailureError } from "../../../flow/failure.ts";
import { CustomerSourceError } from "../customer-source.ts";
import { isSameValue } from "../field-value.ts";
import { openChanges, refused } from "../open-changes.ts";
import { type Column, readCatalogue, type TableShape } from "./catalogue.ts";
import { Database, type DatabaseLimits, defaultLimits, type Run } from "./database.ts";
import { asText, readField, wholeTypes } from "./field.ts";
import { fits, sameId } from "./id.ts";
import type { CrmMapping } from "./mapping.ts";
import { isShapeProblem, toWriteFailure } from "./postgres-failure.ts";

export interface PostgresWriter extends CustomerWriter {
  close(): Promise<void>;
}

export interface PostgresWriterOptions {
  /** `postgres://…`; it may hold a password, so it is told to nobody. */
  address: string;
  mapping: CrmMapping;
  limits?: DatabaseLimits;
}

export function createPostgresWriter({
  address,
  mapping,
  limits = defaultLimits,
}: PostgresWriterOptions): PostgresWriter {
  const database = new Database({ address, limits: { ...limits, connections: 1 } });
  let known: Promise<TableShape> | null = null;
  const customers = () => {
    known ??= readCatalogue(database, mapping).then((catalogue) => catalogue.customers);
    known.catch(() => (known = null));
    return known;
  };
  return {
    async update({ customerId, changes, signal }) {
      const doing = `while writing to customer ${customerId}`;
      try {
        const row = rowOf(await customers(), { customerId, changes });
        await database.change({ work: (run) => write(run, row), doing, signal });
      } catch (error) {
        if (isShapeProblem(error)) known = null;
        if (error instanceof CustomerSourceError) throw refused(error.message);
        throw toWriteFailure(error, doing);
      }
    },
    close: () => database.close(),
  };
}

/** One customer's row, and the columns of what is to change in it. */
interface Row {
  shape: TableShape;
  id: Column;
  customerId: string;
  changes: readonly CrmChange[];
  columns: ReadonlyMap<WritableField, Column>;
}

function rowOf(shape: TableShape, { customerId, changes }: Pick<Row, "customerId" | "changes">): Row {
  const id = shape.columns.get("id");
  if (id === undefined || !fits(customerId, id)) throw noRow(shape, customerId);
  const columns = changes.map(({ field }) => {
    const column = shape.columns.get(field);
    if (column === undefined) throw refused(`${shape.name} has no column for ${field}.`);
    return [field, column] as const;
  });
  return { shape, id, customerId, changes, columns: new Map(columns) };
}

async function write(run: Run, row: Row): Promise<void> {
  const before = await read(run, row);
  const open = openChanges({ ...row, now: (field) => valueOf(row, before, field) });
  if (open.length === 0) return;
  const { count } = await run(update(row, open, before));
  if (count > 1) throw twice(row);
  const after = await read(run, row);
  const now = (field: WritableField) => valueOf(row, after, field);
  if (count === 1) return mustBeKept(row, open, now);
  // Somebody was faster, which is told with both values; or wrote the same.
  if (openChanges({ ...row, now }).length === 0) return;
  throw refused(`${row.shape.name} changed no row of ${row.customerId}: a rule, a trigger or row security keeps it.`);
}

type Texts = ReadonlyMap<WritableField, string | null>;

/** Each column as text, and so exactly what is compared with when it is written. */
async function read(run: Run, { shape, id, customerId, columns }: Row): Promise<Texts> {
  const list = [id, ...columns.values()].map(({ sql, type }) => asText(sql, type)).join(", ");
  const sql = `SELECT ${list} FROM ${shape.sql} WHERE ${sameId(id)} LIMIT 3`;
  const rows = (await run({ sql, values: [customerId] })).rows.filter(([own]) => own === customerId);
  const [row, another] = rows;
  if (row === undefined) throw noRow(shape, customerId);
  if (another !== undefined) throw twice({ shape, customerId });
  return new Map([...columns.keys()].map((field, index) => [field, row[index + 1] ?? null]));
}

function update({ shape, id, customerId, columns }: Row, open: readonly CrmChange[], before: Texts) {
  const values: (string | null)[] = [customerId];
  const place = (value: string | null) => `$${values.push(value)}`;
  const sets: string[] = [];
  const still = [sameId(id)];
  for (const { field, to } of open) {
    const column = columns.get(field);
    if (column === undefined) continue;
    // Without a cast: the server knows which type it is of, an enum's or a domain's too.
    sets.push(`${column.sql} = ${place(writtenAs(to, column))}`);
    still.push(`${asText(column.sql, column.type)} IS NOT DISTINCT FROM ${place(before.get(field) ?? null)}::text`);
  }
  return { sql: `UPDATE ${shape.sql} SET ${sets.join(", ")} WHERE ${still.join(" AND ")}`, values };
}

function writtenAs(value: FieldValue, { type }: Column): string | null {
  if (value === null) return null;
  if (typeof value === "boolean" && wholeTypes.includes(type)) return value ? "1" : "0";
  return String(value);
}

function valueOf({ shape, customerId, columns }: Row, texts: Texts, field: WritableField): FieldValue {
  const column = columns.get(field);
  if (column === undefined) return null;
  const answer = readField(column.field, { type: column.type, text: texts.get(field) ?? null });
  if (answer.kind === "value") return answer.value;
  throw refused(
    `${shape.name}.${column.name} of ${customerId}: ${answer.message}. Correct it in the customer database.`,
  );
}

function mustBeKept({ shape }: Row, open: readonly CrmChange[], now: (field: WritableField) => FieldValue): void {
  const lost = open.filter(({ field, to }) => !isSameValue(field, now(field), to));
  if (lost.length === 0) return;
  const words = lost.map(({ field, to }) => `${valueInWords(now(field))} of ${field} ${valueInWords(to)}`);
  throw refused(`${shape.name} made ${words.join(", ")}, so nothing was written.`);
}

function noRow({ name }: TableShape, customerId: string): FailureError {
  return refused(`${name} has no customer ${JSON.stringify(customerId)} any more, so nothing was written.`);
}

function twice({ shape, customerId }: Pick<Row, "shape" | "customerId">): FailureError {
  return refused(`${shape.name} has the id ${JSON.stringify(customerId)} twice, so nothing was written.`);
}
