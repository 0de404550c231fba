/** How a customer's fields are changed where they come from: what the CRM's notifier needs of a source that can be written. */
import type { CrmChange } from "./effect.ts";

export interface CustomerWriter {
  /**
   * Writes all of the changes or none. A field that has its new value already is left as it is, so that writing again after a
   * lost answer does no harm; one that has neither its old nor its new value refuses all. Throws `FailureError`: `Effect.Refused`
   * where nothing was written and trying again won't help; `Agent.Timeout` and `Agent.Unavailable` where it may.
   */
  update(parameters: { customerId: string; changes: readonly CrmChange[]; signal: AbortSignal }): Promise<void>;
}
