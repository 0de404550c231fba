/** Who started an execution by hand and therefore doesn't decide (A2); sub-flows keep the first one. */
import type { ExecutionState } from "../flow/execution.ts";
import type { Person } from "../flow/person.ts";

export function requesterOf({ startedBy }: Pick<ExecutionState, "startedBy">): Person | null {
  switch (startedBy.type) {
    case "manual":
      return startedBy.person;
    case "flow":
      return startedBy.requester;
    case "schedule":
    case "event":
      return null;
    default:
      return startedBy satisfies never;
  }
}

export function requesterId(state: Pick<ExecutionState, "startedBy">): string | null {
  return requesterOf(state)?.user_id ?? null;
}
