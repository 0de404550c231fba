/** JSONata 2.0.6 as this folder uses it: its package's types know neither the hooks nor the records of its functions. */
import jsonata from "jsonata";
import type { SyntaxNode } from "./syntax-tree.ts";

export interface Environment {
  lookup(name: string | symbol): unknown;
}

/** `this` in a native function. */
export interface Focus {
  environment: unknown;
  input: unknown;
}

export type Implementation = (this: Focus, ...args: unknown[]) => unknown;

export interface NativeFunction {
  _jsonata_function: true;
  implementation: Implementation;
  signature: unknown;
}

export interface Engine {
  evaluate(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
  assign(name: string | symbol, value: unknown): void;
  ast(): unknown;
}

export const entryHook = Symbol.for("jsonata.__evaluate_entry");
export const exitHook = Symbol.for("jsonata.__evaluate_exit");

const builtinNames = (
  "sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim match " +
  "contains replace split join pad formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power " +
  "boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type " +
  "sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis " +
  "clone now millis"
).split(" ");

/** Throws JSONata's own record of the error where the source isn't an expression. */
export function parse(source: string): { engine: Engine; tree: SyntaxNode } {
  const engine: Engine = jsonata(source);
  const tree = engine.ast();
  if (!isSyntaxNode(tree)) throw new Error("JSONata gave no syntax tree.");
  return { engine, tree };
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value;
}

/** The functions that expressions may call, as JSONata defines them. */
export const builtins: ReadonlyMap<string, NativeFunction> = readBuiltins();

function readBuiltins(): Map<string, NativeFunction> {
  const { engine } = parse("null");
  const found = new Map<string, NativeFunction>();
  engine.assign(entryHook, (_node: unknown, _input: unknown, environment: Environment) => {
    for (const name of builtinNames) {
      const native = environment.lookup(name);
      if (isNative(native)) found.set(name, native);
    }
  });
  // The hook runs before the first await, so the map is full when this returns.
  void engine.evaluate(null, {});
  return found;
}

function isNative(value: unknown): value is NativeFunction {
  return typeof value === "object" && value !== null && "_jsonata_function" in value && "implementation" in value;
}
