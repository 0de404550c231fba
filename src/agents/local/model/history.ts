/**
 * A file of closed renewals, read strictly: figures of half a file would be figures of something else, so whatever is wrong is
 * said with its place, all at once, and then nothing is worked out.
 */
import { nearest } from "../../../flow/nearest.ts";
import type { CellValue } from "../../crm/csv/cell.ts";
import { type CsvRow, readCsv } from "../../crm/csv/csv-text.ts";
import { type SignalName, signalNames, type Signals } from "../risk/signals.ts";
import type { ClosedRenewal } from "./cards.ts";
import { historyColumns, type Outcome, outcomes } from "./history-column.ts";

export interface HistoryRenewal extends ClosedRenewal {
  /** ISO date: the day whose factors these are. Null: nobody wrote it down. */
  as_of: string | null;
  outcome: Outcome;
  signals: Signals;
}

export interface HistoryProblem {
  line: number;
  /** From 1. */
  column: number;
  message: string;
}

export interface History {
  /** By customer and day: the order of the file's rows changes nothing. */
  renewals: HistoryRenewal[];
  problems: HistoryProblem[];
  /** Signals that the file has no column for. */
  absent: SignalName[];
}

interface Place {
  line: number;
  column: number;
}

type Report = (place: Place, message: string) => void;

export interface HistoryTerms {
  /** ISO date: what closes after it hasn't closed. */
  today: string;
  /** A downgraded renewal counts as lost; else it was renewed. */
  downgradedIsLost: boolean;
}

export function readHistory(text: string, terms: HistoryTerms): History {
  const problems: HistoryProblem[] = [];
  const report: Report = ({ line, column }, message) => problems.push({ line, column, message });
  const { header, rows } = readRows({ text, terms, report });
  if (problems.length === 0 && rows.length === 0)
    report({ line: 1, column: 1 }, "there is no renewal below the header: one row for each closed renewal");
  return {
    renewals: rows.toSorted(
      (one, other) => compared(one.customer, other.customer) || compared(one.closed_on, other.closed_on),
    ),
    problems: problems.toSorted((one, other) => one.line - other.line || one.column - other.column),
    absent: signalNames.filter((name) => !header.includes(name)),
  };
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function readRows({ text, terms, report }: { text: string; terms: HistoryTerms; report: Report }): {
  header: readonly string[];
  rows: HistoryRenewal[];
} {
  if (text.startsWith("PK\u0003\u0004") || text.includes("\0")) {
    report({ line: 1, column: 1 }, "this is no text: save the spreadsheet as CSV in UTF-8");
    return { header: [], rows: [] };
  }
  const { rows, faults } = readCsv(text);
  for (const fault of faults) report(fault, fault.message);
  const [head, ...body] = rows;
  if (head === undefined) {
    if (faults.length === 0) report({ line: 1, column: 1 }, "the file is empty: its first line must name the columns");
    return { header: [], rows: [] };
  }
  const header = readHeader(head, report);
  const first = new Map<string, number>();
  const read = body.flatMap((row) => {
    const renewal = header === null ? null : readRenewal(row, { header, terms, report });
    return renewal === null || isRepeated(row, { renewal, header: header ?? [], first, report }) ? [] : [renewal];
  });
  return { header: header ?? [], rows: read };
}

/** Names by position. Null: rows can't be read. */
function readHeader(row: CsvRow, report: Report): string[] | null {
  const known = historyColumns.map(({ name }) => name);
  const names = row.cells.map((cell) => cell.text.trim());
  for (const [position, cell] of row.cells.entries()) {
    const name = names[position] ?? "";
    if (!known.includes(name)) report(cell, unknownColumn(name, known));
    else if (names.indexOf(name) < position) report(cell, `the column ${name} is there twice`);
  }
  const missing = historyColumns.filter(({ name, isKey }) => isKey && !names.includes(name));
  for (const { name, about } of missing)
    report(
      { line: row.line, column: 1 },
      `the column ${name} is missing (${about.replaceAll("`", "")})${separatorHint(row)}`,
    );
  if (missing.length > 0) return null;
  if (signalNames.some((name) => names.includes(name))) return names;
  report({ line: row.line, column: 1 }, `there is no factor: give at least one of ${signalNames.join(", ")}`);
  return null;
}

function unknownColumn(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const guess = near === null ? "leave it out" : `did you mean ${near}?`;
  return name === "" ? "a column without a name" : `unknown column ${JSON.stringify(name)}: ${guess}`;
}

function separatorHint({ cells }: CsvRow): string {
  return cells.length === 1 && /[;\t]/.test(cells[0]?.text ?? "") ? "; columns are separated by commas" : "";
}

function readRenewal(
  row: CsvRow,
  { header, terms, report }: { header: readonly string[]; terms: HistoryTerms; report: Report },
): HistoryRenewal | null {
  if (row.cells.length !== header.length) {
    report({ line: row.line, column: 1 }, `${row.cells.length} cells where the header has ${header.length}`);
    return null;
  }
  const values = new Map<string, CellValue>();
  let isGood = true;
  const fault: Report = (place, message) => {
    isGood = false;
    report(place, message);
  };
  for (const { name, read } of historyColumns) {
    const cell = row.cells[header.indexOf(name)];
    if (cell === undefined) continue;
    const answer = read(cell.text);
    if (answer.kind === "value") values.set(name, answer.value);
    else fault(cell, `${name}: ${answer.message}`);
  }
  if (isGood) checkTogether({ values, terms, report: (name, message) => fault(cellOf(row, header, name), message) });
  return isGood ? renewalOf(values, terms) : null;
}

/** What each cell may hold, but not beside the others. */
function checkTogether(parameters: {
  values: ReadonlyMap<string, CellValue>;
  terms: HistoryTerms;
  report: (name: string, message: string) => void;
}): void {
  const { values, terms, report } = parameters;
  const [closedOn, asOf] = [textOf(values, "closed_on") ?? "", textOf(values, "as_of")];
  if (closedOn > terms.today) report("closed_on", `closed_on: ${closedOn} is after today, so it isn't closed`);
  if (asOf !== null && asOf >= closedOn)
    report("as_of", `as_of: ${asOf} is not before closed_on ${closedOn}: such factors know the outcome`);
  const [urgent, open] = [values.get("urgent_tickets"), values.get("open_tickets")];
  if (typeof urgent === "number" && typeof open === "number" && open < urgent)
    report("open_tickets", `open_tickets: ${open} are fewer than the ${urgent} urgent ones among them`);
}

function renewalOf(values: ReadonlyMap<string, CellValue>, { downgradedIsLost }: HistoryTerms): HistoryRenewal {
  const written = textOf(values, "outcome");
  const outcome = outcomes.find((word) => word === written) ?? "renewed";
  const arr = values.get("arr");
  return {
    customer: textOf(values, "customer") ?? "",
    owner: textOf(values, "owner"),
    closed_on: textOf(values, "closed_on") ?? "",
    as_of: textOf(values, "as_of"),
    arr: typeof arr === "number" ? arr : null,
    outcome,
    lost: outcome === "churned" || (outcome === "downgraded" && downgradedIsLost),
    signals: signalsOf(values),
  };
}

function signalsOf(values: ReadonlyMap<string, CellValue>): Signals {
  const signal = (name: SignalName) => {
    const value = values.get(name) ?? null;
    return { value: typeof value === "boolean" ? null : value, outdated: false };
  };
  return {
    utilization: signal("utilization"),
    usage_change: signal("usage_change"),
    urgent_tickets: signal("urgent_tickets"),
    oldest_urgent_days: signal("oldest_urgent_days"),
    open_tickets: signal("open_tickets"),
    csat: signal("csat"),
    champion: signal("champion"),
    nps: signal("nps"),
    overdue_days: signal("overdue_days"),
    renewal_mode: signal("renewal_mode"),
  };
}

function isRepeated(
  row: CsvRow,
  parameters: { renewal: HistoryRenewal; header: readonly string[]; first: Map<string, number>; report: Report },
): boolean {
  const { renewal, header, first, report } = parameters;
  const { customer, closed_on } = renewal;
  const key = JSON.stringify([customer, closed_on]);
  const line = first.get(key);
  if (line === undefined) first.set(key, row.line);
  else report(cellOf(row, header, "customer"), `${customer}, closed on ${closed_on}, is on line ${line} already`);
  return line !== undefined;
}

function cellOf(row: CsvRow, header: readonly string[], name: string): Place {
  return row.cells[header.indexOf(name)] ?? { line: row.line, column: 1 };
}

function textOf(values: ReadonlyMap<string, CellValue>, name: string): string | null {
  const value = values.get(name);
  return typeof value === "string" ? value : null;
}
