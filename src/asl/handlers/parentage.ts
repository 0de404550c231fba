/**
 * Which step of which execution has started this one: the service tells the parent by the field that its console reads as well, and
 * the name, which is derived from the step, tells the rest. Whoever started the outermost one is known by that (A2).
 */
import type { StartedBy } from "../../flow/event.ts";
import { derivedId } from "../../flow/execution-id.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import { FailureError } from "../../flow/failure.ts";
import type { JsonObject } from "../../flow/json.ts";
import { beginAnyway } from "../../engine/decide/begin.ts";
import { withoutRedrive } from "../../engine/owed.ts";
import { stepState } from "../../engine/readiness.ts";
import { requesterOf } from "../../engine/requester.ts";
import { deepest } from "../../engine/sub-flows.ts";
import { startedByField } from "../protocol.ts";
import type { RecordedExecution } from "./recorded-execution.ts";

type ByFlow = Extract<StartedBy, { type: "flow" }>;

/** Above an index there is no item. */
const mostItems = 1_000;

/** The input as people know it, and the name of the execution that the service was asked by; null: by no execution. */
export function parentIn({ [startedByField]: arn, ...input }: JsonObject): {
  input: JsonObject;
  parent: string | null;
} {
  return { input, parent: typeof arn === "string" ? (arn.split(":").at(-1) ?? null) : null };
}

/** Null: it is no step's execution, whoever says so. Throws `FailureError` where it lies too deep. */
export function startedByStep(parent: ExecutionState, child: { flowId: string; name: string }): ByFlow | null {
  const { executionId, startedAt, startedBy } = parent;
  const depth = startedBy.type === "flow" ? startedBy.depth + 1 : 1;
  const childId = withoutRedrive(child.name);
  const id = (stepId: string, part: number | "") =>
    derivedId({ at: startedAt, parts: ["flow", executionId, stepId, part] });
  for (const step of parent.definition.steps) {
    if (step.kind !== "flow" || step.flow_id !== child.flowId) continue;
    const items = step.for_each === null ? [] : Array.from({ length: mostItems }, (_none, index) => index);
    const part = items.find((index) => id(step.id, index) === childId) ?? null;
    if (part === null && id(step.id, "") !== childId) continue;
    if (depth > deepest) {
      const cause = `Sub-flows lie at most ${deepest} deep, and ${child.flowId} would be one too many.`;
      throw new FailureError({ error: "Input.Invalid", cause });
    }
    const requester = requesterOf(parent);
    return { type: "flow", execution_id: executionId, step_id: step.id, part, requester, depth };
  }
  return null;
}

/** So that people see whom the step waits for. The items of a repetition are the machine's alone. */
export async function noteInParent(
  log: RecordedExecution,
  child: { startedBy: ByFlow; executionId: string; input: JsonObject },
): Promise<void> {
  const { step_id: stepId, part } = child.startedBy;
  if (part !== null) return;
  const of = { stepId, part };
  await log.record((state, decideContext) => {
    const isOpen = state.status === "running" && stepState(state, stepId).status === "pending";
    if (!isOpen) return [];
    const begun = beginAnyway(state, of, { kind: "parameters", parameters: child.input }, decideContext);
    return [
      ...begun,
      { type: "flow_started", at: decideContext.now, step_id: stepId, execution_id: child.executionId },
    ];
  });
}
