/** A page of README or docs, taken apart for the tests that hold it against the code. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

export function text(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/** README and every page of docs, by its path, with what stands on it. */
export async function pages(): Promise<Map<string, string>> {
  const names = (await readdir(join(root, "docs"), { recursive: true })).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", ...names.toSorted().map((name) => `docs/${name}`)];
  return new Map(await Promise.all(paths.map(async (path) => [path, await text(path)] as const)));
}

export interface Block {
  /** What stands behind the three quotes. */
  kind: string;
  body: string;
}

export function blocks(page: string): Block[] {
  const found = [...page.matchAll(/^```([a-z ]*)\n([^]*?)^```$/gm)];
  return found.map(([, kind = "", body = ""]) => ({ kind, body }));
}

/** Rows of all tables that have these headings, `code` without its quotes. */
export function rows(page: string, ...headings: string[]): string[][] {
  const tables = page.split("\n\n").filter((part) => part.startsWith("|"));
  return tables.flatMap((table) => {
    const [head = [], , ...body] = table.trim().split("\n").map(cells);
    return head.join() === headings.join() ? body : [];
  });
}

/** A bar within a cell is written `\|`. */
function cells(row: string): string[] {
  return row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

export function code(cell: string | undefined): string {
  return /^`([^]*)`$/.exec(cell ?? "")?.[1] ?? "";
}
