/** One `{% … %}`: parsed once, evaluated with what a state sees. Every way to fail is States.QueryEvaluationError. */
import jsonata from "jsonata";
import type { SyntaxNode } from "../../../src/flow/expression/syntax-tree.ts";
import type { Json } from "../../../src/flow/json.ts";
import { addedFunctions, addedNames, builtinNames } from "./added-functions.ts";
import { examine, type Examined } from "./expression-rules.ts";
import { StateFailure } from "./failure.ts";

/** Nodes evaluated in one expression; stands for AWS's one second, so that the same run always ends the same. */
const maxSteps = 200_000;
const maxKept = 20_000;
/** Names that no expression can write, as they begin with a blank. */
const meterName = " meter";
const entryHook = Symbol.for("jsonata.__evaluate_entry");

export interface Parsed {
  examined: Examined;
  evaluate(bindings: Record<string, unknown>): Promise<unknown>;
}

/** What expressions see. `states` has the parts that the field may read, nothing else. */
export interface Sight {
  variables: ReadonlyMap<string, Json>;
  states: { [part: string]: Json };
  now: number;
  fraction: () => number;
}

const kept = new Map<string, Parsed>();

export function isExpression(text: string): boolean {
  return text.startsWith("{%") && text.endsWith("%}") && text.length >= 4;
}

/** AWS refuses what opens or closes like an expression without being one. */
export function isAlmostExpression(text: string): boolean {
  return !isExpression(text) && (text.trim().startsWith("{%") || text.trim().endsWith("%}"));
}

/** Throws JSONata's own record of the error where the source is none. */
export function parse(text: string): Parsed {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const engine = jsonata(text.slice(2, -2));
  const tree: unknown = engine.ast();
  if (!isSyntaxNode(tree)) throw new Error("JSONata gave no syntax tree.");
  // The package's types know text names only; its hooks are looked up by symbols.
  const hooks: { assign(name: string | symbol, value: unknown): void } = engine;
  hooks.assign(entryHook, countStep);
  const parsed = {
    examined: examine(tree),
    evaluate: (bindings: Record<string, unknown>): Promise<unknown> => engine.evaluate(undefined, bindings),
  };
  if (kept.size >= maxKept) kept.clear();
  kept.set(text, parsed);
  return parsed;
}

function countStep(_node: unknown, _input: unknown, environment: { lookup(name: string): unknown }): void {
  const meter = environment.lookup(meterName);
  if (typeof meter === "function") meter();
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}

/** `field`: where the expression stands, for the cause. */
export async function evaluate(text: string, sight: Sight, field: string): Promise<Json> {
  const fail = (what: string) =>
    new StateFailure(
      "States.QueryEvaluationError",
      `The JSONata expression '${text.slice(2, -2).trim()}' specified for the field '${field}' ${what}`,
    );
  try {
    const parsed = parse(text);
    const unknown = [...parsed.examined.variables].find((name) => !isKnown(name, sight));
    if (unknown !== undefined) throw new Error(`reads $${unknown}, which isn't assigned`);
    let steps = 0;
    const meter = () => {
      steps += 1;
      if (steps > maxSteps) throw new Error("evaluation takes too long");
    };
    const bindings = {
      ...addedFunctions(sight),
      ...Object.fromEntries(sight.variables),
      states: sight.states,
      [meterName]: meter,
    };
    return toJson(await parsed.evaluate(bindings), "");
  } catch (error) {
    if (error instanceof Undefined) throw fail(`returned nothing (undefined)${error.at}.`);
    throw fail(`threw an error: ${messageOf(error)}`);
  }
}

function isKnown(name: string, { variables }: Sight): boolean {
  return name === "states" || variables.has(name) || builtinNames.has(name) || addedNames.includes(name);
}

function messageOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return String(error);
}

class Undefined extends Error {
  readonly at: string;

  constructor(at: string) {
    super("undefined");
    this.at = at === "" ? "" : ` at ${at}`;
  }
}

/** A copy without JSONata's marks. Functions, patterns and numbers without end are no JSON. */
function toJson(value: unknown, at: string): Json {
  if (value === undefined) throw new Undefined(at);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item: unknown, index) => toJson(item, `${at}[${index}]`));
  if (
    typeof value === "object" &&
    !(value instanceof RegExp) &&
    !("_jsonata_function" in value || "_jsonata_lambda" in value)
  ) {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toJson(field, `${at}.${key}`)]));
  }
  throw new Error(`gives what is no JSON${at === "" ? "" : ` at ${at}`}`);
}
