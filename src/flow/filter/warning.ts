/**
 * What is allowed and probably not meant. A window that moves with the clock and is open at one side matches for ever: the
 * seed's `customer.renewal_date <= now() + interval '30 days'` takes every lapsed renewal, day after day.
 */
import type { FilterProblem } from "./problem.ts";
import { isTime } from "./convert.ts";
import { someNode } from "./node.ts";
import type { CompareNode, CompareOperator, Node } from "./node.ts";

export interface Part {
  predicate: number;
  /** From the node's places to those in the predicate. */
  placeOf: (offset: number) => number;
  node: Node;
}

interface Bound {
  field: string;
  side: "lower" | "upper" | "both";
  /** Moves with the clock. */
  moves: boolean;
  predicate: number;
  offset: number;
}

/** The parts are joined by AND. */
export function warningsOf(parts: readonly Part[]): FilterProblem[] {
  const flat = parts.map((part) => ({ ...part, isNegated: false }));
  return [...parts.flatMap(nullComparisons), ...openWindows(flat, [])];
}

function nullComparisons({ predicate, placeOf, node }: Part): FilterProblem[] {
  const found: FilterProblem[] = [];
  someNode(node, (child) => {
    if (child.kind === "compare" && [child.left, child.right].some(isNull)) {
      const message = "a comparison with NULL is never true; write is null or is not null";
      found.push({ predicate, offset: placeOf(child.offset), message });
    }
    return false;
  });
  return found;
}

function isNull(node: Node): boolean {
  return node.kind === "literal" && node.value === null;
}

interface Side extends Part {
  /** Under a NOT: AND and OR change places, comparisons turn round. */
  isNegated: boolean;
}

/** Bounds count within one AND, and for every OR below it. */
function openWindows(sides: readonly Side[], outer: readonly Bound[]): FilterProblem[] {
  const { bounds, alternatives } = flatten(sides);
  const known = [...outer, ...bounds];
  return [
    ...bounds.filter((bound) => bound.moves && isOpen(bound, known)).map(describe),
    ...alternatives.flatMap((branches) => branches.flatMap((branch) => openWindows([branch], known))),
  ];
}

function flatten(sides: readonly Side[]): { bounds: Bound[]; alternatives: Side[][] } {
  const bounds: Bound[] = [];
  const alternatives: Side[][] = [];
  const rest = [...sides];
  for (let side = rest.shift(); side !== undefined; side = rest.shift()) {
    const { node, isNegated } = side;
    if (node.kind === "not") rest.unshift({ ...side, node: node.operand, isNegated: !isNegated });
    else if (node.kind === "compare") bounds.push(...boundOf(node, side));
    else if (node.kind === "and" || node.kind === "or") {
      const branches = [node.left, node.right].map((child) => ({ ...side, node: child }));
      if ((node.kind === "and") === isNegated) alternatives.push(branches);
      else rest.unshift(...branches);
    }
  }
  return { bounds, alternatives };
}

const opposite: Readonly<Record<CompareOperator, CompareOperator>> = {
  "=": "!=",
  "!=": "=",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
};

function boundOf(node: CompareNode, { isNegated, predicate, placeOf }: Side): Bound[] {
  const operator = isNegated ? opposite[node.operator] : node.operator;
  const [field, ...others] = [...dateFields(node.left, 1), ...dateFields(node.right, -1)];
  if (field === undefined || others.length > 0 || operator === "!=") return [];
  const isUpper = operator.startsWith("<") === field.sign > 0;
  const side = operator === "=" ? "both" : isUpper ? "upper" : "lower";
  const moves = someNode(node, ({ kind }) => kind === "now" || kind === "today");
  return [{ field: field.name, side, moves, predicate, offset: placeOf(node.offset) }];
}

/** The date fields of a sum, each with its sign: in `current_date - customer.created_at` the field counts downwards. */
function dateFields(node: Node, sign: number): { name: string; sign: number }[] {
  if (node.kind === "field") return isTime(node.type) ? [{ name: node.name, sign }] : [];
  if (node.kind === "convert") return dateFields(node.operand, sign);
  if (node.kind !== "add" && node.kind !== "subtract") return [];
  return [...dateFields(node.left, sign), ...dateFields(node.right, node.kind === "add" ? sign : -sign)];
}

function isOpen(bound: Bound, known: readonly Bound[]): boolean {
  const sides = known.filter(({ field }) => field === bound.field).map(({ side }) => side);
  return !sides.includes("both") && !(sides.includes("lower") && sides.includes("upper"));
}

function describe({ field, side, predicate, offset }: Bound): FilterProblem {
  const name = `customer.${field}`;
  const reach = side === "upper" ? "however long ago" : "however far ahead";
  const message = `this window is open at one side: ${reach} ${name} is, it matches; write ${name} between … and …`;
  return { predicate, offset, message };
}
