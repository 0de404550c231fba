/** One expression made ready: parsed, checked and put on the meter. Kept, because flows evaluate the same few all the time. */
import { refusals } from "./allowed.ts";
import type { ExpressionProblem } from "./allowed.ts";
import { builtins, entryHook, exitHook, parse } from "./engine.ts";
import type { Engine, Environment } from "./engine.ts";
import { kept } from "../kept.ts";
import { isMeter } from "./meter.ts";
import type { Meter } from "./meter.ts";
import { range } from "./natives.ts";
import { readsOf } from "./paths.ts";
import type { ExpressionPath } from "./paths.ts";
import { allNodes } from "./syntax-tree.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

export const maxSourceLength = 4_000;

export type Compiled =
  | { ok: true; source: string; engine: Engine; paths: ExpressionPath[]; roots: string[]; natives: string[] }
  | { ok: false; source: string; problems: ExpressionProblem[] };

/** Names of bindings that no expression can write, as they begin with a blank. */
export const meterBinding = " meter";
const rangeBinding = " range";
export const regexBinding = " regex";

export const compile = kept(build);

function build(source: string): Compiled {
  if (source.length > maxSourceLength) {
    return refuse(source, { message: `an expression may have ${maxSourceLength} characters`, offset: 0 });
  }
  if (source.trim() === "") return refuse(source, { message: "there is nothing between the braces", offset: 0 });
  try {
    const { engine, tree } = parse(source);
    const refused = refusals(tree, source);
    const reads = readsOf({ tree, source, builtins: new Set(builtins.keys()) });
    const problems = refused.length > 0 ? refused : reads.problems;
    if (problems.length > 0) return { ok: false, source, problems };
    const natives = new Set(allNodes(tree).flatMap((node) => (node.type === "variable" ? [String(node.value)] : [])));
    guard(engine, tree);
    const roots = [...new Set(reads.paths.map(({ root }) => root))];
    return { ok: true, source, engine, paths: reads.paths, roots, natives: [...natives] };
  } catch (error) {
    return refuse(source, syntaxProblem(error, source));
  }
}

function refuse(source: string, problem: ExpressionProblem): Compiled {
  return { ok: false, source, problems: [problem] };
}

/** Every node of an evaluation passes its meter, found through the bindings; ranges and regular expressions are ours. */
function guard(engine: Engine, tree: SyntaxNode): void {
  engine.assign(entryHook, (node: SyntaxNode, input: unknown, environment: Environment) =>
    meterOf(environment).entered(node, input),
  );
  engine.assign(exitHook, (node: SyntaxNode, _input: unknown, environment: Environment, result: unknown) =>
    meterOf(environment).left(node, result),
  );
  engine.assign(rangeBinding, { _jsonata_function: true, implementation: range });
  for (const node of allNodes(tree)) {
    if (node.type === "regex" && node.value instanceof RegExp) {
      const { source, flags } = node.value;
      call(node, regexBinding, [text(source), text(flags)]);
    }
    if (node.type !== "binary" || node.value !== ".." || node.rhs === undefined) continue;
    if (node.lhs === undefined || Array.isArray(node.lhs)) continue;
    call(node, rangeBinding, [node.lhs, node.rhs]);
  }
}

/** In place of what the node says. */
function call(node: SyntaxNode, binding: string, args: SyntaxNode[]): void {
  node.type = "function";
  node.procedure = { type: "variable", value: binding, position: node.position ?? 0 };
  node.arguments = args;
}

function text(value: string): SyntaxNode {
  return { type: "string", value };
}

function meterOf(environment: Environment): Meter {
  const meter = environment.lookup(meterBinding);
  if (!isMeter(meter)) throw new Error("An expression is evaluated without its meter.");
  return meter;
}

function syntaxProblem(error: unknown, source: string): ExpressionProblem {
  const inner = source.indexOf("${");
  if (inner !== -1) return { message: "a ${…} can't stand within another; write the names alone", offset: inner };
  const { message, position } = readError(error);
  return {
    message: `this isn't JSONata: ${message}`,
    offset: Math.min(Math.max(0, (position ?? 1) - 1), source.length),
  };
}

/** JSONata throws plain records with a code; the runtime throws errors. */
export function readError(error: unknown): { message: string; position: number | null } {
  if (error instanceof RangeError) return { message: "it goes too deep or grows too large", position: null };
  if (typeof error !== "object" || error === null) return { message: String(error), position: null };
  const message = "message" in error && typeof error.message === "string" ? error.message : "it can't be evaluated";
  const position = "position" in error && typeof error.position === "number" ? error.position : null;
  return { message, position };
}
