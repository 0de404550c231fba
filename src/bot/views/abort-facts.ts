/** What an abort ends, from an execution's state: before it, what would be; after it, what was. Pure. */
import type { ExecutionState, StepState } from "../../flow/execution.ts";
import { allWorks } from "../../flow/step-state.ts";

export interface AbortFacts {
  executionId: string;
  flowId: string;
  customerName: string | null;
  status: ExecutionState["status"];
  /** It is being ended already. */
  stopping: ExecutionState["stopping"];
  timezone: string;
  /** Steps whose approval is withdrawn. */
  withdrawn: string[];
  /** Steps under way that are cut off. */
  cutOff: string[];
  /** How many steps don't begin any more. */
  notBegun: number;
  /** Executions of its sub-flows, which end with it. */
  children: string[];
  /** Steps that a compensation takes back, in that order. */
  takesBack: string[];
}

export function abortFacts(state: ExecutionState): AbortFacts {
  const { executionId, flowId, customer, status, stopping, timezone } = state;
  const steps = state.definition.steps.flatMap(({ id }) => state.steps[id] ?? []);
  const wasStopped = (step: StepState) => stopping !== null && step.endedAt === stopping.at;
  const withdrawn = steps.filter(
    (step) => step.approval?.status === "pending" || (step.approval?.status === "withdrawn" && wasStopped(step)),
  );
  const open = steps.filter((step) => isOpen(step) || (step.status === "aborted" && wasStopped(step)));
  const others = open.filter((step) => !withdrawn.includes(step) && step.approval === null);
  const begun = others.filter(({ startedAt }) => startedAt !== null);
  return {
    executionId,
    flowId,
    customerName: customer?.name ?? null,
    status,
    stopping,
    timezone,
    withdrawn: withdrawn.map(({ id }) => id),
    cutOff: begun.map(({ id }) => id),
    notBegun: others.length - begun.length,
    children: begun.flatMap((step) =>
      allWorks(step).flatMap(({ work }) =>
        work.child === null || work.child.hasEnded ? [] : [work.child.executionId],
      ),
    ),
    takesBack: state.compensating ?? takenBack(state, steps),
  };
}

function isOpen({ status }: StepState): boolean {
  return status === "pending" || status === "running" || status === "waiting";
}

/** Those that succeeded and have a compensation, the one that ended last first. */
function takenBack({ definition }: ExecutionState, steps: readonly StepState[]): string[] {
  const places = new Map(
    definition.steps.filter((step) => "compensate" in step && step.compensate !== null).map(({ id }, at) => [id, at]),
  );
  return steps
    .filter(({ id, status, compensation }) => places.has(id) && status === "succeeded" && compensation === null)
    .toSorted((one, other) => {
      const place = (places.get(other.id) ?? 0) - (places.get(one.id) ?? 0);
      return (other.endedAt ?? 0) - (one.endedAt ?? 0) || place;
    })
    .map(({ id }) => id);
}
