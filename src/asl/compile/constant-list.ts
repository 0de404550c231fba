/** How many items a `for_each` has whose list stands in the flow itself; null: that is only known later. */
import { parse } from "../../flow/expression/engine.ts";
import type { SyntaxNode } from "../../flow/expression/syntax-tree.ts";

/** `source`: what stands between the braces. */
export function constantCount(source: string): number | null {
  const { tree } = parse(source);
  const node = tree.type === "block" && tree.expressions?.length === 1 ? (tree.expressions[0] ?? tree) : tree;
  if (isMarked(node) || node.type !== "unary" || node.value !== "[") return null;
  let all = 0;
  for (const item of node.expressions ?? []) {
    const count = countOf(item);
    if (count === null) return null;
    all += count;
  }
  return all;
}

/** What is looked up may be nothing, or many. */
function countOf(node: SyntaxNode): number | null {
  if (isMarked(node)) return null;
  switch (node.type) {
    case "string":
    case "number":
    case "value":
      return 1;
    // A list or an object.
    case "unary":
      return node.value === "[" || node.value === "{" ? 1 : null;
    case "binary":
      return node.value === ".." ? countOfRange(node) : null;
    default:
      return null;
  }
}

function countOfRange({ lhs, rhs }: SyntaxNode): number | null {
  if (lhs === undefined || Array.isArray(lhs) || rhs === undefined) return null;
  const [first, last] = [lhs.value, rhs.value];
  return typeof first === "number" && typeof last === "number" ? Math.max(0, last - first + 1) : null;
}

/** A predicate, an order or a group changes what it gives. */
function isMarked({ predicate, stages, group }: SyntaxNode): boolean {
  return predicate !== undefined || stages !== undefined || group !== undefined;
}
