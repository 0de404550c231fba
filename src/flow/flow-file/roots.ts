/** What the expressions of a flow may read where they stand: roots in scope, and paths that exist below them. */
import type { ActionDescription } from "../action.ts";
import { checkTemplate } from "../expression.ts";
import type { TemplatePath } from "../expression.ts";
import { customerFields } from "../customer.ts";
import type { Json } from "../json.ts";
import { nearest } from "../nearest.ts";
import type { Inputs } from "./input.ts";
import {
  checkPath,
  closed,
  customerSchema,
  decisionSchema,
  failureSchema,
  schemaOf,
  schemaOfValue,
} from "./output-schema.ts";
import type { Schema } from "./output-schema.ts";
import { didYouMean } from "./problem.ts";
import type { Report } from "./problem.ts";
import type { ScalarNode, SourceNode } from "./source.ts";
import { textsIn } from "./source.ts";
import { predecessors } from "./step-graph.ts";
import type { StepSource } from "./step.ts";

const text: Schema = { type: "string" };

/** Each root with the schemas that its value may have. */
export type Scope = ReadonlyMap<string, readonly Schema[]>;

/** Roots that stand everywhere in a flow. A step of the same name as a variable hides it. */
export function commonScope({ inputs, variables }: { inputs: Inputs; variables: Record<string, Json> }): Scope {
  const fields = Object.fromEntries(Object.keys(inputs).map((name) => [name, {}]));
  return new Map([
    ...Object.entries(variables).map(([name, value]) => [name, [schemaOfValue(value)]] as const),
    ["customer", [customerSchema]],
    ["input", [closed({ customer_id: text, ...fields })]],
    ["execution", [closed({ id: text, started_at: text })]],
    ["flow", [closed({ id: text, version: text })]],
    ["batch", [closed({ id: text })]],
  ]);
}

export interface Checked {
  node: SourceNode;
  scope: Scope;
  steps: readonly StepSource[];
  /** Null outside of steps. */
  step: StepSource | null;
  report: Report;
}

/** Reports what is wrong, and says whether the customer is read. */
export function checkExpressions(checked: Checked): boolean {
  let readsCustomer = false;
  for (const scalar of textsIn(checked.node)) {
    const { problems, paths } = checkTemplate(scalar.value);
    for (const { offset, message } of problems) checked.report.error(scalar.place(offset), message);
    for (const path of paths) {
      readsCustomer ||= path.root === "customer";
      checkRead({ ...checked, scalar, path });
    }
  }
  return readsCustomer;
}

/** The outputs of all that a step depends on, beside the common roots. */
export function stepScope(asked: { step: StepSource; steps: readonly StepSource[]; common: Scope }): Scope {
  const before = predecessors(asked.step, asked.steps);
  const outputs = asked.steps.flatMap((source) =>
    source.id !== null && source.id !== asked.step.id && before.has(source.id)
      ? [[source.id, outputSchemas(source)] as const]
      : [],
  );
  return new Map([...asked.common, ...outputs]);
}

function outputSchemas({ action, step }: StepSource): Schema[] {
  if (step?.kind === "approval") return [decisionSchema];
  if (action === null) return [{}];
  const output = described(action);
  return step?.kind === "agent" && step.on_error === "continue" ? [output, failureSchema] : [output];
}

const schemas = new WeakMap<ActionDescription, Schema>();

export function described(action: ActionDescription): Schema {
  const known = schemas.get(action) ?? schemaOf(action.output, "output");
  schemas.set(action, known);
  return known;
}

interface Read extends Checked {
  scalar: ScalarNode;
  path: TemplatePath;
}

function checkRead({ scalar, path, scope, steps, step, report }: Read): void {
  const place = (index: number) => scalar.place(path.offsets[index] ?? 0);
  const schemas = scope.get(path.root);
  if (schemas === undefined) {
    report.error(place(0), unknownRoot({ root: path.root, scope, steps, step }));
    return;
  }
  const answer = checkPath(schemas, path.path);
  if (answer.ok) return;
  const parent = [path.root, ...path.path.slice(0, answer.index)].join(".");
  const name = path.path[answer.index] ?? "";
  const near = nearest(name, answer.known);
  const hint = near === null && answer.known.length > 0 ? `; it has ${listed(answer.known)}` : didYouMean(near);
  report.error(place(answer.index + 1), `${parent} has no field "${name}"${hint}`);
}

function listed(names: string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(", ")} and others` : names.join(", ");
}

function unknownRoot(asked: {
  root: string;
  scope: Scope;
  steps: readonly StepSource[];
  step: StepSource | null;
}): string {
  const { root, scope, steps, step } = asked;
  if (root === "item" || root === "index") return `"${root}" needs for_each, which is not supported yet`;
  if (step !== null && root === step.id) return `${root} can't read its own output`;
  if (steps.some(({ id }) => id === root)) {
    return step === null
      ? `"${root}" is a step; here no step's output can be read`
      : `this step doesn't depend on ${root}; add it to depends_on`;
  }
  if (Object.hasOwn(customerFields, root)) return `there is no root "${root}"; did you mean customer.${root}?`;
  const near = nearest(root, scope.keys());
  const all = `; there are ${listed([...scope.keys()])}, and revops.yml may name others under variables`;
  return `there is no root "${root}"${near === null ? all : didYouMean(near)}`;
}
