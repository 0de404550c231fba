/**
 * A checked predicate: our own typed tree, with nothing in it that isn't allowed. BETWEEN and IN are written out as comparisons,
 * conversions between types stand as nodes. Who wants to push a filter down reads this, not the parser's tree.
 */
import type { Customer } from "../customer.ts";
import type { LikePattern } from "./like.ts";
import type { Value } from "./value.ts";

/** `unknown`: a text or NULL that has yet to take the other side's type, as in PostgreSQL. */
export type ValueType =
  "text" | "numeric" | "integer" | "boolean" | "date" | "timestamp" | "timestamptz" | "interval" | "unknown";
export type CompareOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

interface Place {
  type: ValueType;
  /** Character within the predicate. */
  offset: number;
}

export type LiteralNode = Place & { kind: "literal"; value: Value };
export type FieldNode = Place & { kind: "field"; name: keyof Customer };
export type CompareNode = Place & { kind: "compare"; operator: CompareOperator; left: Node; right: Node };
export type LogicalNode = Place & { kind: "and" | "or"; left: Node; right: Node };

export type Node =
  | LiteralNode
  | FieldNode
  | CompareNode
  | LogicalNode
  | (Place & { kind: "now" | "today" })
  | (Place & { kind: "not" | "negate" | "convert" | "lower" | "upper"; operand: Node })
  | (Place & { kind: "is"; test: "null" | "true" | "false"; isNegated: boolean; operand: Node })
  | (Place & { kind: "like"; pattern: LikePattern; ignoresCase: boolean; operand: Node })
  | (Place & { kind: "add" | "subtract"; left: Node; right: Node })
  | (Place & { kind: "coalesce"; operands: Node[] });

export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case "literal":
    case "field":
    case "now":
    case "today":
      return [];
    case "compare":
    case "and":
    case "or":
    case "add":
    case "subtract":
      return [node.left, node.right];
    case "coalesce":
      return node.operands;
    case "not":
    case "negate":
    case "convert":
    case "lower":
    case "upper":
    case "is":
    case "like":
      return [node.operand];
  }
}

export function someNode(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || childrenOf(node).some((child) => someNode(child, test));
}
