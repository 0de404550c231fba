/**
 * What an expression may not say, found without evaluating it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html: no `$eval`; the context is empty at the top, so
 * `$`, `$$` and bare field names mean nothing there; `$states.result` and `$states.errorOutput` in their fields only.
 */
import { childNodes } from "../../../src/flow/expression/syntax-tree.ts";
import type { SyntaxNode } from "../../../src/flow/expression/syntax-tree.ts";

/** Which of the two parts of `$states` that not every field has. */
export type StatesPart = "result" | "errorOutput";

export function expressionProblems(tree: SyntaxNode, allowed: readonly StatesPart[]): string[] {
  let general = checked.get(tree);
  if (general === undefined) {
    general = [...new Set([...topLevelReads(tree, true), ...namedFunctions(tree)])];
    checked.set(tree, general);
  }
  return [...general, ...new Set(statesProblems(tree, allowed))];
}

/** Problems wherever it stands: machines say the same few expressions again and again. */
const checked = new WeakMap<SyntaxNode, string[]>();

/** Variables that the expression reads and doesn't bind itself, built-in functions among them, without their `$`. */
export function freeVariables(tree: SyntaxNode): Set<string> {
  const bound = new Set<string>();
  const read = new Set<string>();
  const pending: SyntaxNode[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "variable") read.add(String(node.value));
    if (node.type === "bind" && !Array.isArray(node.lhs)) bound.add(String(node.lhs?.value));
    if (node.type === "lambda") for (const parameter of node.arguments ?? []) bound.add(String(parameter.value));
    for (const name of [node.focus, node.index]) if (name !== undefined) bound.add(name);
    for (const stage of [...(node.stages ?? []), ...(node.predicate ?? [])]) {
      if (stage.type === "index" && typeof stage.value === "string") bound.add(stage.value);
    }
    pending.push(...childNodes(node));
  }
  return new Set([...read].filter((name) => name !== "" && name !== "$" && !bound.has(name)));
}

function namedFunctions(tree: SyntaxNode): string[] {
  return freeVariables(tree).has("eval") ? ["$eval isn't there; $parse reads JSON"] : [];
}

/** `isTop`: the node is evaluated against the empty context. */
function topLevelReads(node: SyntaxNode, isTop: boolean): string[] {
  const below = (nodes: (SyntaxNode | undefined)[], top: boolean) =>
    nodes.flatMap((child) => (child === undefined ? [] : topLevelReads(child, top)));
  const own = isTop ? contextRead(node) : node.type === "variable" && node.value === "$" ? ["$$ is empty here"] : [];
  const stages = [...(node.predicate ?? []), ...(node.stages ?? [])].map((stage) => stage.expr);
  const inner = below([...stages, ...(node.group?.lhs.flat() ?? [])], false);
  switch (node.type) {
    case "path": {
      const [first, ...others] = node.steps ?? [];
      return [...own, ...inner, ...below([first], isTop), ...below(others, false)];
    }
    case "sort":
      return [
        ...inner,
        ...below(
          (node.terms ?? []).map((term) => term.expression),
          false,
        ),
      ];
    case "transform":
      return [...inner, ...below([node.pattern, node.update, node.delete], false)];
    case "lambda":
      return [...inner, ...below([node.body], isTop)];
    default: {
      const apart = new Set([...stages, ...(node.group?.lhs.flat() ?? [])]);
      return [
        ...own,
        ...inner,
        ...below(
          childNodes(node).filter((child) => !apart.has(child)),
          isTop,
        ),
      ];
    }
  }
}

function contextRead(node: SyntaxNode): string[] {
  switch (node.type) {
    case "name":
      return [`the field ${String(node.value)} is read from the context, which is empty here`];
    case "wildcard":
    case "descendant":
    case "parent":
      return [`a ${node.type} reads the context, which is empty here`];
    case "variable":
      return node.value === "" || node.value === "$" ? [`$${node.value} is empty here`] : [];
    default:
      return [];
  }
}

/** Only as `$states.NAME`: as a whole, or by a computed name, nobody could tell what is read. */
function statesProblems(tree: SyntaxNode, allowed: readonly StatesPart[]): string[] {
  const parts = new Set<string>(["input", "context", ...allowed]);
  const problems: string[] = [];
  const pending: SyntaxNode[] = [tree];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    let rest = childNodes(node);
    if (node.type === "bind" && !Array.isArray(node.lhs) && node.lhs?.value === "states") {
      problems.push("$states can't be assigned");
    }
    const [first, second] = node.type === "path" ? (node.steps ?? []) : [];
    if (first !== undefined && isStates(first)) {
      const name = second?.type === "name" || second?.type === "string" ? String(second.value) : null;
      if (name === null || hasStages(first)) problems.push("$states is read part by part, $states.input and so on");
      else if (!parts.has(name)) problems.push(`$states.${name} can't be read here`);
      rest = rest.filter((child) => child !== first);
    } else if (isStates(node)) {
      problems.push("$states is read part by part, $states.input and so on");
    }
    pending.push(...rest);
  }
  return problems;
}

function isStates(node: SyntaxNode): boolean {
  return node.type === "variable" && node.value === "states";
}

function hasStages(node: SyntaxNode): boolean {
  return (node.stages ?? []).length > 0 || (node.predicate ?? []).length > 0;
}
