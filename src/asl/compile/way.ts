/**
 * How a step is left. One that only the step right before it can close isn't asked whether it may run: what closes it leads to
 * where it is noted as skipped, and what doesn't to its work. A state transition less for each, which is what is paid for.
 */
import { runRules, type Ended } from "../../flow/run-rules.ts";
import type { Step } from "../../flow/flow.ts";
import { endsOf, type Compilation } from "./compilation.ts";
import { requiredBefore } from "./sight.ts";

export interface Way {
  /** Null: the branch ends. */
  next: string | null;
  /** Ends that lead elsewhere: the next step can't run after them. Null: it asks itself. */
  past: { ends: ReadonlySet<Noted>; to: string } | null;
  /** Whether this step has to ask if it may run. */
  asks: boolean;
}

/** Ends that have a state of their own. */
export type Noted = "failed" | "skipped";

/** After which ends of `last`, right before it, it can't run; null: others may close it too. */
export function closingEnds(compilation: Compilation, step: Step, last: Step): ReadonlySet<Noted> | null {
  const ofLast = step.depends_on.find((dependency) => dependency.step === last.id);
  // What was decided isn't known by the state that it leaves.
  if (ofLast === undefined || ofLast.optional || last.kind === "approval") return null;
  if (step.kind === "approval" && mayTakeBack(compilation)) return null;
  const open = requiredBefore(compilation, last);
  const others = step.depends_on.filter((dependency) => dependency !== ofLast && !dependency.optional);
  // What let the last one run lets this one run too.
  if (others.some((dependency) => !open.has(dependency.step))) return null;
  const ends = endsOf(compilation, last.id);
  const noted = new Set<Noted>();
  if (ends.some((end) => (end === "failed" || end === "failed_and_continues") && closes(end))) noted.add("failed");
  if (ends.some((end) => end === "skipped" && closes(end))) noted.add("skipped");
  return noted;
}

const closes = (end: Ended): boolean => runRules[end].required === "closed";

/** Then nobody is asked any more. */
function mayTakeBack({ definition }: Compilation): boolean {
  return definition.steps.some((step) => "on_error" in step && step.on_error === "compensate");
}
