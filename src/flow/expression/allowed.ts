/**
 * What an expression may not contain, found before it is ever evaluated. The limits of `meter.ts` bound what may.
 *
 * - X1. Nothing whose value isn't settled by the roots and the recorded clock (D1): no `$random`, no `$shuffle`.
 * - X2. Nothing that can't be seen here: no `$eval`.
 * - X3. Nothing that works in one piece without an end in sight: no signatures and no date pictures for reading (inside, both
 *   are regular expressions that go back and forth), and only regular expressions that don't (`regex.ts`).
 * - X4. Nothing that changes a value in place: the meter weighs each value once.
 * - X5. No name that JavaScript's objects have by themselves: only the data's own fields exist.
 */
import { regexProblem } from "./regex.ts";
import { allNodes, startOf } from "./syntax-tree.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

export interface ExpressionProblem {
  message: string;
  /** Character within the expression, from 0. */
  offset: number;
}

const refusedFunctions: Readonly<Record<string, string>> = {
  eval: "$eval is not allowed: what it would run can't be checked beforehand",
  random: "$random is not allowed: an expression gives the same value each time",
  shuffle: "$shuffle is not allowed: an expression gives the same value each time",
};

const inheritedNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export function isInheritedName(name: string): boolean {
  return inheritedNames.has(name);
}

export function refusals(root: SyntaxNode, source: string): ExpressionProblem[] {
  return allNodes(root).flatMap((node) => {
    const message = refusal(node);
    return message === null ? [] : [{ message, offset: startOf(node, source) }];
  });
}

function refusal(node: SyntaxNode): string | null {
  switch (node.type) {
    case "regex":
      return node.value instanceof RegExp ? regexProblem(node.value) : null;
    case "transform":
      return "|…|…| is not supported; write $merge([value, { … }])";
    case "lambda":
      return node.signature === undefined ? null : "a function's signature <…> is not supported; leave it out";
    case "name":
      return isInheritedName(String(node.value)) ? `"${String(node.value)}" is not the name of a field` : null;
    case "variable":
      return Object.hasOwn(refusedFunctions, String(node.value))
        ? (refusedFunctions[String(node.value)] ?? null)
        : null;
    case "function":
      return readsWithPicture(node)
        ? "$toMillis reads ISO 8601 only: put the time together with $substring, and leave out the picture"
        : null;
    default:
      return null;
  }
}

function readsWithPicture(node: SyntaxNode): boolean {
  return node.procedure?.value === "toMillis" && (node.arguments ?? []).length > 1;
}
