/** E2: `role:operator` or an approver of the execution answers doubts, redrives and aborts. Null is a program: it may. */
import type { ExecutionState } from "../flow/execution.ts";
import type { Person } from "../flow/person.ts";
import type { RunningContext } from "./context.ts";
import { isAmong } from "./is-among.ts";

export async function mayOperate(
  context: RunningContext,
  state: ExecutionState,
  person: Person | null,
): Promise<boolean> {
  if (person === null) return true;
  const approvers = Object.values(state.steps).flatMap((step) => step.approval?.approvers ?? []);
  return isAmong(context, person, ["role:operator", ...approvers.map(({ reference }) => reference)]);
}
