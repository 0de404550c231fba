/** `crm` of revops.yml: which tables and columns of the customer database hold what (REVOPS_CRM=postgres://…), and what may be written. */
import { fieldNames } from "../../agents/crm/postgres/field.ts";
import {
  type CrmMapping,
  noMapping,
  parseTableName,
  type QualifiedName,
  type TableMapping,
  type TableName,
  tableNames,
} from "../../agents/crm/postgres/mapping.ts";
import { WritableField } from "../../flow/customer.ts";
import type { Reader } from "../../flow/flow-file/reader.ts";
import type { SourceNode } from "../../flow/flow-file/source.ts";

export interface CrmConfiguration {
  /** What isn't named has our own name. */
  tables: CrmMapping;
  /** The customer's fields that `update_crm` may set. */
  writable: readonly WritableField[];
}

export const noCrm: CrmConfiguration = { tables: noMapping, writable: [] };

export function readCrm(node: SourceNode | null, reader: Reader): CrmConfiguration {
  const sections = node === null ? null : reader.fields(node, { what: "crm", keys: ["tables", "writable"] });
  const writable = sections?.get("writable") ?? null;
  return {
    tables: readTables(sections?.get("tables") ?? null, reader),
    writable: writable === null ? [] : readWritable(writable, reader),
  };
}

/** A field named twice is one. */
function readWritable(node: SourceNode, reader: Reader): WritableField[] {
  const choice = { what: "writable field", words: WritableField.options };
  return [...new Set(reader.list(node).flatMap((one) => reader.oneOf(one, choice) ?? []))];
}

function readTables(node: SourceNode | null, reader: Reader): CrmMapping {
  const fields = node === null ? null : reader.fields(node, { what: "the tables of crm", keys: tableNames });
  if (fields === null) return noMapping;
  const pairs = tableNames.flatMap((name) => {
    const table = fields.get(name);
    return table === null ? [] : [[name, readTable(table, { name, reader })] as const];
  });
  return Object.fromEntries(pairs);
}

function readTable(node: SourceNode, { name, reader }: { name: TableName; reader: Reader }): TableMapping {
  const fields = reader.fields(node, { what: `the table of ${name}`, keys: ["table", "columns"] });
  const table = fields?.get("table") ?? null;
  const columns = fields?.get("columns") ?? null;
  return {
    table: table === null ? null : readTableName(table, reader),
    columns: columns === null ? {} : readColumns(columns, { name, reader }),
  };
}

function readTableName(node: SourceNode, reader: Reader): QualifiedName | null {
  const text = reader.text(node, "a table's name");
  const name = text === null ? null : parseTableName(text);
  if (text !== null && name === null) {
    reader.report.error(
      node.at,
      `"${text}" is no table's name; write accounts, sales.accounts or '"Sales Data"."Accounts"'`,
    );
  }
  return name;
}

function readColumns(node: SourceNode, { name, reader }: { name: TableName; reader: Reader }): Record<string, string> {
  const keys = fieldNames(name);
  const fields = reader.fields(node, { what: `the columns of ${name}`, keys });
  const pairs = keys.flatMap((key) => {
    const column = fields?.get(key) ?? null;
    const text = column === null ? null : reader.text(column, `the column of ${key}`);
    return text === null ? [] : [[key, text] as const];
  });
  return Object.fromEntries(pairs);
}
