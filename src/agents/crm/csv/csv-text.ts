/**
 * CSV as RFC 4180 says, strictly: commas, quotes doubled inside quotes, line breaks inside quotes; a leading BOM is dropped.
 *
 * Job: rows of cells, each with the line and column where it starts. A row that breaks the rules becomes a fault and reading
 * goes on at the next line, so one stray quote doesn't swallow the file. Non-job: no meaning of cells.
 */

export interface CsvCell {
  text: string;
  line: number;
  /** From 1, within its line. */
  column: number;
}

export interface CsvRow {
  line: number;
  cells: CsvCell[];
}

export interface CsvFault {
  line: number;
  column: number;
  message: string;
}

interface Scanner {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
}

class RowFault extends Error {
  readonly fault: CsvFault;
  constructor(fault: CsvFault) {
    super(fault.message);
    this.fault = fault;
  }
}

export type CsvLine = { kind: "row"; row: CsvRow } | { kind: "fault"; fault: CsvFault };

export function readCsv(text: string): { rows: CsvRow[]; faults: CsvFault[] } {
  const rows: CsvRow[] = [];
  const faults: CsvFault[] = [];
  for (const line of csvLines(text)) {
    if (line.kind === "row") rows.push(line.row);
    else faults.push(line.fault);
  }
  return { rows, faults };
}

/** One after the other: the cells of a large file take many times its size, and nobody needs them all at once. */
export function* csvLines(text: string): Generator<CsvLine> {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const scanner: Scanner = { text, at: start, line: 1, lineStart: start };
  while (scanner.at < text.length) {
    const rowStart = { ...scanner };
    try {
      const row = readRow(scanner);
      if (!isBlank(row)) yield { kind: "row", row };
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      yield { kind: "fault", fault: error.fault };
      Object.assign(scanner, { at: rowStart.at, line: rowStart.line, lineStart: rowStart.lineStart });
      skipLine(scanner);
    }
  }
}

export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function readRow(scanner: Scanner): CsvRow {
  const row: CsvRow = { line: scanner.line, cells: [] };
  for (;;) {
    row.cells.push(scanner.text[scanner.at] === '"' ? readQuoted(scanner) : readPlain(scanner));
    if (scanner.text[scanner.at] !== ",") break;
    scanner.at++;
  }
  endLine(scanner);
  return row;
}

function readPlain(scanner: Scanner): CsvCell {
  const cell = cellHere(scanner);
  const start = scanner.at;
  while (!isEnd(scanner.text[scanner.at])) {
    if (scanner.text[scanner.at] === '"') {
      throw faultHere(scanner, 'a quote inside a cell that is not quoted: write "" inside quotes');
    }
    scanner.at++;
  }
  return { ...cell, text: scanner.text.slice(start, scanner.at) };
}

function readQuoted(scanner: Scanner): CsvCell {
  const cell = cellHere(scanner);
  scanner.at++;
  let text = "";
  for (;;) {
    const character = scanner.text[scanner.at];
    if (character === undefined) {
      throw new RowFault({ line: cell.line, column: cell.column, message: "this quote is never closed" });
    }
    scanner.at++;
    if (character === "\n") {
      scanner.line++;
      scanner.lineStart = scanner.at;
    }
    if (character !== '"') text += character;
    else if (scanner.text[scanner.at] === '"') {
      text += '"';
      scanner.at++;
    } else break;
  }
  if (!isEnd(scanner.text[scanner.at])) throw faultHere(scanner, "text after the closing quote");
  return { ...cell, text };
}

/** A lone carriage return ends a line too: old exports write it. */
function endLine(scanner: Scanner): void {
  if (scanner.at >= scanner.text.length) return;
  scanner.at += scanner.text.startsWith("\r\n", scanner.at) ? 2 : 1;
  scanner.line++;
  scanner.lineStart = scanner.at;
}

function skipLine(scanner: Scanner): void {
  while (scanner.at < scanner.text.length && !/[\r\n]/.test(scanner.text.charAt(scanner.at))) scanner.at++;
  endLine(scanner);
}

function isEnd(character: string | undefined): boolean {
  return character === undefined || character === "," || character === "\n" || character === "\r";
}

function isBlank(row: CsvRow): boolean {
  return row.cells.length === 1 && row.cells[0]?.text.trim() === "";
}

function cellHere(scanner: Scanner): CsvCell {
  return { text: "", line: scanner.line, column: scanner.at - scanner.lineStart + 1 };
}

function faultHere(scanner: Scanner, message: string): RowFault {
  return new RowFault({ line: scanner.line, column: scanner.at - scanner.lineStart + 1, message });
}
