/** T4: one line for every start, decision, redrive, doubt answered and refusal. */
import { newId } from "../flow/execution-id.ts";
import type { Person } from "../flow/person.ts";
import type { AuditEvent } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";

export function auditEvent(
  context: Pick<EngineContext, "clock" | "randomness">,
  parameters: {
    action: AuditEvent["action"];
    person: Person | null;
    flowId: string | null;
    executionId: string | null;
    detail: string;
  },
): AuditEvent {
  const at = context.clock.now();
  const { action, person, flowId, executionId, detail } = parameters;
  const audit_id = newId({ now: at, randomness: context.randomness });
  return { audit_id, at, action, person, flow_id: flowId, execution_id: executionId, detail };
}
