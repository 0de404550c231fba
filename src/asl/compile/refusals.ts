/** What a flow says that Step Functions can't do, or would do otherwise without a word: each by step and name. */
import { regexDifference } from "./regexes.ts";
import type { FlowDefinition, Step } from "../../flow/flow.ts";
import type { Json } from "../../flow/json.ts";
import { compile } from "../../flow/expression/compile.ts";
import { parse } from "../../flow/expression/engine.ts";
import { allNodes } from "../../flow/expression/syntax-tree.ts";
import { ancestors } from "../../flow/graph.ts";
import type { Remark } from "./compilation.ts";
import { plainOf, sourcesIn } from "./expressions.ts";
import { isSureRecipient } from "./frame.ts";
import { kept } from "../../flow/kept.ts";
import { plainInstant } from "./times.ts";

export function refusalsOf(definition: FlowDefinition): Remark[] {
  return [...ofFlow(definition), ...definition.steps.flatMap((step) => ofStep(definition, step))];
}

function ofFlow({ failure_notification }: FlowDefinition): Remark[] {
  const found: string[] = [];
  if (failure_notification !== null && !isSureRecipient(failure_notification))
    found.push(
      "failure_notification: an expression that may fail would tell nobody; name a plain path such as ${admin_email}",
    );
  return found.map((message) => ({ step: null, message }));
}

function ofStep(definition: FlowDefinition, step: Step): Remark[] {
  const texts: Json = [step.when, step.due, ...own(step)];
  const found = sourcesIn(texts.filter((text) => text !== null)).flatMap(ofExpression);
  for (const [name, text] of instants(step)) {
    const problem = instantProblem(definition, text);
    if (problem !== null) found.push(`${name}: ${problem}`);
  }
  found.push(...editsTwice(definition, step));
  return [...new Set(found)].map((message) => ({ step: step.id, message }));
}

function own(step: Step): Json[] {
  switch (step.kind) {
    case "agent":
      return [step.parameters, step.for_each, step.compensate?.parameters ?? null];
    case "flow":
      return [step.input, step.for_each, step.compensate?.parameters ?? null];
    case "approval":
      return [...step.approvers, ...(step.escalate?.to ?? [])];
    case "wait":
      return [step.until];
    default:
      return step satisfies never;
  }
}

const ofExpression = kept((source): string[] => {
  const compiled = compile(source);
  if (!compiled.ok) return compiled.problems.map(({ message }) => `\${${source}}: ${message}`);
  return allNodes(parse(source).tree).flatMap((node) => {
    if (node.type === "parent") return [`\${${source}}: % is read otherwise by Step Functions; name the path`];
    if (node.type === "bind" && !Array.isArray(node.lhs) && node.lhs?.value === "states")
      return [`\${${source}}: $states is Step Functions' own name; choose another`];
    if (node.type === "lambda" && node.arguments?.some(({ value }) => value === "states") === true)
      return [`\${${source}}: $states is Step Functions' own name; choose another`];
    const difference =
      node.type === "regex" && node.value instanceof RegExp ? regexDifference(node.value.source) : null;
    return difference === null ? [] : [`\${${source}}: ${difference}`];
  });
});

function instants(step: Step): [string, string][] {
  const found: [string, string][] = [];
  if (step.due !== null && step.late !== "run") found.push(["due", step.due]);
  if (step.kind === "wait" && step.until !== null) found.push(["until", step.until]);
  return found;
}

const days: ReadonlySet<string> = new Set(["customer.renewal_date", "customer.notice_date", "customer.contract_start"]);

/** A local time or a day would need the execution's zone, which JSONata can't count in. */
function instantProblem({ input }: FlowDefinition, text: string): string | null {
  const words = "needs an instant with its offset on Step Functions, such as 2026-12-04T09:00:00Z";
  if (plainOf(text) !== null) return plainInstant(text) === null ? `${text} is local, and ${words}` : null;
  const [source = ""] = sourcesIn(text);
  const name = source.trim();
  const isDay = days.has(name) || (name.startsWith("input.") && input[name.slice("input.".length)]?.type === "date");
  return isDay ? `${name} is a day, and it ${words}` : null;
}

/** Of two that don't follow each other nobody could tell whose edit came last. */
function editsTwice(definition: FlowDefinition, step: Step): string[] {
  if (step.kind !== "approval") return [];
  return definition.steps.flatMap((other) => {
    if (other.kind !== "approval" || other.id === step.id) return [];
    if (isBefore(definition, step.id, other.id) || isBefore(definition, other.id, step.id)) return [];
    return step.editable
      .filter((edit) => other.editable.some(({ step: id, field }) => id === edit.step && field === edit.field))
      .map(
        ({ step: id, field }) => `editable: ${other.id} may edit ${id}.${field} too, and neither waits for the other`,
      );
  });
}

function isBefore(definition: FlowDefinition, one: string, other: string): boolean {
  return ancestors({ definition, stepId: other }).includes(one);
}
