/** Which customers a batch is about: those that match the filter of what started it, or, after a crash, those recorded. */
import type { Customer } from "../flow/customer.ts";
import type { StartedBy } from "../flow/event.ts";
import { compileFilter, type Filter } from "../flow/filter.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Batch } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";
import { zoneOf } from "./starts.ts";

export async function matchingCustomers(
  context: EngineContext,
  asked: {
    definition: FlowDefinition;
    startedBy: StartedBy;
    /** What `now()` means in the filter. */
    now: number;
  },
): Promise<{ matched: Customer[]; total: number }> {
  const { definition, startedBy, now } = asked;
  const filter = filterOf(definition, startedBy);
  const timezone = zoneOf(context, definition, startedBy);
  const { customers } = context;
  // A source that narrows says how many there are; of any other all are seen.
  const isNarrowed = filter !== null && customers.count !== undefined;
  const hint = isNarrowed ? { filter, now, timezone } : undefined;
  const matched: Customer[] = [];
  let seen = 0;
  for await (const page of customers.all({ hint })) {
    seen += page.length;
    matched.push(...page.filter((customer) => filter === null || filter.matches({ customer, now, timezone })));
  }
  return { matched, total: (isNarrowed ? await customers.count?.() : undefined) ?? seen };
}

export async function recordedCustomers(context: EngineContext, batch: Batch): Promise<Customer[]> {
  const customers: Customer[] = [];
  for (const customerId of batch.customer_ids) {
    const customer = await context.customers.get({ customerId });
    if (customer === null) context.logger.warn({ customer_id: customerId }, "a customer of the batch is gone");
    else customers.push(customer);
  }
  return customers;
}

/** Of the trigger that fired; by hand, the first that there is. A flow was checked when it was loaded, so it compiles. */
function filterOf(definition: FlowDefinition, startedBy: StartedBy): Filter | null {
  const filters = definition.triggers.map((trigger) => (trigger.type === "manual" ? null : trigger.filter));
  const predicates =
    startedBy.type === "schedule" ? filters[startedBy.trigger] : filters.find((filter) => filter !== null);
  if (predicates === null || predicates === undefined) return null;
  const compiled = compileFilter({ predicates });
  if (compiled.ok) return compiled.filter;
  throw new Error(`The filter of ${definition.flow_id}: ${compiled.problems[0]?.message ?? "unreadable"}`);
}
