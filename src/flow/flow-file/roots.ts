/** What the expressions of a flow may read where they stand: roots in scope, and paths that exist below them. */
import { checkTemplate } from "../expression.ts";
import type { TemplatePath } from "../expression.ts";
import { customerFields } from "../customer.ts";
import type { Json } from "../json.ts";
import { nearest } from "../nearest.ts";
import type { Inputs } from "./input.ts";
import { checkPath, closed, customerSchema, open, schemaOfValue, text } from "./output-schema.ts";
import type { Schema } from "./output-schema.ts";
import { didYouMean } from "./problem.ts";
import type { Report } from "./problem.ts";
import type { ScalarNode, SourceNode } from "./source.ts";
import { textsIn } from "./source.ts";
import { predecessors } from "./step-graph.ts";
import type { StepSource, StepValue } from "./step.ts";

/** What a root's value may be: the value at a path of one that fits one of the schemas. */
interface Root {
  schemas: readonly Schema[];
  path: readonly string[];
}

export type Scope = ReadonlyMap<string, Root>;

/** Roots that stand everywhere in a flow. A step of the same name as a variable hides it. */
export function commonScope(asked: { inputs: Inputs; variables: Record<string, Json> }): Scope {
  return new Map([
    ...startScope(asked),
    ["execution", root(closed({ id: text, started_at: text, started_by: text }))],
    ["flow", root(closed({ id: text, version: text }))],
    ["batch", root(closed({ id: text }))],
  ]);
}

/** What is known before there is an execution. */
export function startScope({ inputs, variables }: { inputs: Inputs; variables: Record<string, Json> }): Scope {
  const fields = Object.fromEntries(Object.keys(inputs).map((name) => [name, open]));
  return new Map([
    ...Object.entries(variables).map(([name, value]) => [name, root(schemaOfValue(value))] as const),
    ["customer", root(customerSchema)],
    ["input", root(closed({ customer_id: text, ...fields }))],
  ]);
}

function root(...schemas: readonly Schema[]): Root {
  return { schemas, path: [] };
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

/** What each kind of a step's values sees: the outputs of all that it depends on, and by kind something more. */
export function stepScopes(asked: {
  step: StepSource;
  steps: readonly StepSource[];
  common: Scope;
}): Readonly<Record<StepValue["sees"], Scope>> {
  const { step, steps, common } = asked;
  const before = predecessors(step, steps);
  const outputs = steps.flatMap(({ id, output }) =>
    id !== null && id !== step.id && before.has(id) ? [[id, root(...output)] as const] : [],
  );
  const scope: Scope = new Map([...common, ...outputs]);
  const own: Scope = step.id === null ? scope : new Map([...scope, [step.id, root(...step.output)]]);
  return {
    predecessors: scope,
    item: step.forEach === null ? scope : withItem(scope, step.forEach),
    "own output": own,
  };
}

function withItem(scope: Scope, forEach: SourceNode): Scope {
  return new Map([...scope, ["item", itemOf(forEach, scope)], ["index", root({ type: "number" })]]);
}

/** Known where the list is one plain path: paths look through lists. */
function itemOf(forEach: SourceNode, scope: Scope): Root {
  const [scalar] = textsIn(forEach);
  const [path, ...others] = scalar === undefined ? [] : checkTemplate(scalar.value).paths;
  const isPlain =
    path !== undefined && others.length === 0 && scalar?.value.replaceAll(/\s/g, "") === `\${${path.text}}`;
  const list = isPlain ? scope.get(path.root) : undefined;
  return list === undefined || !isPlain ? root(open) : { ...list, path: [...list.path, ...path.path] };
}

interface Read extends Checked {
  scalar: ScalarNode;
  path: TemplatePath;
}

function checkRead({ scalar, path, scope, steps, step, report }: Read): void {
  const place = (index: number) => scalar.place(path.offsets[index] ?? 0);
  const root = scope.get(path.root);
  if (root === undefined) {
    report.error(place(0), unknownRoot({ root: path.root, scope, steps, step }));
    return;
  }
  const answer = checkPath(root.schemas, [...root.path, ...path.path]);
  // What is wrong above an item is told where its list is made.
  if (answer.ok || answer.index < root.path.length) return;
  const index = answer.index - root.path.length;
  const parent = [path.root, ...path.path.slice(0, index)].join(".");
  const name = path.path[index] ?? "";
  const near = nearest(name, answer.known);
  const hint = near === null && answer.known.length > 0 ? `; it has ${listed(answer.known)}` : didYouMean(near);
  report.error(place(index + 1), `${parent} has no field "${name}"${hint}`);
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
  if (root === "item" || root === "index") {
    return step === null || step.forEach === null
      ? `"${root}" needs for_each at this step`
      : `"${root}" stands in parameters and input alone, once the list is known`;
  }
  if (step !== null && root === step.id) return `${root} can't read its own output`;
  if (steps.some(({ id }) => id === root)) {
    return step === null
      ? `"${root}" is a step; here no step's output can be read`
      : `this step doesn't depend on ${root}; add it to depends_on`;
  }
  if (laterRoots.includes(root)) return `${root} can't be read here: ${hereAre(scope)}`;
  if (Object.hasOwn(customerFields, root)) return `there is no root "${root}"; did you mean customer.${root}?`;
  const near = nearest(root, scope.keys());
  const all = `; ${hereAre(scope)}, and revops.yml may name others under variables`;
  return `there is no root "${root}"${near === null ? all : didYouMean(near)}`;
}

/** Roots that a place may lack, though they stand in most. */
const laterRoots = ["execution", "flow", "batch"];

function hereAre(scope: Scope): string {
  return `there are ${listed([...scope.keys()])}`;
}
