/** Rows in aligned columns. */
import fastStringWidth from "fast-string-width";
import type { Paper } from "./paper.ts";

const gap = "  ";

export interface Table {
  heads?: readonly string[];
  rows: readonly (readonly string[])[];
  /** Columns that stand at their right edge: quantities. */
  right?: readonly number[];
}

/** Cells may be marked by the paper; a column whose cells are all empty is left out. */
export function table(paper: Paper, { heads, rows, right = [] }: Table): string {
  const count = Math.max(0, ...rows.map(({ length }) => length));
  const shown = Array.from({ length: count }, (_, column) => column).filter((column) =>
    rows.some((row) => (row[column] ?? "") !== ""),
  );
  const head = heads === undefined ? [] : [heads.map((text) => paper.mark("dim", text))];
  const lines = [...head, ...rows];
  const widths = shown.map((column) => Math.max(...lines.map((line) => fastStringWidth(line[column] ?? ""))));
  const written = lines.map((line) =>
    shown.map((column, place) =>
      padded(line[column] ?? "", { to: widths[place] ?? 0, isRight: right.includes(column) }),
    ),
  );
  return written.map((cells) => cells.join(gap).trimEnd()).join("\n");
}

function padded(cell: string, { to, isRight }: { to: number; isRight: boolean }): string {
  const space = " ".repeat(Math.max(0, to - fastStringWidth(cell)));
  return isRight ? space + cell : cell + space;
}
