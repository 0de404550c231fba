/** Which firing of a schedule an execution tells of by its id, as the embedded scheduler derives it. */
import type { StartedBy } from "../../flow/event.ts";
import { instantOf } from "../../flow/execution-id.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import { firedExecutionId } from "../../engine/fired-ids.ts";

/** A machine is given nothing but its input, so its name has to tell; null: no schedule of this flow has started it. */
export function firingOf(
  { flow_id: flowId, triggers }: FlowDefinition,
  { executionId, input }: { executionId: string; input: JsonObject },
): Extract<StartedBy, { type: "schedule" }> | null {
  const { customer_id: customerId } = input;
  const scheduledAt = instantOf(executionId);
  if (typeof customerId !== "string" || scheduledAt === null) return null;
  const trigger = triggers.findIndex(
    ({ type }, index) =>
      type === "schedule" && firedExecutionId({ flowId, trigger: index, at: scheduledAt }, customerId) === executionId,
  );
  return trigger === -1 ? null : { type: "schedule", trigger, scheduled_at: scheduledAt };
}
