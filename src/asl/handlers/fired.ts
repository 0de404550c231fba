/** Executions that a firing's batch starts: their ids, as the embedded scheduler derives them, and which firing one tells of. */
import type { StartedBy } from "../../flow/event.ts";
import { derivedId, instantOf } from "../../flow/execution-id.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";

interface Fired {
  flowId: string;
  trigger: number;
  /** Milliseconds since the epoch. */
  scheduledAt: number;
  customerId: string;
}

export function firedId({ flowId, trigger, scheduledAt, customerId }: Fired): string {
  return derivedId({ at: scheduledAt, parts: [flowId, trigger, scheduledAt, customerId] });
}

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
      type === "schedule" && firedId({ flowId, trigger: index, scheduledAt, customerId }) === executionId,
  );
  return trigger === -1 ? null : { type: "schedule", trigger, scheduled_at: scheduledAt };
}
