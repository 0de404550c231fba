/**
 * What an expression reads: every path from a root, with the place of each name. A root is a name read where nothing has
 * been entered yet; below it a path goes on through predicates, maps and single-use variables as far as it can be followed.
 */
import { nearest } from "../nearest.ts";
import type { ExpressionProblem } from "./allowed.ts";
import { allNodes, startOf } from "./syntax-tree.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

export interface ExpressionPath {
  root: string;
  /** Names below the root. */
  path: string[];
  /** Of the root and of each name, counted from the expression's start. */
  offsets: number[];
}

export interface Reads {
  paths: ExpressionPath[];
  problems: ExpressionProblem[];
}

/** What names mean at a place: roots, fields below a known path, or nothing that can be followed. */
type Context = { kind: "roots" } | { kind: "at"; path: ExpressionPath } | { kind: "other" };

const other: Context = { kind: "other" };

interface Walk extends Reads {
  source: string;
  /** Known functions, for names that nothing binds. */
  builtins: ReadonlySet<string>;
  bound: ReadonlyMap<string, number>;
  variables: Map<string, Context>;
}

export function readsOf(read: { tree: SyntaxNode; source: string; builtins: ReadonlySet<string> }): Reads {
  const walk: Walk = {
    source: read.source,
    builtins: read.builtins,
    paths: [],
    problems: [],
    bound: bindings(read.tree),
    variables: new Map(),
  };
  valueOf(read.tree, { kind: "roots" }, walk);
  return { paths: walk.paths, problems: walk.problems };
}

/** How often each variable is bound: one that is bound once always means the same. */
function bindings(tree: SyntaxNode): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (name: unknown) => counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
  for (const node of allNodes(tree)) {
    if (node.type === "bind" && !Array.isArray(node.lhs)) count(node.lhs?.value);
    if (node.type === "lambda") node.arguments?.forEach((argument) => count(argument.value));
    if (node.focus !== undefined) count(node.focus);
    if (node.index !== undefined) count(node.index);
    node.stages?.forEach((stage) => stage.type === "index" && count(stage.value));
  }
  return counts;
}

/** A node used for its value: the roots all together are none, so that it is known which ones are read. */
function valueOf(node: SyntaxNode, context: Context, walk: Walk): Context {
  const result = contextOf(node, context, walk);
  return result.kind === "roots" ? allRoots(node, walk) : result;
}

function allRoots(node: SyntaxNode, walk: Walk): Context {
  walk.problems.push({
    message: "this stands for all roots at once; name one of them, such as customer",
    offset: startOf(node, walk.source),
  });
  return other;
}

function contextOf(node: SyntaxNode, context: Context, walk: Walk): Context {
  let result = ownContext(node, context, walk);
  for (const stage of node.predicate ?? []) if (stage.expr !== undefined) valueOf(stage.expr, result, walk);
  if (node.group !== undefined) result = constructed(node.group.lhs, result, walk);
  return result;
}

function ownContext(node: SyntaxNode, context: Context, walk: Walk): Context {
  switch (node.type) {
    case "path":
      return alongPath(node.steps ?? [], context, walk);
    case "name":
      return below(node, context, walk);
    case "variable":
      return variable(node, context, walk);
    case "wildcard":
    case "descendant":
      return context.kind === "roots" ? allRoots(node, walk) : other;
    case "block":
      return (node.expressions ?? []).reduce<Context>((_, part) => contextOf(part, context, walk), other);
    case "bind":
      return bind(node, context, walk);
    case "lambda":
      if (node.body !== undefined) valueOf(node.body, context, walk);
      return other;
    case "unary":
      return node.value === "{" && Array.isArray(node.lhs)
        ? constructed(node.lhs, context, walk)
        : operands(node, context, walk);
    default:
      return operands(node, context, walk);
  }
}

function operands(node: SyntaxNode, context: Context, walk: Walk): Context {
  const left = Array.isArray(node.lhs) ? [] : [node.lhs];
  const parts = [
    ...left,
    node.rhs,
    node.expression,
    ...(node.expressions ?? []),
    node.procedure,
    ...(node.arguments ?? []),
    node.condition,
    node.then,
    node.else,
  ];
  for (const part of parts) if (part !== undefined && part.type !== "operator") valueOf(part, context, walk);
  return other;
}

function alongPath(steps: SyntaxNode[], start: Context, walk: Walk): Context {
  let current = start;
  for (const step of steps) {
    const before = current;
    current = step.type === "sort" ? sorted(step, current, walk) : contextOf(step, current, walk);
    if (step.focus !== undefined) {
      remember(step.focus, current, walk);
      current = before;
    }
    for (const stage of step.stages ?? []) {
      if (stage.expr !== undefined) valueOf(stage.expr, current, walk);
    }
    if (before.kind === "at" && current.kind === "other") walk.paths.push(before.path);
  }
  if (current.kind === "at") walk.paths.push(current.path);
  return current;
}

function sorted(step: SyntaxNode, context: Context, walk: Walk): Context {
  for (const term of step.terms ?? []) valueOf(term.expression, context, walk);
  return context;
}

function constructed(pairs: [SyntaxNode, SyntaxNode][], context: Context, walk: Walk): Context {
  for (const [key, value] of pairs) {
    valueOf(key, context, walk);
    valueOf(value, context, walk);
  }
  return other;
}

function below(node: SyntaxNode, context: Context, walk: Walk): Context {
  const name = String(node.value);
  const offset = startOf(node, walk.source);
  switch (context.kind) {
    case "roots":
      return { kind: "at", path: { root: name, path: [], offsets: [offset] } };
    case "at": {
      const { root, path, offsets } = context.path;
      return { kind: "at", path: { root, path: [...path, name], offsets: [...offsets, offset] } };
    }
    case "other":
      return other;
  }
}

function variable(node: SyntaxNode, context: Context, walk: Walk): Context {
  const name = String(node.value);
  if (name === "") return context;
  if (name === "$") return { kind: "roots" };
  if (!walk.bound.has(name) && !walk.builtins.has(name)) {
    const near = nearest(name, [...walk.bound.keys(), ...walk.builtins]);
    const hint = near === null ? "" : `; did you mean $${near}?`;
    walk.problems.push({ message: `there is no $${name}${hint}`, offset: startOf(node, walk.source) });
  }
  return walk.variables.get(name) ?? other;
}

function bind(node: SyntaxNode, context: Context, walk: Walk): Context {
  const value = node.rhs === undefined ? other : valueOf(node.rhs, context, walk);
  if (!Array.isArray(node.lhs)) remember(String(node.lhs?.value), value, walk);
  return value;
}

function remember(name: string, context: Context, walk: Walk): void {
  if (walk.bound.get(name) === 1) walk.variables.set(name, context);
}
