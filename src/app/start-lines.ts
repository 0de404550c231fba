/** What the terminal is told at start: what is wrong in flow files and in customers' rows, each at its place. */
import { join } from "node:path";
import type { CsvSource } from "../agents/crm/csv/csv-source.ts";
import type { Problem } from "../flow/flow-file.ts";

/** A column that is wrong throughout would fill the terminal. */
const rowsNamed = 20;

/** With the sandbox: nothing leaves the machine, unless the environment says so. */
export function leavingLines({ smtp, calendar }: { smtp: object | null; calendar: object | null }): string[] {
  return [
    ...(smtp === null ? [] : ["SMTP_URL is set: mails leave the sandbox through that server"]),
    ...(calendar === null ? [] : ["GOOGLE_CALENDAR_ID is set: events leave the sandbox for that calendar"]),
  ];
}

export function flowLines(problems: readonly Problem[]): string[] {
  return problems.map(({ file, line, column, severity, message }) => {
    const word = severity === "warning" ? "warning: " : "";
    return `${file}:${line}:${column}: ${word}${message}`;
  });
}

/** The rest of the rows is used; how many are, and how many aren't, is said file by file. */
export function customerLines(parameters: { folder: string; source: Pick<CsvSource, "problems" | "files"> }): string[] {
  const { folder, source } = parameters;
  const lines = source.problems
    .slice(0, rowsNamed)
    .map(({ file, line, column, message }) => `${join(folder, file)}:${line}:${column}: ${message}`);
  const more = source.problems.length - lines.length;
  const counts = source.files
    .filter(({ leftOut }) => leftOut > 0)
    .map(({ file, used, leftOut }) => `${join(folder, file)}: ${rows(used)} used, ${leftOut} left out`);
  return [...lines, ...(more > 0 ? [`and ${more} more problems in ${folder}`] : []), ...counts];
}

function rows(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}
