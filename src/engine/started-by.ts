/** Who or what started an execution, in words. */
import type { ExecutionState } from "../flow/execution.ts";
import { instant } from "./refusal.ts";

export function startedByWords(state: Pick<ExecutionState, "startedBy" | "timezone">): string {
  switch (state.startedBy.type) {
    case "manual":
      return state.startedBy.person?.name ?? "a program";
    case "schedule":
      return `the schedule of ${instant(state.startedBy.scheduled_at, state)}`;
    case "event":
      return `the event ${state.startedBy.event}`;
    case "flow":
      return `the flow step ${state.startedBy.step_id} of ${state.startedBy.execution_id}`;
    default:
      return state.startedBy satisfies never;
  }
}
