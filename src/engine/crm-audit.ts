/** T4: what was changed in the CRM, each field as it was and as it is. */
import { updateInWords } from "../flow/crm-change.ts";
import { derivedId } from "../flow/execution-id.ts";
import type { ExecutionState, StepEffect } from "../flow/execution.ts";
import type { RunningContext } from "./context.ts";

/** Before the log says that it was done: a process that dies in between finds it done, and records the same entry again. */
export async function auditUpdate(
  { store, clock }: Pick<RunningContext, "store" | "clock">,
  { executionId, flowId, startedAt }: ExecutionState,
  { key, planned: { effect } }: StepEffect,
): Promise<void> {
  if (effect.kind !== "crm_update") return;
  const audit_id = derivedId({ at: startedAt, parts: ["update_crm", key] });
  const about = { action: "update_crm" as const, person: null, flow_id: flowId, execution_id: executionId };
  const detail = `${updateInWords(effect)}; ${effect.customer.id}; because: ${effect.reason}`;
  await store.recordAudit({ events: [{ audit_id, at: clock.now(), ...about, detail }] });
}
