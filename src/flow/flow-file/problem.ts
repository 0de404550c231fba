/** What is wrong in a flow file, and where. Reading goes on after a problem, so that all are reported at once. */

export interface Problem {
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  message: string;
  severity: "error" | "warning";
}

/** Takes a problem at a character of the file. */
export interface Report {
  error(at: number, message: string): void;
  warning(at: number, message: string): void;
}

export type Place = (at: number) => { line: number; column: number };

export interface Reporting {
  report: Report;
  /** What the report took. */
  found: Problem[];
  /** An error that the report doesn't take: one that shows later. */
  errorAt(at: number, message: string): Problem;
}

export function createReport({ file, place }: { file: string; place: Place }): Reporting {
  const found: Problem[] = [];
  const problem = (severity: Problem["severity"], at: number, message: string): Problem => ({
    file,
    ...place(at),
    message,
    severity,
  });
  return {
    report: {
      error: (at, message) => found.push(problem("error", at, message)),
      warning: (at, message) => found.push(problem("warning", at, message)),
    },
    found,
    errorAt: (at, message) => problem("error", at, message),
  };
}

/** In the order of the file; the same said twice of one place is said once. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter(({ line, column, message }) => {
      const key = `${line}:${column}:${message}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** "; did you mean …?", or nothing. */
export function didYouMean(name: string | null): string {
  return name === null ? "" : `; did you mean ${name}?`;
}
