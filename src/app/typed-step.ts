/**
 * `Step` as the package exports it: the same step, with the known actions' own types, so that an editor marks a wrong action,
 * parameter or field while it is written. What can't be typed is still checked when the flow is loaded.
 */
import type { ActionName, Expression, KnownCall, OutputOf, PathIn } from "../agents/known-actions.ts";
import { Step as WrittenStep, type AgentStepArguments, type StepArguments } from "../flow/api/step.ts";

export type TypedStepArguments = StepArguments<KnownCall>;
export type TypedAgentStepArguments = AgentStepArguments<KnownCall>;

export class Step<const Action extends ActionName = ActionName> extends WrittenStep {
  readonly id: string;
  /** What an agent's step calls. */
  readonly action: Action | null;

  constructor(named: TypedStepArguments & { action?: Action }) {
    super(named);
    this.id = named.id;
    this.action = named.action ?? null;
  }

  /** Its output, or one field of it, as an expression for the steps behind it: `step.output("usage_metrics.utilization")`. */
  output<Called extends ActionName>(this: Step<Called>, path?: OutputPath<Called>): Expression {
    return `\${${[this.id, ...(path === undefined ? [] : [path])].join(".")}}`;
  }
}

/** Any text where the action isn't known. */
type OutputPath<Action extends ActionName> = ActionName extends Action ? string : PathIn<OutputOf<Action>>;
