/**
 * From the SQL parser's tree to ours: what isn't named here is refused, so that a node that the parser learns tomorrow is
 * refused as well. Both sides of an operator are looked at, so that all problems are reported at once.
 */
import type { Expr, ExprBinary, ExprCall, ExprCast, ExprRef, ExprUnary } from "pgsql-ast-parser";
import { customerFields } from "../customer.ts";
import type { Customer, FieldType } from "../customer.ts";
import { nearest } from "../nearest.ts";
import { cast, coerce, isNumber, typeNames } from "./convert.ts";
import type { CompareOperator, Node, ValueType } from "./node.ts";
import { between, calculate, coalesce, compare, isOneOf, like, logical, not, text } from "./operator.ts";
import type { Report } from "./problem.ts";

/** A condition: true, false or NULL. Null when something was reported. */
export function checkCondition(expression: Expr, report: Report): Node | null {
  const node = check(expression, report);
  if (node === null || node.type === "boolean" || node.type === "unknown")
    return node && coerce(node, "boolean", report);
  report(
    node.offset,
    `a condition must be true or false; this is ${typeNames[node.type]}, so compare it with something`,
  );
  return null;
}

function check(expression: Expr, report: Report): Node | null {
  const offset = placeOf(expression);
  switch (expression.type) {
    case "null":
      return { kind: "literal", type: "unknown", offset, value: null };
    case "string":
      return { kind: "literal", type: "unknown", offset, value: expression.value };
    case "integer":
    case "numeric":
      return { kind: "literal", type: expression.type, offset, value: expression.value };
    case "boolean":
      return { kind: "literal", type: "boolean", offset, value: expression.value };
    case "ref":
      return checkField(expression, report);
    case "keyword":
      return checkKeyword(expression.keyword, offset, report);
    case "call":
      return checkCall(expression, report);
    case "cast":
      return checkCast(expression, report);
    case "unary":
      return checkUnary(expression, report);
    case "binary":
      return checkBinary(expression, report);
    case "ternary": {
      const [value, low, high] = [expression.value, expression.lo, expression.hi].map((part) => check(part, report));
      const node = value && low && high ? between({ value, low, high, offset }, report) : null;
      return expression.op === "BETWEEN" ? node : node && not(node, report);
    }
    case "select":
    case "with":
    case "with recursive":
    case "union":
    case "union all":
    case "values":
    case "array select":
      return refuse("a subquery", offset, report);
    case "parameter":
      return refuse("a parameter", offset, report);
    case "list":
    case "array":
    case "arrayIndex":
    case "member":
      return refuse("a list or a part of one, other than after in,", offset, report);
    case "case":
    case "extract":
    case "overlay":
    case "substring":
      return refuse(expression.type, offset, report);
    case "constant":
    case "default":
  }
  // Not a `default:`, so that the linter asks about each new form; at run time it is refused.
  return refuse("this form of expression", offset, report);
}

function refuse(what: string, offset: number, report: Report): null {
  report(offset, `${what} isn't allowed in a filter`);
  return null;
}

function placeOf(expression: Expr): number {
  return expression._location?.start ?? 0;
}

const fieldTypes: Readonly<Record<FieldType, ValueType>> = {
  string: "text",
  number: "numeric",
  boolean: "boolean",
  date: "date",
  datetime: "timestamptz",
};

function isCustomerField(name: string): name is keyof Customer {
  return Object.hasOwn(customerFields, name);
}

function checkField(expression: ExprRef, report: Report): Node | null {
  const offset = placeOf(expression);
  const { table, name } = expression;
  if (table?.name === "customer" && table.schema === undefined && isCustomerField(name)) {
    return { kind: "field", type: fieldTypes[customerFields[name]], offset, name };
  }
  const right = isCustomerField(name) ? name : nearest(name, Object.keys(customerFields));
  const written = [table?.schema, table?.name, name].filter((part) => part !== undefined).join(".");
  const isOurs = table?.name === "customer" && table.schema === undefined;
  const hint = table === undefined && name === "now" ? "now()" : right === null ? null : `customer.${right}`;
  const help = hint !== null ? `did you mean ${hint}?` : isOurs ? fieldList : "text stands in 'single quotes'";
  report(offset, `${isOurs ? "there is no" : "a filter knows customer.* only, not"} ${written}; ${help}`);
  return null;
}

const fieldList = `the fields are ${Object.keys(customerFields).join(", ")}`;

function checkKeyword(keyword: string, offset: number, report: Report): Node | null {
  if (keyword === "current_date") return { kind: "today", type: "date", offset };
  if (keyword === "current_timestamp") return { kind: "now", type: "timestamptz", offset };
  report(offset, `${keyword} isn't allowed in a filter; current_date and now() are`);
  return null;
}

function checkCall(expression: ExprCall, report: Report): Node | null {
  const offset = placeOf(expression);
  const { name, schema } = expression.function;
  const isPlain = [
    expression.distinct,
    expression.filter,
    expression.over,
    expression.orderBy,
    expression.withinGroup,
  ].every((part) => part === undefined || part === null);
  const known = schema === undefined && isPlain && ["now", "lower", "upper", "coalesce"].includes(name);
  if (!known) {
    report(offset, `${name}(…) isn't allowed in a filter; now(), lower(), upper() and coalesce() are`);
    return null;
  }
  const operands = expression.args.map((argument) => check(argument, report));
  const whole = operands.filter((node) => node !== null);
  return whole.length === operands.length ? call(name, { operands: whole, offset }, report) : null;
}

function call(name: string, { operands, offset }: { operands: Node[]; offset: number }, report: Report): Node | null {
  if (name === "coalesce") return coalesce({ operands, offset }, report);
  const [first, ...others] = operands;
  if (name === "now") {
    if (first === undefined) return { kind: "now", type: "timestamptz", offset };
  } else if (first !== undefined && others.length === 0) {
    const operand = text(first, report);
    return operand && { kind: name === "lower" ? "lower" : "upper", type: "text", offset, operand };
  }
  report(offset, name === "now" ? "now() takes nothing between its brackets" : `${name}() takes one text`);
  return null;
}

const castTypes: ReadonlyMap<string, ValueType> = new Map([
  ["date", "date"],
  ["interval", "interval"],
  ["timestamp", "timestamp"],
  ["timestamp without time zone", "timestamp"],
  ["timestamptz", "timestamptz"],
  ["timestamp with time zone", "timestamptz"],
  ["numeric", "numeric"],
  ["integer", "integer"],
  ["int", "integer"],
  ["text", "text"],
  ["boolean", "boolean"],
]);

function checkCast({ operand, to, _location }: ExprCast, report: Report): Node | null {
  const isPlain = to.kind === undefined && !("config" in to && to.config !== undefined) && !("schema" in to);
  const type = isPlain && "name" in to ? castTypes.get(to.name) : undefined;
  if (type === undefined) {
    report(_location?.start ?? 0, `this type isn't allowed in a filter; ${[...castTypes.keys()].join(", ")} are`);
    return null;
  }
  const node = check(operand, report);
  // Numbers would be rounded, and texts made of anything: neither is for a filter.
  if (node !== null && type === "integer" && node.type === "numeric") {
    report(node.offset, "a number can't be cast to integer in a filter");
    return null;
  }
  return node && cast(node, type, report);
}

function checkUnary(expression: ExprUnary, report: Report): Node | null {
  const operand = check(expression.operand, report);
  if (operand === null) return null;
  const offset = placeOf(expression);
  const { op } = expression;
  if (op === "NOT") return not(operand, report, offset);
  if (op === "+" || op === "-") return signed(op, { operand, offset }, report);
  const isNegated = op.startsWith("IS NOT");
  if (op.endsWith("NULL")) return { kind: "is", type: "boolean", offset, test: "null", isNegated, operand };
  const checked = coerce(operand, "boolean", report);
  return (
    checked && {
      kind: "is",
      type: "boolean",
      offset,
      test: op.endsWith("TRUE") ? "true" : "false",
      isNegated,
      operand: checked,
    }
  );
}

function signed(sign: "+" | "-", { operand, offset }: { operand: Node; offset: number }, report: Report): Node | null {
  if (isNumber(operand.type) || (operand.type === "interval" && sign === "-")) {
    return sign === "+" ? operand : { kind: "negate", type: operand.type, offset, operand };
  }
  report(offset, `${sign} stands before ${typeNames[operand.type]}; it goes with a number or an interval`);
  return null;
}

const compareOperators: ReadonlyMap<string, CompareOperator> = new Map(
  (["=", "!=", "<", "<=", ">", ">="] as const).map((operator) => [operator, operator]),
);

function checkBinary(expression: ExprBinary, report: Report): Node | null {
  const offset = placeOf(expression);
  const { op } = expression;
  if (op === "IN" || op === "NOT IN") return checkIn(expression, report);
  const comparison = compareOperators.get(op);
  const isKnown =
    comparison !== undefined || op === "AND" || op === "OR" || op === "+" || op === "-" || op.endsWith("LIKE");
  if (!isKnown || expression.opSchema !== undefined) {
    report(offset, `the operator ${op} isn't allowed in a filter`);
    return null;
  }
  const left = check(expression.left, report);
  const right = check(expression.right, report);
  if (left === null || right === null) return null;
  const operands = { left, right, offset };
  if (comparison !== undefined) return compare(comparison, operands, report);
  if (op === "AND" || op === "OR") return logical(op === "AND" ? "and" : "or", operands, report);
  if (op === "+" || op === "-") return calculate(op, operands, report);
  const node = like({ ...operands, ignoresCase: op.endsWith("ILIKE") }, report);
  return op.startsWith("NOT") ? node && not(node, report) : node;
}

function checkIn(expression: ExprBinary, report: Report): Node | null {
  const { left, right, op } = expression;
  const items = right.type === "list" ? right.expressions : [right];
  const value = check(left, report);
  const list = items.map((item) => check(item, report));
  const whole = list.filter((node) => node !== null);
  if (value === null || whole.length !== list.length) return null;
  const node = isOneOf({ value, list: whole, offset: placeOf(expression) }, report);
  return op === "IN" ? node : node && not(node, report);
}
