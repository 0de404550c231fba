/** What all parts of one compilation know: the definition, how its steps can end, and what there is to tell. */
import type { Ended } from "../../flow/run-rules.ts";
import { runRules } from "../../flow/run-rules.ts";
import { definitionHash, type ApprovalStep, type FlowDefinition, type Step } from "../../flow/flow.ts";
import { ancestors, stepNamed, toNodes, topologicalOrder } from "../../flow/graph.ts";
import { possibleEnds } from "./conditions.ts";

/** Of the whole flow where `step` is null. */
export interface Remark {
  step: string | null;
  message: string;
  /** Which of its fields, as in the file; left out: none alone. */
  path?: readonly string[];
}

export interface Compilation {
  definition: FlowDefinition;
  hash: string;
  /** Step ids, each after all that it depends on. */
  order: readonly string[];
  ends: ReadonlyMap<string, readonly Ended[]>;
  /** Approvals that may change outputs, in that order. */
  editing: readonly ApprovalStep[];
  notes: Remark[];
  refusals: Remark[];
  /** Books of branches, numbered over the whole machine. */
  branches: { count: number };
}

export function beginCompilation(definition: FlowDefinition): Compilation {
  const order = topologicalOrder(toNodes(definition.steps));
  const ends = new Map<string, readonly Ended[]>();
  for (const id of order) {
    const step = stepOf(definition, id);
    ends.set(id, possibleEnds(step, canBeSkipped(step, ends)));
  }
  const editing = order.flatMap((id) => {
    const step = stepOf(definition, id);
    return step.kind === "approval" && step.editable.length > 0 ? [step] : [];
  });
  const common = { editing, notes: [], refusals: [], branches: { count: 1 } };
  return { definition, hash: definitionHash(definition), order, ends, ...common };
}

function canBeSkipped(step: Step, ends: ReadonlyMap<string, readonly Ended[]>): boolean {
  if (step.when !== null || (step.due !== null && step.late === "skip")) return true;
  return step.depends_on.some(({ step: id, optional }) =>
    (ends.get(id) ?? []).some((end) => runRules[end][optional ? "optional" : "required"] === "closed"),
  );
}

export function stepOf(definition: FlowDefinition, stepId: string): Step {
  const step = stepNamed({ definition, stepId });
  if (step === undefined) throw new Error(`Flow ${definition.flow_id} has no step ${stepId}.`);
  return step;
}

export function endsOf(compilation: Compilation, stepId: string): readonly Ended[] {
  return compilation.ends.get(stepId) ?? [];
}

/** All that this step depends on, the nearest first. */
export function stepsBefore({ definition }: Compilation, stepId: string): readonly string[] {
  return ancestors({ definition, stepId });
}
