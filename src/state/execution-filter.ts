/** Does an execution belong in a list? For stores that look at each header rather than let a query choose. */
import type { ExecutionHeader } from "../flow/record.ts";
import type { ExecutionFilter } from "./state-store.ts";

export function matches({ header, filter }: { header: ExecutionHeader; filter: ExecutionFilter }): boolean {
  return (
    (filter.flowId === undefined || header.flow_id === filter.flowId) &&
    (filter.customerId === undefined || header.customer_id === filter.customerId) &&
    (filter.batchId === undefined || header.batch_id === filter.batchId) &&
    (filter.parentId === undefined || header.parent_id === filter.parentId) &&
    (filter.status === undefined || header.status === filter.status) &&
    (filter.open === undefined || header.open === filter.open)
  );
}
