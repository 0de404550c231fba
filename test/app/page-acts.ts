/**
 * What a page of docs has its reader do, in order, for a test that does the same.
 *
 * - A `yaml …` or `ts` block whose first line is a comment with a path: a file to write, as it stands.
 * - A `diff` block, its first line the same: places of that file to change, one after another, `…` between them.
 * - An `sh` block: one command; `# exit code 1` behind it where it is to fail. A `text` block behind it is its whole answer.
 * - A `text app` block: lines that the running app says at some time.
 * - A `slack` block: who types what where, what the bot then posts, who presses Approve.
 *
 * In what is said, `…` within a line stands for some of it and as a line for some lines; a run of spaces is one space.
 */
import { blocks, type Block } from "./page.ts";

export type Act =
  | { kind: "write"; path: string; body: string }
  | { kind: "change"; path: string; hunks: { before: string; after: string }[] }
  | { kind: "run"; command: string; exitCode: number; said: string | null }
  | { kind: "app says"; said: string }
  | { kind: "slack"; lines: string[] };

export function actsOf(page: string): Act[] {
  const all = blocks(page);
  return all.flatMap((block, index) => act(block, all[index + 1]));
}

function act({ kind, body }: Block, next: Block | undefined): Act[] {
  const [first = "", ...rest] = body.split("\n");
  const path = /^(?:#|\/\/) (\S+\.(?:yml|ts))$/.exec(first)?.[1];
  switch (kind) {
    case "yaml":
    case "yaml refused":
    case "yaml extends":
    case "ts":
      return path === undefined ? [] : [{ kind: "write", path, body }];
    case "diff":
      return path === undefined ? [] : [{ kind: "change", path, hunks: rest.join("\n").split("…\n").map(hunk) }];
    case "sh": {
      const [command = "", comment = ""] = body.trim().split(/ # /);
      const exitCode = Number(/^exit code (\d)$/.exec(comment)?.[1] ?? "0");
      return [{ kind: "run", command, exitCode, said: next?.kind === "text" ? next.body : null }];
    }
    case "text app":
      return [{ kind: "app says", said: body }];
    case "slack":
      return [{ kind: "slack", lines: body.trim().split("\n") }];
    default:
      return [];
  }
}

function hunk(text: string): { before: string; after: string } {
  const lines = text.trimEnd().split("\n");
  const side = (marks: string) =>
    lines.filter((line) => marks.includes(line.slice(0, 1))).map((line) => `${line.slice(1)}\n`);
  return { before: side("- ").join(""), after: side("+ ").join("") };
}

/** A pattern of the whole answer. */
export function patternOf(said: string): RegExp {
  const lines = said.trimEnd().split("\n").map(plainly);
  const parts = lines.map((line) => (line === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(escaped).join(".*")} ?\\n`));
  return new RegExp(`^${parts.join("")}$`);
}

export function plainly(text: string): string {
  return text.replaceAll(/[ \t]+/g, " ");
}

export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
