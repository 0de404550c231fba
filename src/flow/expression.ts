/**
 * Expressions: `${…}` holds JSONata 2.0.6 over the roots (DESIGN §5).
 *
 * Job: say at load time what is wrong in a template and what it reads; give its value at run time. Non-job: which roots
 * there are (the loader and the engine know), and recording what an evaluation gave (D1: the driver does).
 *
 * - V1. A string that is one `${…}` keeps the value's type; in a longer one each `${…}` must give a text, number or boolean.
 * - V2. Undefined fails (`Expression.Undefined`). Null stays null alone, and fails like undefined in a longer string.
 * - V3. Evaluation is bounded in length, steps, depth, size and time; what passes a bound fails (`Expression.Failed`).
 */
import { compile } from "./expression/compile.ts";
import { evaluateExpression, failed, undefinedValue } from "./expression/evaluate.ts";
import { splitTemplate } from "./expression/template.ts";
import type { Json, JsonObject } from "./json.ts";

export interface TemplateProblem {
  message: string;
  /** Character within the template, from 0. */
  offset: number;
}

export interface TemplatePath {
  root: string;
  path: string[];
  /** Root and names with dots between, for messages. */
  text: string;
  /** Of the root and of each name, counted from the template's start. */
  offsets: number[];
}

export interface CheckedTemplate {
  problems: TemplateProblem[];
  paths: TemplatePath[];
  /** At least one `${…}` stands in it. */
  evaluated: boolean;
  /** It is one `${…}` and nothing else. */
  whole: boolean;
}

export interface Roots {
  roots: Readonly<Record<string, Json>>;
  /** The recorded clock, milliseconds: `$now` and `$millis`. */
  now: number;
}

/** What is wrong with a template and what it reads, found without evaluating it. */
export function checkTemplate(text: string): CheckedTemplate {
  const template = splitTemplate(text);
  if (!template.ok) {
    const { message, offset } = template;
    return { problems: [{ message, offset }], paths: [], evaluated: true, whole: false };
  }
  const checked: CheckedTemplate = { problems: [], paths: [], evaluated: false, whole: template.whole };
  for (const part of template.parts) {
    if (part.kind === "text") continue;
    checked.evaluated = true;
    const compiled = compile(part.source);
    if (!compiled.ok) {
      checked.problems.push(
        ...compiled.problems.map(({ message, offset }) => ({ message, offset: offset + part.offset })),
      );
      continue;
    }
    for (const { root, path, offsets } of compiled.paths) {
      const text = [root, ...path].join(".");
      checked.paths.push({ root, path, text, offsets: offsets.map((offset) => offset + part.offset) });
    }
  }
  return checked;
}

/** Every path that any `${…}` in the value reads. */
export function pathsOf(value: Json): TemplatePath[] {
  return templatesIn(value).flatMap((text) => checkTemplate(text).paths);
}

/** The names of the roots that any `${…}` in the value reads, each once. */
export function rootsOf(value: Json): string[] {
  return [...new Set(pathsOf(value).map(({ root }) => root))];
}

/** Does any `${…}` stand in the value? */
export function hasExpression(value: Json): boolean {
  return templatesIn(value).some((text) => checkTemplate(text).evaluated);
}

/** Definitions' own objects: asked for at every step of every execution. */
const knownPlain = new WeakMap<object, boolean>();

/** Is it what it says, without any `${`? Then it needs no roots. */
export function isPlain(value: Json): boolean {
  if (typeof value === "string") return !value.includes("${");
  if (typeof value !== "object" || value === null) return true;
  const known = knownPlain.get(value);
  if (known !== undefined) return known;
  const found = Object.values(value).every(isPlain);
  knownPlain.set(value, found);
  return found;
}

/** The value with every `${…}` in it resolved. Throws `FailureError` (`Expression.Undefined`, `Expression.Failed`). */
export async function evaluateValue({ value, ...context }: Roots & { value: Json }): Promise<Json> {
  if (typeof value === "string") return evaluateTemplate(value, context);
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return evaluateFields({ value, ...context });
  const items: Json[] = [];
  for (const item of value) items.push(await evaluateValue({ value: item, ...context }));
  return items;
}

/** As `evaluateValue`, of a step's parameters or input. */
export async function evaluateFields({ value, ...context }: Roots & { value: JsonObject }): Promise<JsonObject> {
  const fields: [string, Json][] = [];
  for (const [key, field] of Object.entries(value))
    fields.push([key, await evaluateValue({ value: field, ...context })]);
  return Object.fromEntries(fields);
}

/** A step's `when`: true or false, and nothing that could be taken for either. */
export async function evaluateCondition({ text, ...context }: Roots & { text: string }): Promise<boolean> {
  const value = await evaluateTemplate(text, context);
  if (typeof value === "boolean") return value;
  const gives = value === null ? "is empty" : `gives ${kindOf(value)}`;
  throw failed(sourceOf(text), `a condition must be true or false, and this ${gives}`);
}

async function evaluateTemplate(text: string, context: Roots): Promise<Json> {
  if (!text.includes("${")) return text;
  const template = splitTemplate(text);
  if (!template.ok) throw failed(text, template.message);
  const [first] = template.parts;
  if (template.whole && first?.kind === "expression") return definedValue(first.source, context);
  let result = "";
  for (const part of template.parts) {
    result += part.kind === "text" ? part.text : asText(part.source, await definedValue(part.source, context));
  }
  return result;
}

async function definedValue(source: string, context: Roots): Promise<Json> {
  const value = await evaluateExpression({ source, ...context });
  if (value === undefined) throw undefinedValue(source, "has no value");
  return value;
}

function asText(source: string, value: Json): string {
  if (value === null) throw undefinedValue(source, "is empty, and it stands in a longer text");
  if (typeof value === "string") return value;
  // Fifteen digits, as JSONata's own $string: 0.1 + 0.2 reads 0.3.
  if (typeof value === "number") return String(Number(value.toPrecision(15)));
  if (typeof value === "boolean") return String(value);
  throw failed(source, `it gives ${kindOf(value)}, which can't stand in a longer text; use $join or $string`);
}

function kindOf(value: Json): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

function sourceOf(text: string): string {
  const template = splitTemplate(text);
  const [first] = template.ok ? template.parts : [];
  return first?.kind === "expression" ? first.source : text;
}

function templatesIn(value: Json): string[] {
  if (typeof value === "string") return value.includes("${") ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(templatesIn);
}
