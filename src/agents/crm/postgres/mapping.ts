/** Which of the database's own tables and columns hold what DESIGN calls customers, usage, tickets, invoices and contacts. */

export const tableNames = ["customers", "usage", "tickets", "invoices", "contacts"] as const;
export type TableName = (typeof tableNames)[number];

/** What `revops.yml` says of one table; what it leaves out has our own name. */
export interface TableMapping {
  table: QualifiedName | null;
  /** By our field; the database's own spelling, capitals and blanks included. */
  columns: Readonly<Record<string, string>>;
}

export type CrmMapping = Readonly<Partial<Record<TableName, TableMapping>>>;

export interface QualifiedName {
  /** Null: wherever the user's search path finds it. */
  schema: string | null;
  name: string;
}

export const noMapping: CrmMapping = {};

/** `accounts`, `public.accounts`, `"Sales Data"."Accounts"`; null for anything else. Spelling counts: nothing is folded to small letters. */
export function parseTableName(text: string): QualifiedName | null {
  const match = /^(?:("(?:[^"]|"")+"|[^".\s]+)\.)?("(?:[^"]|"")+"|[^".\s]+)$/.exec(text);
  if (match === null) return null;
  const [, schema, name = ""] = match;
  return { schema: schema === undefined ? null : unquoted(schema), name: unquoted(name) };
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

/** As SQL, whatever stands in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotedTable({ schema, name }: QualifiedName): string {
  return schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** For people. */
export function shownTable({ schema, name }: QualifiedName): string {
  return schema === null ? name : `${schema}.${name}`;
}
