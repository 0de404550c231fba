/** What the statements give back: the record's text and the columns that name it. The tables are STRICT, so types hold. */
import type { SQLOutputValue } from "node:sqlite";

export type Row = Record<string, SQLOutputValue>;

export function textOf({ row, column }: { row: Row; column: string }): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`The column ${column} holds no text.`);
}

export function recordOf(row: Row): string {
  return textOf({ row, column: "record" });
}
