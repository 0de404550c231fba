/**
 * One file's text into typed rows. Whatever is wrong is said with its place; a bad row is left out and counted, the rest is
 * usable. An unknown or missing column is said once; without a key column the file can't be used at all.
 */
import { nearest } from "../../../flow/nearest.ts";
import type { CellReader, CellValue } from "./cell.ts";
import { type CsvCell, csvLines, type CsvRow } from "./csv-text.ts";
import type { Table } from "./table.ts";

export interface CsvProblem {
  file: string;
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

export interface ReadRow<Row> {
  value: Row;
  /** Of the first key's cell. */
  place: { line: number; column: number };
}

export interface ReadTable<Row> {
  /** False: a key column is missing, or there is no header. */
  usable: boolean;
  rows: ReadRow<Row>[];
  leftOut: number;
  problems: CsvProblem[];
}

interface Header {
  /** Column names by position; null: unknown or repeated, so not read. */
  names: (string | null)[];
  positions: Map<string, number>;
}

type Report = (place: { line: number; column: number }, message: string) => void;

export function readTable<Row>(table: Table<Row>, text: string): ReadTable<Row> {
  const problems: CsvProblem[] = [];
  const report: Report = ({ line, column }, message) => problems.push({ file: table.file, line, column, message });
  const seen = new Map<string, number>();
  const rows: ReadRow<Row>[] = [];
  /** Undefined: not come to yet; null: the file can't be used. */
  let header: Header | null | undefined;
  let lines = 0;
  for (const line of csvLines(text)) {
    if (line.kind === "row" && header === undefined) {
      header = readHeader(table, line.row, report);
      continue;
    }
    lines += 1;
    if (line.kind === "fault") report(line.fault, `${line.fault.message}; the row is left out`);
    else if (header) rows.push(...readRow(table, { header, row: line.row, seen, report }));
  }
  if (header === undefined) report({ line: 1, column: 1 }, "the file is empty; its first line must name the columns");
  return { usable: Boolean(header), rows, leftOut: lines - rows.length, problems: inOrder(problems) };
}

function readHeader<Row>(table: Table<Row>, row: CsvRow, report: Report): Header | null {
  const positions = new Map<string, number>();
  const names = row.cells.map((cell, position) => {
    const name = cell.text.trim();
    const refusal = refuseColumn(table, { name, positions });
    if (refusal !== null) report(cell, refusal);
    else positions.set(name, position);
    return refusal === null ? name : null;
  });
  const missing = Object.keys(table.columns).filter((name) => !positions.has(name));
  const fatal = missing.filter((name) => table.keys.includes(name));
  for (const name of fatal) {
    report(placeOf(row), `the column ${name} is missing; without it no row can be used${hint(row)}`);
  }
  if (fatal.length > 0) return null;
  if (missing.length > 0) report(placeOf(row), readAsEmpty(missing));
  return { names, positions };
}

/** One problem for all: a folder with the few columns that somebody has is usual. */
function readAsEmpty(missing: readonly string[]): string {
  const last = missing.at(-1) ?? "";
  if (missing.length === 1) return `the column ${last} is missing; it is read as empty`;
  return `the columns ${missing.slice(0, -1).join(", ")} and ${last} are missing; they are read as empty`;
}

function refuseColumn<Row>(
  table: Table<Row>,
  { name, positions }: { name: string; positions: Map<string, number> },
): string | null {
  if (positions.has(name)) return `the column ${name} is there twice; the first one is read`;
  if (Object.hasOwn(table.columns, name)) return null;
  const near = nearest(name, Object.keys(table.columns));
  const guess = near === null ? "" : ` Did you mean ${near}?`;
  return `unknown column ${JSON.stringify(name)}; it is not read.${guess}`;
}

function hint(row: CsvRow): string {
  const [only] = row.cells;
  return row.cells.length === 1 && /[;\t]/.test(only?.text ?? "") ? "; columns are separated by commas" : "";
}

/** None: it is left out. */
function readRow<Row>(
  table: Table<Row>,
  { header, row, seen, report }: { header: Header; row: CsvRow; seen: Map<string, number>; report: Report },
): ReadRow<Row>[] {
  const values = readCells(table, { header, row, report });
  if (values === null || isRepeated(table, { row, header, values, seen, report })) return [];
  const { line, column } = cellOf(row, { header, name: table.keys[0] });
  return [{ value: table.row.parse(values), place: { line, column } }];
}

function readCells<Row>(
  table: Table<Row>,
  { header, row, report }: { header: Header; row: CsvRow; report: Report },
): Record<string, CellValue> | null {
  if (row.cells.length !== header.names.length) {
    report(placeOf(row), `${row.cells.length} cells where the header has ${header.names.length}; the row is left out`);
    return null;
  }
  const values: Record<string, CellValue> = {};
  let good = true;
  for (const [name, reader] of Object.entries(table.columns)) {
    const cell = row.cells[header.positions.get(name) ?? -1];
    const value = cell === undefined ? null : readCell(cell, { name, reader, report });
    if (value === undefined) good = false;
    else values[name] = value;
  }
  return good ? values : null;
}

function readCell(
  cell: CsvCell,
  { name, reader, report }: { name: string; reader: CellReader; report: Report },
): CellValue | undefined {
  const answer = reader(cell.text);
  if (answer.kind === "value") return answer.value;
  report(cell, `${name}: ${answer.message}; the row is left out`);
  return undefined;
}

function isRepeated<Row>(
  table: Table<Row>,
  parameters: {
    row: CsvRow;
    header: Header;
    values: Record<string, CellValue>;
    seen: Map<string, number>;
    report: Report;
  },
): boolean {
  const { row, header, values, seen, report } = parameters;
  if (table.unique.length === 0) return false;
  const key = JSON.stringify(table.unique.map((name) => values[name]));
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, row.line);
    return false;
  }
  const last = table.unique.at(-1);
  const shown = table.unique.map((name) => String(values[name])).join(", ");
  const place = cellOf(row, { header, name: last });
  report(place, `${last}: ${shown} is already on line ${first}; the row is left out`);
  return true;
}

function cellOf(row: CsvRow, { header, name }: { header: Header; name: string | undefined }) {
  return row.cells[header.positions.get(name ?? "") ?? 0] ?? placeOf(row);
}

function placeOf(row: CsvRow): { line: number; column: number } {
  return { line: row.line, column: 1 };
}

function inOrder(problems: CsvProblem[]): CsvProblem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
