/** Reads values of the types that the language knows; what has another type is reported and gives null. */
import { parseDuration } from "../duration.ts";
import { identifier, reservedIds } from "../flow.ts";
import { nearest } from "../nearest.ts";
import { didYouMean } from "./problem.ts";
import type { Report } from "./problem.ts";
import type { MapNode, ScalarNode, SourceEntry, SourceNode } from "./source.ts";

export interface Fields {
  at: number;
  entry(key: string): SourceEntry | null;
  get(key: string): SourceNode | null;
}

export interface FieldNames {
  /** What the mapping is, in words: "a step". */
  what: string;
  keys: readonly string[];
  /** Keys that may stand there without a value. */
  emptyable?: readonly string[];
  /** Why a key that the language has doesn't belong here. */
  elsewhere?: Readonly<Record<string, string>>;
}

export interface Reader {
  report: Report;
  fields(node: SourceNode, names: FieldNames): Fields | null;
  text(node: SourceNode, what: string): string | null;
  wholeNumber(node: SourceNode, range: Range): number | null;
  flag(node: SourceNode, what: string): boolean | null;
  /** Milliseconds. */
  duration(node: SourceNode, what: string): number | null;
  id(node: SourceNode, what: string): string | null;
  oneOf<Word extends string>(node: SourceNode, choice: Choice<Word>): Word | null;
  /** A single value counts as a list of one. */
  list(node: SourceNode): SourceNode[];
}

export interface Range {
  what: string;
  min: number;
  /** Left out: as large as numbers are exact. */
  max?: number;
}

export interface Choice<Word extends string> {
  what: string;
  words: readonly Word[];
}

export function createReader(report: Report): Reader {
  const text = (node: SourceNode, what: string) => readText({ node, what, report });
  return {
    report,
    text,
    fields: (node, names) => readFields({ node, names, report }),
    wholeNumber: (node, range) => readWholeNumber({ node, range, report }),
    flag(node, what) {
      if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
      report.error(node.at, `${what} must be true or false, not ${kindOf(node)}`);
      return null;
    },
    duration(node, what) {
      const written = text(node, what);
      return written === null ? null : readDuration({ node, what, written, report });
    },
    id(node, what) {
      const written = text(node, what);
      return written === null ? null : readId({ node, what, written, report });
    },
    oneOf(node, choice) {
      const written = text(node, choice.what);
      return written === null ? null : readWord({ node, choice, written, report });
    },
    list: (node) => (node.kind === "list" ? node.items : [node]),
  };
}

interface Reading {
  node: SourceNode;
  report: Report;
}

function readFields({ node, names, report }: Reading & { names: FieldNames }): Fields | null {
  if (node.kind !== "map") {
    report.error(node.at, `${names.what} must be a mapping of keys to values, not ${kindOf(node)}`);
    return null;
  }
  for (const entry of node.entries) checkKey({ entry, names, report });
  const known = node.entries.filter(({ key, value }) => names.keys.includes(key) && !isEmpty(value));
  const entry = (key: string) => known.find((each) => each.key === key) ?? null;
  return { at: node.at, entry, get: (key) => entry(key)?.value ?? null };
}

function checkKey({ entry, names, report }: { entry: SourceEntry; names: FieldNames; report: Report }): void {
  const { key, keyAt, value } = entry;
  if (names.keys.includes(key)) {
    if (isEmpty(value) && names.emptyable?.includes(key) !== true) {
      report.error(keyAt, `"${key}" is empty; give it a value or leave it out`);
    }
    return;
  }
  const elsewhere = names.elsewhere;
  if (elsewhere !== undefined && Object.hasOwn(elsewhere, key)) {
    report.error(keyAt, `"${key}" ${elsewhere[key]}`);
    return;
  }
  report.error(keyAt, `${names.what} has no key "${key}"${didYouMean(nearest(key, names.keys))}`);
}

function readText({ node, what, report }: Reading & { what: string }): string | null {
  if (node.kind === "scalar" && typeof node.value === "string" && node.value !== "") return node.value;
  const found = node.kind === "scalar" && node.value === "" ? "empty" : kindOf(node);
  const hint = node.kind === "scalar" && node.written !== "" ? `; write it in quotes: "${node.written}"` : "";
  report.error(node.at, `${what} must be a text, not ${found}${hint}`);
  return null;
}

function readWholeNumber({ node, range, report }: Reading & { range: Range }): number | null {
  const { what, min, max = Number.MAX_SAFE_INTEGER } = range;
  const value = node.kind === "scalar" ? node.value : null;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  const found = typeof value === "number" ? String(value) : kindOf(node);
  const limits = range.max === undefined ? `from ${min}` : `from ${min} to ${max}`;
  report.error(node.at, `${what} must be a whole number ${limits}, not ${found}`);
  return null;
}

function readDuration({ node, what, written, report }: Reading & { what: string; written: string }): number | null {
  const ms = parseDuration(written);
  if (ms !== null && ms > 0) return ms;
  const reason = ms === 0 ? "must be longer than nothing" : `"${written}" is no duration`;
  const subject = ms === 0 ? what : `${what}:`;
  report.error(node.at, `${subject} ${reason}; write it as in PT30S, PT4H or P3D (no months, no years)`);
  return null;
}

function readId({ node, what, written, report }: Reading & { what: string; written: string }): string | null {
  if (reservedIds.has(written)) {
    report.error(node.at, `${what} can't be "${written}": that word has a meaning in expressions`);
    return null;
  }
  if (identifier.test(written)) return written;
  const better = written
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_")
    .replaceAll(/^[^a-z]+|_+$/g, "")
    .slice(0, 64);
  const rule = "small letters, digits and _, beginning with a letter, at most 64";
  report.error(node.at, `${what} "${written}" must be ${rule}${didYouMean(better === "" ? null : better)}`);
  return null;
}

function readWord<Word extends string>(reading: Reading & { choice: Choice<Word>; written: string }): Word | null {
  const { node, choice, written, report } = reading;
  const found = choice.words.find((word) => word === written);
  if (found !== undefined) return found;
  const near = nearest(written, choice.words);
  const hint = near === null ? `; it is one of ${choice.words.join(", ")}` : didYouMean(near);
  report.error(node.at, `there is no ${choice.what} "${written}"${hint}`);
  return null;
}

export function isEmpty(node: SourceNode): node is ScalarNode {
  return node.kind === "scalar" && node.value === null;
}

export function asMap(node: SourceNode | null): MapNode | null {
  return node?.kind === "map" ? node : null;
}

export function kindOf(node: SourceNode): string {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a mapping";
  if (node.value === null) return "empty";
  const kinds = { string: "a text", number: "a number", boolean: "true or false" } as const;
  const type = typeof node.value;
  return type === "string" || type === "number" || type === "boolean" ? kinds[type] : "empty";
}
