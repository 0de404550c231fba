/** The operators: which types they take, and what they give. Every refusal says what would be right. */
import { coerce, commonType, isNumber, isTime, typeNames } from "./convert.ts";
import { parseLike } from "./like.ts";
import type { CompareNode, CompareOperator, Node, ValueType } from "./node.ts";
import type { Report } from "./problem.ts";

interface Operands {
  left: Node;
  right: Node;
  offset: number;
}

export function compare(operator: CompareOperator, { left, right, offset }: Operands, report: Report): Node | null {
  const type = commonType([left.type, right.type]);
  if (type === null) {
    report(
      offset,
      `${typeNames[left.type]} can't be compared with ${typeNames[right.type]}${compareHint(left, right)}`,
    );
    return null;
  }
  const a = coerce(left, type, report);
  const b = coerce(right, type, report);
  if (a === null || b === null) return null;
  return { kind: "compare", type: "boolean", offset, operator, left: a, right: b } satisfies CompareNode;
}

function compareHint(left: Node, right: Node): string {
  const types = [left.type, right.type];
  if (types.some(isTime) && types.includes("interval")) return "; add the interval to now() or current_date";
  if (types.some(isTime) && types.some(isNumber)) return "; dates compare with dates, and date - date gives days";
  return "";
}

export function between(
  { value, low, high, offset }: { value: Node; low: Node; high: Node; offset: number },
  report: Report,
): Node | null {
  const from = compare(">=", { left: value, right: low, offset }, report);
  const to = compare("<=", { left: value, right: high, offset }, report);
  return from && to && { kind: "and", type: "boolean", offset, left: from, right: to };
}

/** Equal to one of them, from the left. */
export function isOneOf(
  { value, list, offset }: { value: Node; list: Node[]; offset: number },
  report: Report,
): Node | null {
  const equal = list.map((item) => compare("=", { left: value, right: item, offset: item.offset }, report));
  return equal.reduce((left, right) => left && right && { kind: "or", type: "boolean", offset, left, right });
}

export function not(operand: Node, report: Report, offset = operand.offset): Node | null {
  const checked = coerce(operand, "boolean", report);
  return checked && { kind: "not", type: "boolean", offset, operand: checked };
}

export function logical(kind: "and" | "or", { left, right, offset }: Operands, report: Report): Node | null {
  const a = coerce(left, "boolean", report);
  const b = coerce(right, "boolean", report);
  return a && b && { kind, type: "boolean", offset, left: a, right: b };
}

export function like(operands: Operands & { ignoresCase: boolean }, report: Report): Node | null {
  const { left, right, offset, ignoresCase } = operands;
  const operand = text(left, report);
  if (right.kind !== "literal" || typeof right.value !== "string") {
    report(right.offset, "a pattern is a text in quotes, for example 'Acme%'");
    return null;
  }
  const pattern = parseLike(right.value);
  if (pattern === null) report(right.offset, "the pattern ends with its escape; write \\\\ for a backslash");
  return operand && pattern && { kind: "like", type: "boolean", offset, pattern, ignoresCase, operand };
}

/** Functions of texts take nothing else: a number is no text. */
export function text(node: Node, report: Report): Node | null {
  return coerce(node, "text", report);
}

export function coalesce({ operands, offset }: { operands: Node[]; offset: number }, report: Report): Node | null {
  const type = commonType(operands.map((node) => node.type));
  if (type === null || operands.length === 0) {
    report(offset, "coalesce takes values of one type, for example coalesce(customer.nps, 0)");
    return null;
  }
  const checked = operands.map((node) => coerce(node, type, report));
  const whole = checked.filter((node) => node !== null);
  return whole.length === checked.length ? { kind: "coalesce", type, offset, operands: whole } : null;
}

/** `+` and `-`. PostgreSQL's table for them, less what no filter needs. */
export function calculate(sign: "+" | "-", { left, right, offset }: Operands, report: Report): Node | null {
  const type = resultOf(sign, left.type, right.type);
  if (type === null) {
    report(
      offset,
      `${typeNames[left.type]} ${sign} ${typeNames[right.type]} can't be calculated${calculateHint(left, right)}`,
    );
    return null;
  }
  const isDifference = isTime(left.type) && isTime(right.type) && left.type !== right.type;
  const common = isDifference ? commonType([left.type, right.type]) : null;
  const a = common === null ? left : coerce(left, common, report);
  const b = common === null ? right : coerce(right, common, report);
  return a && b && { kind: sign === "+" ? "add" : "subtract", type, offset, left: a, right: b };
}

function resultOf(sign: "+" | "-", left: ValueType, right: ValueType): ValueType | null {
  if (isNumber(left) && isNumber(right)) return left === right ? left : "numeric";
  if (left === "interval" && right === "interval") return "interval";
  if (isTime(left) && right === "interval") return left === "date" ? "timestamp" : left;
  if (left === "date" && right === "integer") return "date";
  if (sign === "+")
    return (isTime(right) && left === "interval") || (right === "date" && left === "integer")
      ? resultOf(sign, right, left)
      : null;
  if (left === "date" && right === "date") return "integer";
  return isTime(left) && isTime(right) ? "interval" : null;
}

function calculateHint(left: Node, right: Node): string {
  const types = [left.type, right.type];
  if (types.some(isTime) && types.includes("unknown")) return "; write interval '30 days' or date '2027-01-31'";
  if (types.some(isTime) && types.some(isNumber)) return "; add an interval, or whole days to a date";
  return "";
}
