/**
 * The database's tables as they are: which of ours are there, under which columns, of which types.
 *
 * Job: meet the mapping with the server's catalogue; say what is missing with the nearest right name. Customers must be there;
 * any other table that can't be used is a gap, told once. Non-job: no rows.
 */
import { nearest } from "../../../flow/nearest.ts";
import { CustomerSourceError } from "../customer-source.ts";
import type { Database } from "./database.ts";
import { type Field, fieldsOf, misfit } from "./field.ts";
import {
  type CrmMapping,
  type QualifiedName,
  quoted,
  quotedTable,
  shownTable,
  type TableName,
  tableNames,
} from "./mapping.ts";

export interface Column {
  field: Field;
  /** The database's own name for it. */
  name: string;
  sql: string;
  /** Of PostgreSQL, a domain's own type: `timestamptz`, `numeric`. */
  type: string;
  isEnum: boolean;
}

export interface TableShape {
  /** For people. */
  name: string;
  sql: string;
  /** By our field; a field without a column isn't in it. */
  columns: ReadonlyMap<string, Column>;
}

export interface Catalogue {
  customers: TableShape;
  /** Null: a gap. */
  others: ReadonlyMap<Exclude<TableName, "customers">, TableShape | null>;
  /** What isn't there, for whoever starts the app. */
  lines: string[];
}

interface Found {
  name: string;
  type: string;
  isEnum: boolean;
}

/** Throws `CustomerSourceError` where customers can't be read as they are mapped, `FailureError` where nothing can be said. */
export async function readCatalogue(database: Database, mapping: CrmMapping): Promise<Catalogue> {
  const lines: string[] = [];
  const shapes = new Map<TableName, TableShape | null>();
  for (const table of tableNames) {
    const { shape, problems } = await readTable(database, { table, mapping });
    if (shape === null && table === "customers") throw new CustomerSourceError(problems.join("\n"));
    shapes.set(table, shape);
    lines.push(...problems);
  }
  const customers = shapes.get("customers") ?? null;
  if (customers === null) throw new CustomerSourceError("The customer database has no customers.");
  shapes.delete("customers");
  const others = new Map(
    [...shapes].flatMap(([table, shape]) => (table === "customers" ? [] : [[table, shape] as const])),
  );
  return { customers, others, lines };
}

interface Asked {
  table: TableName;
  mapping: CrmMapping;
}

/** Null: it can't be used, and a problem says why. */
async function readTable(
  database: Database,
  { table, mapping }: Asked,
): Promise<{ shape: TableShape | null; problems: string[] }> {
  const mapped = mapping[table];
  const qualified = mapped?.table ?? { schema: null, name: table };
  const found = await columnsOf(database, qualified);
  const name = shownTable(qualified);
  if (found === null) return { shape: null, problems: [await noTable(database, { table, qualified })] };

  const columns = new Map<string, Column>();
  const unknown: string[] = [];
  const wrong: string[] = [];
  let isUsable = true;
  for (const field of fieldsOf(table)) {
    const own = mapped?.columns[field.name];
    const wanted = own ?? field.name;
    const column = found.find((one) => one.name === wanted);
    const fault = column === undefined ? null : misfit(field.kind, column);
    if (column !== undefined && fault === null) {
      columns.set(field.name, { ...column, field, sql: quoted(wanted) });
    } else if (column === undefined && own === undefined && !field.isKey) {
      unknown.push(field.name);
    } else {
      const hint = hintAt({ table, field, found, own });
      if (fault === null) wrong.push(noColumn({ name, wanted, field, own, hint }));
      else wrong.push(`${name}.${wanted}, read as ${field.name}, ${fault}${hint}`);
      if (field.isKey || table === "customers") isUsable = false;
    }
  }
  const gap = isUsable || table === "customers" ? "" : ` So ${table} are a gap.`;
  const problems = wrong.map((problem) => `${problem}.${gap}`);
  if (isUsable && unknown.length > 0)
    problems.push(
      `${name} has no ${inWords(unknown)}; read as empty, unless crm.tables.${table}.columns says what they are called.`,
    );
  return { shape: isUsable ? { name, sql: quotedTable(qualified), columns } : null, problems };
}

async function columnsOf(database: Database, table: QualifiedName): Promise<Found[] | null> {
  const rows = await database.read({
    sql: `SELECT a.attname::text, base.typname::text, (base.typtype = 'e')::text
      FROM pg_catalog.pg_class c
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_type base ON base.oid = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
      WHERE c.oid = pg_catalog.to_regclass($1) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
      ORDER BY a.attnum`,
    values: [quotedTable(table)],
    doing: "while looking at its tables",
  });
  if (rows.length === 0) return null;
  return rows.map(([name, type, isEnum]) => ({ name: name ?? "", type: type ?? "", isEnum: isEnum === "true" }));
}

async function noTable(database: Database, { table, qualified }: { table: TableName; qualified: QualifiedName }) {
  const rows = await database.read({
    sql: `SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1, 2 LIMIT 2000`,
    values: [],
    doing: "while looking at its tables",
  });
  const names = rows.flatMap(([schema, name]) => [
    `${schema}.${name}`,
    ...(qualified.schema === null ? [name ?? ""] : []),
  ]);
  const near = nearest(shownTable(qualified), names);
  const guess = near === null ? "" : ` Did you mean ${near}?`;
  const way = `Name the table in revops.yml under crm.tables.${table}.table.`;
  const missing = `The customer database has no table ${shownTable(qualified)}, or its user may not see it`;
  return table === "customers" ? `${missing}.${guess} ${way}` : `${missing}; ${table} are a gap.${guess} ${way}`;
}

interface Missing {
  name: string;
  wanted: string;
  field: Field;
  own: string | undefined;
  hint: string;
}

function noColumn({ name, wanted, field, own, hint }: Missing): string {
  const why = own === undefined ? "" : `, which revops.yml names for ${field.name}`;
  return `${name} has no column ${wanted}${why}${hint}`;
}

interface Hint {
  table: TableName;
  field: Field;
  found: readonly Found[];
  own: string | undefined;
}

function hintAt({ table, field, found, own }: Hint): string {
  const wanted = own ?? field.name;
  const others = found.map(({ name }) => name).filter((name) => name !== wanted);
  const near = nearest(wanted, others);
  const way = `crm.tables.${table}.columns.${field.name} in revops.yml names it`;
  return near === null ? `; ${way}` : `; did you mean ${near}? ${way}`;
}

function inWords(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length === 1 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
