/** What a firing of a schedule starts, under ids that are the same in every process: so it starts nothing twice. */
import { derivedId } from "../flow/execution-id.ts";

interface Firing {
  flowId: string;
  trigger: number;
  /** Milliseconds: the schedule's own instant. */
  at: number;
}

export function firedBatchId({ flowId, trigger, at }: Firing): string {
  return derivedId({ at, parts: ["batch", flowId, trigger, at] });
}

/** Never of the version (DESIGN §5). */
export function firedExecutionId({ flowId, trigger, at }: Firing, customerId: string): string {
  return derivedId({ at, parts: [flowId, trigger, at, customerId] });
}
