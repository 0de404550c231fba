/**
 * What an expression may not say, found without evaluating it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: no `$eval`; the context is empty at the top, so
 * `$`, `$$` and bare field names mean nothing there; `$states.result` and `$states.errorOutput` in their fields only.
 */
import { allNodes, childNodes } from "../../../src/flow/expression/syntax-tree.ts";
import type { SyntaxNode } from "../../../src/flow/expression/syntax-tree.ts";

/** Which of the two parts of `$states` that not every field has. */
export type StatesPart = "result" | "errorOutput";

/** What doesn't depend on where an expression stands: found once, as machines say the same few again and again. */
export interface Examined {
  /** Variables that it reads and doesn't bind itself, built-in functions among them, without their `$`. */
  variables: ReadonlySet<string>;
  /** Problems wherever it stands. */
  problems: readonly string[];
  states: readonly StatesRead[];
}

/** A part of `$states` by its name, or what is wrong wherever it stands. */
type StatesRead = { part: string } | { problem: string };

export function examine(tree: SyntaxNode): Examined {
  const nodes = allNodes(tree);
  const variables = freeVariables(nodes);
  const problems = new Set<string>();
  topLevelReads(tree, true, problems);
  if (variables.has("eval")) problems.add("$eval isn't there; $parse reads JSON");
  return { variables, problems: [...problems], states: statesReads(nodes) };
}

export function expressionProblems({ problems, states }: Examined, allowed: readonly StatesPart[]): string[] {
  return [...problems, ...new Set(states.flatMap((read) => readProblems(read, allowed)))];
}

const everywhere: readonly string[] = ["input", "context"];

function readProblems(read: StatesRead, allowed: readonly string[]): string[] {
  if ("problem" in read) return [read.problem];
  const isFine = everywhere.includes(read.part) || allowed.includes(read.part);
  return isFine ? [] : [`$states.${read.part} can't be read here`];
}

function freeVariables(nodes: readonly SyntaxNode[]): Set<string> {
  const bound = new Set<string>();
  const read = new Set<string>();
  for (const node of nodes) {
    if (node.type === "variable") read.add(String(node.value));
    if (node.type === "bind" && !Array.isArray(node.lhs)) bound.add(String(node.lhs?.value));
    if (node.type === "lambda") for (const parameter of node.arguments ?? []) bound.add(String(parameter.value));
    for (const name of [node.focus, node.index]) if (name !== undefined) bound.add(name);
    for (const stage of [...(node.stages ?? []), ...(node.predicate ?? [])]) {
      if (stage.type === "index" && typeof stage.value === "string") bound.add(stage.value);
    }
  }
  return new Set([...read].filter((name) => name !== "" && name !== "$" && !bound.has(name)));
}

/** `isTop`: the node is evaluated against the empty context. */
function topLevelReads(node: SyntaxNode, isTop: boolean, found: Set<string>): void {
  const below = (nodes: readonly (SyntaxNode | undefined)[], top: boolean) => {
    for (const child of nodes) if (child !== undefined) topLevelReads(child, top, found);
  };
  const problem = isTop
    ? contextRead(node)
    : node.type === "variable" && node.value === "$"
      ? "$$ is empty here"
      : null;
  if (problem !== null) found.add(problem);
  const stages = [...(node.predicate ?? []), ...(node.stages ?? [])].map((stage) => stage.expr);
  const apart = [...stages, ...(node.group?.lhs.flat() ?? [])];
  below(apart, false);
  switch (node.type) {
    case "path": {
      const [first, ...others] = node.steps ?? [];
      below([first], isTop);
      return below(others, false);
    }
    case "sort":
      return below(
        (node.terms ?? []).map((term) => term.expression),
        false,
      );
    case "transform":
      return below([node.pattern, node.update, node.delete], false);
    case "lambda":
      return below([node.body], isTop);
    default:
      return below(
        childNodes(node).filter((child) => !apart.includes(child)),
        isTop,
      );
  }
}

function contextRead(node: SyntaxNode): string | null {
  switch (node.type) {
    case "name":
      return `the field ${String(node.value)} is read from the context, which is empty here`;
    case "wildcard":
    case "descendant":
    case "parent":
      return `a ${node.type} reads the context, which is empty here`;
    case "variable":
      return node.value === "" || node.value === "$" ? `$${node.value} is empty here` : null;
    default:
      return null;
  }
}

/** Only as `$states.NAME`: as a whole, or by a computed name, nobody could tell what is read. */
function statesReads(nodes: readonly SyntaxNode[]): StatesRead[] {
  const found: StatesRead[] = [];
  // The `$states` of a path comes behind the path itself.
  const ofPaths = new Set<SyntaxNode>();
  for (const node of nodes) {
    if (node.type === "bind" && !Array.isArray(node.lhs) && node.lhs?.value === "states") {
      found.push({ problem: "$states can't be assigned" });
    }
    const [first, second] = node.type === "path" ? (node.steps ?? []) : [];
    if (first !== undefined && isStates(first)) {
      const name = second?.type === "name" || second?.type === "string" ? String(second.value) : null;
      found.push(name === null || hasStages(first) ? { problem: asWhole } : { part: name });
      ofPaths.add(first);
    } else if (isStates(node) && !ofPaths.has(node)) {
      found.push({ problem: asWhole });
    }
  }
  return found;
}

const asWhole = "$states is read part by part, $states.input and so on";

function isStates(node: SyntaxNode): boolean {
  return node.type === "variable" && node.value === "states";
}

function hasStages(node: SyntaxNode): boolean {
  return (node.stages ?? []).length > 0 || (node.predicate ?? []).length > 0;
}
