/**
 * What a Choice may ask. It has no Catch: an expression that may fail, or give nothing, would end the whole execution. So a
 * condition stands in a Choice only where it can be seen that it gives a value whatever the data; else it is evaluated by a
 * state that can catch (`looking.ts`).
 */
import { runRules, type Ended } from "../../flow/run-rules.ts";
import type { Dependency, Step } from "../../flow/flow.ts";
import { parse } from "../../flow/expression/engine.ts";
import type { SyntaxNode } from "../../flow/expression/syntax-tree.ts";
import { kept } from "../../flow/kept.ts";

type Kind = "boolean" | "number" | "any";

/** Of an expression that can't fail: what it gives; null: it may fail. */
export const surely = kept((source): Kind | null => kindOf(parse(source).tree));

function kindOf(node: SyntaxNode): Kind | null {
  if (node.predicate !== undefined || node.stages !== undefined || node.group !== undefined) return null;
  switch (node.type) {
    case "value":
      return typeof node.value === "boolean" ? "boolean" : "any";
    case "string":
    case "name":
      return "any";
    case "number":
      return "number";
    case "path":
      return (node.steps ?? []).every((step) => step.type === "name" && kindOf(step) !== null) && !hasMarks(node)
        ? "any"
        : null;
    case "block":
      return node.expressions?.length === 1 && node.expressions[0] !== undefined ? kindOf(node.expressions[0]) : null;
    case "binary":
      return ofOperator(node);
    case "function":
      return ofCall(node);
    default:
      return null;
  }
}

/** `[]` and the like. */
function hasMarks(node: SyntaxNode): boolean {
  return "keepSingletonArray" in node || node.tuple === true;
}

function ofOperator(node: SyntaxNode): Kind | null {
  if (node.lhs === undefined || Array.isArray(node.lhs) || node.rhs === undefined) return null;
  const [left, right] = [kindOf(node.lhs), kindOf(node.rhs)];
  if (left === null || right === null) return null;
  switch (node.value) {
    case "=":
    case "!=":
    case "and":
    case "or":
    case "in":
      return "boolean";
    case "<":
    case ">":
    case "<=":
    case ">=":
      return left === "number" && right === "number" ? "boolean" : null;
    default:
      return null;
  }
}

function ofCall(node: SyntaxNode): Kind | null {
  const [argument, ...others] = node.arguments ?? [];
  if (argument === undefined || others.length > 0 || kindOf(argument) === null) return null;
  switch (node.procedure?.value) {
    case "exists":
      return "boolean";
    case "not":
      return kindOf(argument) === "boolean" ? "boolean" : null;
    case "count":
      return "number";
    default:
      return null;
  }
}

/** How a step can end at all. */
export function possibleEnds(step: Step, canBeSkipped: boolean): Ended[] {
  const ends: Ended[] = canBeSkipped ? ["skipped"] : [];
  switch (step.kind) {
    case "approval":
      return ["approved", "not_approved", "failed", ...ends];
    case "wait":
      return ["succeeded", "failed", ...ends];
    case "agent":
    case "flow":
      return ["succeeded", step.on_error === "continue" ? "failed_and_continues" : "failed", ...ends];
    default:
      return step satisfies never;
  }
}

/** When this dependency keeps its step from running, in JSONata; null: never. From the engine's own table. */
export function closedBy(asked: { dependency: Dependency; ends: readonly Ended[]; place: string }): string | null {
  const { dependency, ends, place } = asked;
  const gate = (end: Ended) => runRules[end][dependency.optional ? "optional" : "required"];
  const open = ends.filter((end) => gate(end) === "open");
  const closed = ends.filter((end) => gate(end) === "closed");
  if (closed.length === 0) return null;
  const [only, ...others] = open;
  // What lets through is one end in most cases, which reads better than all that don't.
  if (only !== undefined && others.length === 0) return endedOtherwise(only, place);
  return closed.map((end) => endedAs(end, place)).join(" or ");
}

function endedAs(end: Ended, place: string): string {
  switch (end) {
    case "succeeded":
      return `${place}.status = "succeeded"`;
    case "approved":
      return `${place}.output.decision = "approved"`;
    case "not_approved":
      return `(${place}.status = "succeeded" and ${place}.output.decision != "approved")`;
    case "failed":
    case "failed_and_continues":
      return `${place}.status = "failed"`;
    case "skipped":
    case "aborted":
      return `${place}.status = "skipped"`;
    default:
      return end satisfies never;
  }
}

function endedOtherwise(end: Ended, place: string): string {
  if (end === "succeeded") return `${place}.status != "succeeded"`;
  return `$not(${endedAs(end, place)})`;
}
