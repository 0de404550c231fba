/**
 * `${…}` as Step Functions evaluates it. Its context is empty, so the roots that an expression reads are given to it: a plain
 * path is written out (`$roots.customer.name`), anything else runs over an object of its roots (`{ … }.( … )`).
 *
 * - Q1. The same value as `src/flow/expression`, or a failure of the same name.
 * - Q2. A value that is missing fails by itself where it stands alone; in a longer text, and in lists and objects, JSONata
 *   would leave it out silently, so there it is looked for.
 */
import { compile } from "../../flow/expression/compile.ts";
import { allNodes } from "../../flow/expression/syntax-tree.ts";
import { parse } from "../../flow/expression/engine.ts";
import { splitTemplate } from "../../flow/expression/template.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import { kept } from "../../flow/kept.ts";
import { jsonata, literal, quoted } from "./machine.ts";
import { regexForStepFunctions } from "./regexes.ts";

/** The JSONata that gives a root's value at a place. */
export type Reading = (root: string) => string;

/** A value in which each `${…}` has become an expression of its own; `{% … %}` in what people wrote stays text. */
export function valueOf(value: Json, reading: Reading): Json {
  if (typeof value === "string") return textOf(value, reading);
  if (Array.isArray(value)) return value.map((item) => valueOf(item, reading));
  if (typeof value !== "object" || value === null) return value;
  return fieldsOf(value, reading);
}

export function fieldsOf(value: JsonObject, reading: Reading): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, valueOf(field, reading)]));
}

function textOf(text: string, reading: Reading): string {
  const { parts } = split(text);
  const plain = plainOf(text);
  return plain !== null || parts.length === 0 ? literal(plain ?? "") : jsonata(expressionOf(text, reading));
}

/** The text itself where no `${…}` stands in it. */
export function plainOf(text: string): string | null {
  const { parts } = split(text);
  if (parts.some((part) => part.kind === "expression")) return null;
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

/** As JSONata, of a template. */
export function expressionOf(text: string, reading: Reading): string {
  const { parts, whole } = split(text);
  const [first] = parts;
  if (whole && first?.kind === "expression") return sourceOf(first.source, reading);
  const joined = parts.map((part) =>
    part.kind === "text" ? quoted(part.text) : `$text(${sourceOf(part.source, reading)}, ${quoted(part.source)})`,
  );
  if (parts.every((part) => part.kind === "text")) return quoted(plainOf(text) ?? "");
  return `( ${textFunction} ${joined.join(" & ")} )`;
}

/** In a longer text only texts, numbers and booleans may stand. The failures' names are put together so that the source has none. */
const textFunction =
  '$text := function($value, $source) { $type($value) in ["string", "number", "boolean"] ? $string($value) : $error(' +
  '$not($exists($value)) ? "Expression" & ".Undefined: $" & "{" & $source & "} has no value."' +
  ' : $value = null ? "Expression" & ".Undefined: $" & "{" & $source & "} is empty, and it stands in a longer text."' +
  ' : "Expression" & ".Failed: $" & "{" & $source & "} gives a list or an object, which can\'t stand in a longer text.") };';

/** As JSONata, of what stands between `${` and `}`. */
export function sourceOf(source: string, reading: Reading): string {
  const compiled = compile(source);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.problems.map(({ message }) => message).join("; ")}`);
  const path = plainPath(source);
  if (path !== null) return below(reading(path.root), path.rest);
  const { text, roots } = adapted(source);
  const given = compiled.roots.map((root) => `${quoted(root)}: ${reading(root)}`).join(", ");
  const context = given === "" ? "{}" : `{ ${given} }`;
  if (roots !== null) return `( ${roots} := ${context}; ${over(roots, text)} )`;
  return over(context, text);
}

/** `[]` keeps a list of one, which a step of a path would take apart: there the value is taken out by name. */
function over(context: string, text: string): string {
  return /\[\s*\]/.test(text) ? `$lookup(${context}.{ "value": (${text}) }, "value")` : `${context}.( ${text} )`;
}

/** Names with dots between, and nothing else. */
const plainPath = kept((source): { root: string; rest: string[] } | null => {
  const text = source.trim();
  const compiled = compile(source);
  const [path, ...others] = compiled.ok ? compiled.paths : [];
  if (path === undefined || others.length > 0 || !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(text)) return null;
  return [path.root, ...path.path].join(".") === text ? { root: path.root, rest: path.path } : null;
});

export function below(place: string, names: readonly string[]): string {
  return names.length === 0 ? place : `${place}.${names.join(".")}`;
}

/** `$$` is Step Functions' own input, so it gets a name; regular expressions are said in words that both engines share. */
const adapted = kept((source): { text: string; roots: string | null } => {
  const { tree } = parse(source);
  const nodes = allNodes(tree);
  const edits: { from: number; to: number; by: string }[] = [];
  const bound = new Set(nodes.filter((node) => node.type === "variable").map((node) => String(node.value)));
  let name = "$all";
  while (bound.has(name.slice(1))) name += "_";
  let isUsed = false;
  for (const node of nodes) {
    const end = node.position ?? 0;
    if (node.type === "variable" && node.value === "$" && source.slice(end - 2, end) === "$$") {
      edits.push({ from: end - 2, to: end, by: name });
      isUsed = true;
    }
    if (node.type === "regex" && node.value instanceof RegExp) {
      const [body, flags] = [`/${node.value.source}/`, node.value.flags.replace("g", "")];
      const from = end - body.length - flags.length;
      // Its flags may stand in another order.
      if (!source.startsWith(body, from)) continue;
      edits.push({ from, to: end, by: `/${regexForStepFunctions(node.value.source)}/${flags}` });
    }
  }
  let text = source;
  for (const { from, to, by } of edits.toSorted((one, other) => other.from - one.from))
    text = text.slice(0, from) + by + text.slice(to);
  return { text: text.trim(), roots: isUsed ? name : null };
});

const split = kept((text) => {
  const template = splitTemplate(text);
  if (!template.ok) throw new Error(template.message);
  return template;
});

/** Every source of `${…}` in a value. */
export function sourcesIn(value: Json): string[] {
  if (typeof value === "string")
    return split(value).parts.flatMap((part) => (part.kind === "text" ? [] : [part.source]));
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(sourcesIn);
}
