/**
 * Which steps of a flow have run in tests, and which of the ways that each can go have been gone: past its condition or not,
 * approved, rejected or expired, failed where the flow goes on after that.
 */
import type { ExecutionState, StepState } from "../flow/execution.ts";
import { definitionHash, type FlowDefinition, type Step } from "../flow/flow.ts";

export interface FlowCoverage {
  flowId: string;
  version: string;
  steps: Counted;
  /** Each as `step: way`. */
  paths: Counted;
}

export interface Counted {
  covered: number;
  total: number;
  missing: string[];
}

type Way = "runs" | "condition met" | "condition not met" | "late" | "approved" | "rejected" | "expired" | "fails";

/** Adds up over any number of test cases. */
export class Coverage {
  readonly #flows = new Map<string, { definition: FlowDefinition; gone: Set<string> }>();

  note(state: ExecutionState): void {
    const { definition, steps } = state;
    const { gone } = this.#of(definition);
    for (const step of definition.steps) {
      const found = steps[step.id];
      if (found !== undefined) for (const way of waysGone(step, found)) gone.add(nameOf(step, way));
    }
  }

  /** A flow that no test has started counts too. */
  expect(definition: FlowDefinition): void {
    this.#of(definition);
  }

  /** In the order of the flows' ids. */
  flows(): FlowCoverage[] {
    const all = [...this.#flows.values()].map(({ definition, gone }) => coverageOf(definition, gone));
    return all.toSorted((one, other) => (one.flowId < other.flowId ? -1 : 1));
  }

  #of(definition: FlowDefinition): { definition: FlowDefinition; gone: Set<string> } {
    const hash = definitionHash(definition);
    const known = this.#flows.get(hash) ?? { definition, gone: new Set<string>() };
    this.#flows.set(hash, known);
    return known;
  }
}

function coverageOf({ flow_id, version, steps }: FlowDefinition, gone: ReadonlySet<string>): FlowCoverage {
  const hasRun = ({ id }: Step) => gone.has(`${id}: runs`);
  const paths = steps.flatMap((step) => waysOf(step).map((way) => nameOf(step, way)));
  return {
    flowId: flow_id,
    version,
    steps: counted(steps.map((step) => [step.id, hasRun(step)])),
    paths: counted(paths.map((path) => [path, gone.has(path)])),
  };
}

function counted(all: readonly (readonly [string, boolean])[]): Counted {
  const missing = all.flatMap(([name, isCovered]) => (isCovered ? [] : [name]));
  return { covered: all.length - missing.length, total: all.length, missing };
}

function nameOf({ id }: Step, way: Way): string {
  return `${id}: ${way}`;
}

/** Those that a flow's author has written; a step that only runs has the one. */
function waysOf(step: Step): Way[] {
  const ways: Way[] = [];
  if (step.when !== null) ways.push("condition met", "condition not met");
  if (step.due !== null && step.late === "skip") ways.push("late");
  if (step.kind === "approval") {
    ways.push("approved", "rejected");
    if (step.timeout_ms !== null && step.on_timeout !== "approve") ways.push("expired");
  } else if ("on_error" in step && step.on_error !== "fail") ways.push("fails");
  return ways.length === 0 ? ["runs"] : ways;
}

function waysGone(step: Step, { status, skipped, approval }: StepState): Way[] {
  const ways: Way[] = [];
  if (skipped === "condition") return ["condition not met"];
  if (skipped === "late") return ["late"];
  if (skipped !== null || status === "pending") return [];
  if (status !== "aborted") ways.push("runs");
  if (step.when !== null) ways.push("condition met");
  if (status === "failed") ways.push("fails");
  const ended = approval?.status ?? null;
  if (ended === "approved" || ended === "rejected" || ended === "expired") ways.push(ended);
  return ways;
}
