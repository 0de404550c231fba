/** A YAML file as a tree of values that know where they stand. */
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Pair, Scalar, YAMLMap } from "yaml";
import type { Json } from "../json.ts";
import { offsetIn } from "./offset.ts";
import type { Place, Report } from "./problem.ts";

export type SourceNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  kind: "map";
  /** Character in the file. */
  at: number;
  entries: SourceEntry[];
}

export interface SourceEntry {
  key: string;
  keyAt: number;
  value: SourceNode;
}

export interface ListNode {
  kind: "list";
  at: number;
  items: SourceNode[];
}

export interface ScalarNode {
  kind: "scalar";
  at: number;
  value: string | number | boolean | null;
  /** As it is written, without quotes: `1.0` where the value is 1. */
  written: string;
  /** Where a character of the text stands in the file. */
  place(offset: number): number;
}

const maxLength = 1_000_000;
const maxDepth = 50;

export function placesIn(text: string): Place {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    const line = starts.findLastIndex((start) => start <= at);
    return { line: line + 1, column: at - (starts[line] ?? 0) + 1 };
  };
}

/** Null where the text can't be read as one YAML document; the report says why. `what` is the file, in words. */
export function readYaml(asked: { text: string; report: Report; what: string }): SourceNode | null {
  const { text, report, what } = asked;
  if (text.length > maxLength) {
    report.error(0, `${what} may have ${maxLength.toLocaleString("en")} characters`);
    return null;
  }
  const document = parse(text, report);
  if (document === null) return null;
  for (const warning of document.warnings) report.error(warning.pos[0], sentence(warning.message));
  for (const error of document.errors) report.error(error.pos[0], `${wordsFor(error, what)}${hintFor(error, text)}`);
  const isReadable = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  if (!isReadable) return null;
  if (document.contents === null) {
    report.error(0, "the file is empty");
    return null;
  }
  return toNode(document.contents, { text, report, depth: 0 });
}

function parse(text: string, report: Report): Document | null {
  try {
    return parseDocument(text, { prettyErrors: false });
  } catch {
    report.error(0, "this is nested too deeply to be read");
    return null;
  }
}

function wordsFor({ code, message }: { code: string; message: string }, what: string): string {
  if (code === "DUPLICATE_KEY") return "this key stands here already";
  if (code === "MULTIPLE_DOCS") return `${what} is one YAML document; put the next one in a file of its own`;
  return `this isn't YAML: ${sentence(message)}`;
}

/** Characters: more than a line that a person writes. */
const lookedBack = 300;

/** What is written without quotes, a channel most often, takes the closing brace into its comment. */
function hintFor({ code, pos }: { code: string; pos: [number, number] }, text: string): string {
  const isOpen = code === "BAD_INDENT" || code === "MISSING_CHAR";
  const [last = ""] = text
    .slice(Math.max(0, pos[0] - lookedBack), pos[0])
    .trimEnd()
    .split("\n")
    .slice(-1);
  return isOpen && /[{[].*[:,[{]\s+#\S/.test(last)
    ? "; after a blank, # begins a comment: write '#name' in quotes"
    : "";
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

interface Reading {
  text: string;
  report: Report;
  depth: number;
}

function toNode(node: unknown, reading: Reading): SourceNode {
  const at = startOf(node);
  if (reading.depth > maxDepth) {
    reading.report.error(at, `more than ${maxDepth} levels deep`);
    return empty(at);
  }
  const inner = { ...reading, depth: reading.depth + 1 };
  if (isMap(node)) return { kind: "map", at, entries: entriesOf(node, inner) };
  if (isSeq(node)) return { kind: "list", at, items: node.items.map((item) => toNode(item, inner)) };
  if (isScalar(node)) return toScalar(node, reading);
  if (isAlias(node)) reading.report.error(at, "YAML aliases (*name) are not supported; write the value again");
  return empty(at);
}

/** The first of two equal keys counts. */
function entriesOf(map: YAMLMap, reading: Reading): SourceEntry[] {
  const entries: SourceEntry[] = [];
  for (const pair of map.items) {
    const entry = toEntry(pair, reading);
    if (entry !== null && !entries.some(({ key }) => key === entry.key)) entries.push(entry);
  }
  return entries;
}

function toEntry(pair: Pair, reading: Reading): SourceEntry | null {
  const keyAt = startOf(pair.key);
  if (!isScalar(pair.key)) {
    reading.report.error(keyAt, "a key must be a plain name");
    return null;
  }
  const key = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? String(pair.key.value));
  const value = pair.value === null ? empty(keyAt) : toNode(pair.value, reading);
  return { key, keyAt, value };
}

function toScalar(scalar: Scalar, { text, report }: Reading): ScalarNode {
  const at = startOf(scalar);
  const { value } = scalar;
  const isFinite = typeof value !== "number" || Number.isFinite(value);
  if (!isFinite) report.error(at, `${scalar.source ?? "this"} is not a finite number`);
  const isJson = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return {
    kind: "scalar",
    at,
    value: isJson && isFinite ? value : null,
    written: scalar.source ?? String(value),
    place: (offset) => offsetIn({ text, scalar, offset }),
  };
}

function empty(at: number): ScalarNode {
  return { kind: "scalar", at, value: null, written: "", place: () => at };
}

function startOf(node: unknown): number {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Null: it is no map, or has no such key. */
export function entryOf(node: SourceNode | null, key: string): SourceEntry | null {
  return node?.kind === "map" ? (node.entries.find((entry) => entry.key === key) ?? null) : null;
}

/** One step down a path: into a map by its key, into a list by its number. */
export function stepInto(node: SourceNode, name: PropertyKey): { value: SourceNode | null; entry: SourceEntry | null } {
  if (node.kind === "list") return { value: node.items[Number(name)] ?? null, entry: null };
  const entry = entryOf(node, String(name));
  return { value: entry?.value ?? null, entry };
}

export function toJson(node: SourceNode): Json {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toJson);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, toJson(value)]));
  }
}

/** All texts in the value, each with its place. */
export function textsIn(node: SourceNode): (ScalarNode & { value: string })[] {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string" ? [{ ...node, value: node.value }] : [];
    case "list":
      return node.items.flatMap(textsIn);
    case "map":
      return node.entries.flatMap(({ value }) => textsIn(value));
  }
}
