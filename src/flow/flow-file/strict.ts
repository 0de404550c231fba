/**
 * What is allowed, and what a careful reader would ask about: for `validate --strict`.
 *
 * - Q1. A step that reaches people, and no approval on any way to it.
 * - Q2. A condition that can't be true: a constant, or a comparison with a value that the other side never has.
 */
import { parse } from "../expression/engine.ts";
import type { SyntaxNode } from "../expression/syntax-tree.ts";
import { splitTemplate } from "../expression/template.ts";
import type { Json } from "../json.ts";
import { schemasAt, type Schema } from "./output-schema.ts";
import type { Report } from "./problem.ts";
import { stepScopes, type Scope } from "./roots.ts";
import { predecessors } from "./step-graph.ts";
import type { StepSource } from "./step.ts";

interface Strictly {
  steps: readonly StepSource[];
  common: Scope;
  report: Report;
}

export function warnStrictly({ steps, common, report }: Strictly): void {
  for (const step of steps) {
    const before = predecessors(step, steps);
    const isApproved = steps.some((other) => before.has(other.id ?? "") && other.step?.kind === "approval");
    if (step.action?.plansEffects === true && !isApproved)
      report.warning(step.at, `${step.action.action} reaches people, and no approval comes before it`);
    const when = step.step?.when ?? null;
    if (when === null) continue;
    const reason = neverTrue(when, stepScopes({ step, steps, common }).predecessors);
    if (reason !== null) report.warning(whenAt(step, when), `this can't be true: ${reason}`);
  }
}

function whenAt({ values, at }: StepSource, when: string): number {
  return values.find(({ node }) => node.kind === "scalar" && node.value === when)?.node.at ?? at;
}

/** Why; null: it may be true. */
function neverTrue(when: string, scope: Scope): string | null {
  const template = splitTemplate(when);
  const [part] = template.ok ? template.parts : [];
  return part?.kind === "expression" ? never(parse(part.source).tree, scope) : null;
}

function never(node: SyntaxNode, scope: Scope): string | null {
  if (node.type === "block" && node.expressions?.length === 1)
    return node.expressions[0] === undefined ? null : never(node.expressions[0], scope);
  if (node.type === "value") return node.value === true ? null : `it is always ${String(node.value)}`;
  const { lhs, rhs } = node;
  if (node.type !== "binary" || lhs === undefined || Array.isArray(lhs) || rhs === undefined) return null;
  switch (node.value) {
    case "and":
      return never(lhs, scope) ?? never(rhs, scope);
    case "or":
      return never(rhs, scope) === null ? null : never(lhs, scope);
    case "=":
      return neverEqual(lhs, rhs, scope) ?? neverEqual(rhs, lhs, scope);
    default:
      return null;
  }
}

function neverEqual(side: SyntaxNode, other: SyntaxNode, scope: Scope): string | null {
  const path = pathOf(side);
  const value = literal(other);
  if (path === null || value === undefined) return null;
  const [name = "", ...rest] = path;
  const root = scope.get(name);
  if (root === undefined) return null;
  const schemas = schemasAt(root.schemas, [...root.path, ...rest]);
  if (schemas.length === 0 || schemas.some((schema) => mayBe(schema, value))) return null;
  const values = schemas.flatMap((schema) => schema.enum ?? []);
  const known = values.length > 0 ? values.map((one) => JSON.stringify(one)).join(", ") : typesIn(schemas).join(" or ");
  return `${path.join(".")} is ${known}, never ${JSON.stringify(value)}`;
}

function mayBe(schema: Schema, value: Json): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value);
  const types = typesIn([schema]);
  const own = value === null ? "null" : typeof value;
  return types.length === 0 || types.includes(own) || (own === "number" && types.includes("integer"));
}

function typesIn(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap(({ type }) => (type === undefined ? [] : [type].flat())))];
}

/** Of plain names alone. */
function pathOf({ type, steps = [] }: SyntaxNode): string[] | null {
  if (type !== "path") return null;
  const isPlain = steps.every(
    (step) => step.type === "name" && step.predicate === undefined && step.stages === undefined,
  );
  return isPlain ? steps.map(({ value }) => String(value)) : null;
}

/** Undefined: it is none. */
function literal({ type, value }: SyntaxNode): string | number | boolean | null | undefined {
  if (type === "string" || type === "number" || type === "value") {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    return value === null ? null : undefined;
  }
  return undefined;
}
