/** Reads a `NAME.test.yml`: checked, or every problem at its place, with the nearest right name. */
import type { z } from "zod";
import { createReport, inOrder, didYouMean, type Problem } from "../../flow/flow-file/problem.ts";
import { placesIn, readYaml, stepInto, toJson, type SourceNode } from "../../flow/flow-file/source.ts";
import { nearest } from "../../flow/nearest.ts";
import { TestFile } from "./schema.ts";

export type Path = readonly PropertyKey[];

export interface ReadTestFile {
  /** Null where anything is wrong. */
  tests: TestFile | null;
  problems: Problem[];
  /** A problem at the value that this path leads to, or at the deepest that is there. */
  problemAt: (path: Path, message: string) => Problem;
}

export function readTestFile({ file, text }: { file: string; text: string }): ReadTestFile {
  const reporting = createReport({ file, place: placesIn(text) });
  const { report, found } = reporting;
  const root = readYaml({ text, report, what: "a test file" });
  const problemAt = (path: Path, message: string) =>
    reporting.errorAt(root === null ? 0 : placeOf(root, path), message);
  if (root === null || found.length > 0) return { tests: null, problems: inOrder(found), problemAt };
  const read = TestFile.safeParse(toJson(root));
  if (read.success) return { tests: read.data, problems: [], problemAt };
  const problems = read.error.issues.flatMap((issue) =>
    faults(issue).map(({ path, message }) => problemAt(path, message)),
  );
  return { tests: null, problems: inOrder(problems), problemAt };
}

interface Fault {
  path: Path;
  message: string;
}

function faults(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: inWords(issue) }];
  const known = keysAt(issue.path);
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: `there is no key "${key}" here${didYouMean(nearest(key, known))}`,
  }));
}

function inWords(issue: z.core.$ZodIssue): string {
  const name = issue.path.map(String).join(".");
  const said = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  if (issue.code !== "invalid_value") return name === "" ? said : `${name}: ${said}`;
  return `${name}: it is one of ${issue.values.map(String).join(", ")}`;
}

/** The keys that the schema has at this place; list positions count as one. */
function keysAt(path: Path): string[] {
  let schema: unknown = TestFile;
  for (const part of path) schema = typeof part === "number" ? below("element", schema) : below(String(part), schema);
  return Object.keys(shapeOf(schema));
}

function below(name: string, schema: unknown): unknown {
  const inner = unwrapped(schema);
  if (name === "element") return isRecord(inner) ? inner["element"] : null;
  return shapeOf(inner)[name] ?? null;
}

function shapeOf(schema: unknown): Record<string, unknown> {
  const inner = unwrapped(schema);
  const shape = isRecord(inner) ? inner["shape"] : null;
  return isRecord(shape) ? shape : {};
}

/** What is optional, or has a default, is the same inside. */
function unwrapped(schema: unknown): unknown {
  let inner = schema;
  while (isRecord(inner) && typeof inner["unwrap"] === "function" && !("element" in inner)) inner = inner["unwrap"]();
  return inner;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function placeOf(root: SourceNode, path: Path): number {
  let node = root;
  let at = root.at;
  for (const part of path) {
    const { value, entry } = stepInto(node, part);
    if (value === null) return at;
    node = value;
    at = entry?.keyAt ?? value.at;
  }
  return at;
}
