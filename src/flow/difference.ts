/**
 * What differs between two versions of a flow, in the words of a flow file: step by step, key by key, durations in ISO 8601.
 * Lists are compared whole: which of their items moved says nothing to a reader.
 */
import type { Dependency, FlowDefinition, Step } from "./flow.ts";
import { canonicalJson, type Json } from "./json.ts";

export interface Difference {
  /** "step assess_renewal_risk, parameters.threshold". */
  path: string;
  kind: "added" | "removed" | "changed";
  /** Null: it wasn't there. */
  from: Json;
  /** Null: it isn't there any more. */
  to: Json;
}

type Document = { [key: string]: Json };

export function flowDifference(from: FlowDefinition, to: FlowDefinition): Difference[] {
  return [
    ...compare("", headOf(from), headOf(to)),
    ...compareNamed("input ", inputsOf(from), inputsOf(to)),
    ...compareNamed("", triggersOf(from), triggersOf(to)),
    ...compareNamed("step ", stepsOf(from), stepsOf(to)),
    ...compareOrder(from, to),
  ];
}

/** One line each: `+` for what is new, `-` for what is gone. */
export function differenceLines(differences: readonly Difference[]): string[] {
  return differences.map(({ path, kind, from, to }) => {
    switch (kind) {
      case "added":
        return `+ ${path}: ${inWords(to)}`;
      case "removed":
        return `- ${path}: ${inWords(from)}`;
      case "changed":
        return `  ${path}: ${inWords(from)} → ${inWords(to)}`;
      default:
        return kind satisfies never;
    }
  });
}

/** Whole things that have a name: one that only one side has is one difference. */
function compareNamed(prefix: string, from: Map<string, Document>, to: Map<string, Document>): Difference[] {
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) => {
    const [before, after] = [from.get(name), to.get(name)];
    const path = `${prefix}${name}`;
    if (before === undefined || after === undefined) return difference(path, before, after);
    return compare(`${path}, `, before, after);
  });
}

function compare(prefix: string, from: Document, to: Document): Difference[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => {
    const [before, after] = [valueOf(from, key), valueOf(to, key)];
    const path = `${prefix}${key}`;
    if (isDocument(before) && isDocument(after)) return compare(`${path}.`, before, after);
    return difference(path, before, after);
  });
}

/** Undefined: it isn't there; null is a value, which a parameter may have. */
function difference(path: string, from: Json | undefined, to: Json | undefined): Difference[] {
  if (from !== undefined && to !== undefined && canonicalJson(from) === canonicalJson(to)) return [];
  const kind = from === undefined ? "added" : to === undefined ? "removed" : "changed";
  return [{ path, kind, from: from ?? null, to: to ?? null }];
}

/** Steps without a path between them run at the same time, so their order is the reader's alone; but it is a difference. */
function compareOrder(from: FlowDefinition, to: FlowDefinition): Difference[] {
  return difference("the order of the steps", commonIds(from, to), commonIds(to, from));
}

function commonIds(definition: FlowDefinition, other: FlowDefinition): string[] {
  return definition.steps.map(({ id }) => id).filter((id) => other.steps.some((step) => step.id === id));
}

function headOf(definition: FlowDefinition): Document {
  const { version, description, timeout_ms, concurrency, failure_notification } = definition;
  return inPeoplesKeys({ version, description, timeout_ms, concurrency, failure_notification });
}

function inputsOf({ input }: FlowDefinition): Map<string, Document> {
  return new Map(Object.entries(input).map(([name, field]) => [name, inPeoplesKeys({ ...field })]));
}

function triggersOf({ triggers }: FlowDefinition): Map<string, Document> {
  return new Map(
    triggers.map((trigger, index) => [index === 0 ? "trigger" : `trigger ${index + 1}`, inPeoplesKeys({ ...trigger })]),
  );
}

function stepsOf({ steps }: FlowDefinition): Map<string, Document> {
  return new Map(steps.map((step) => [step.id, stepDocument(step)]));
}

/** What it does comes first; its id is its name already. */
function stepDocument(step: Step): Document {
  const what: Document = step.kind === "agent" ? { agent: step.agent, action: step.action } : { type: step.kind };
  const first = { ...what, depends_on: step.depends_on.map(dependency) };
  return inPeoplesKeys({ ...first, ...step, ...first, id: null, kind: null });
}

function dependency({ step, optional }: Dependency): Json {
  return optional ? { step, optional } : step;
}

/** Milliseconds as durations; what isn't set is left out. Only keys of the language: values of people stay as they are. */
function inPeoplesKeys(record: Document): Document {
  const entries = Object.entries(record).flatMap(([key, value]): [string, Json][] => {
    if (key === "parameters" || key === "default" || key === "input") return isEmpty(value) ? [] : [[key, value]];
    if (key.endsWith("_ms")) return value === null ? [] : [[key.slice(0, -"_ms".length), isoDuration(Number(value))]];
    if (isDocument(value)) return [[key, inPeoplesKeys(value)]];
    return isEmpty(value) ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === null || (isDocument(value) && Object.keys(value).length === 0);
}

function valueOf(document: Document, key: string): Json | undefined {
  return Object.hasOwn(document, key) ? document[key] : undefined;
}

function isDocument(value: Json | undefined): value is Document {
  return value !== undefined && value !== null && typeof value === "object" && !Array.isArray(value);
}

const units = [
  ["D", 86_400_000],
  ["H", 3_600_000],
  ["M", 60_000],
] as const;

/** Exact, as a flow file would have it: P1DT4H. */
function isoDuration(ms: number): string {
  let rest = ms;
  const [days = "", ...times] = units.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  const time = `${times.join("")}${rest === 0 ? "" : `${rest / 1000}S`}`;
  if (days === "" && time === "") return "PT0S";
  return `P${days}${time === "" ? "" : `T${time}`}`;
}

const longestLine = 400;

/** As YAML on one line; a character that would do something to a terminal is written out. */
function inWords(value: Json): string {
  const text = flowStyle(value).replaceAll(/\p{C}/gu, writtenOut);
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)}…`;
}

function writtenOut(control: string): string {
  const units = control.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return control === "\n" ? "\\n" : units.map((unit) => `\\u${unit}`).join("");
}

function flowStyle(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(flowStyle).join(", ")}]`;
  if (isDocument(value)) {
    const fields = Object.entries(value).map(([key, field]) => `${key}: ${flowStyle(field)}`);
    return `{ ${fields.join(", ")} }`;
  }
  return typeof value === "string" ? (value === "" ? '""' : value) : String(value);
}
