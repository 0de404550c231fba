/**
 * Whom a firing is about, a page at a time, each with the id of its execution: the same in every call, so that a firing that is
 * sent twice starts nothing twice. Paused flows match nobody, and with `overlap: skip` whoever has a running execution is left out;
 * with `queue` it comes after that one.
 */
import type { FlowDefinition } from "../../flow/flow.ts";
import { matchingCustomers } from "../../engine/batch-customers.ts";
import type { RunningContext } from "../../engine/context.ts";
import { headers } from "../../engine/header-pages.ts";
import type { ActionsRequest } from "../protocol.ts";
import { firedId } from "./fired.ts";
import { definitionOf } from "./recorded-execution.ts";

type FindRequest = Extract<ActionsRequest, { kind: "find_customers" }>;

/** Two ids each: a page stays far below the service's 256 KiB. */
const pageSize = 500;

export interface FoundCustomers {
  customers: { customer_id: string; execution_id: string }[];
  after: string | null;
}

export async function findCustomers(context: RunningContext, request: FindRequest): Promise<FoundCustomers> {
  const { flow_id: flowId, trigger, after } = request;
  const definition = await definitionOf(context, request);
  const controls = await context.store.flowControls();
  if (controls.some(({ flow_id, paused }) => flow_id === flowId && paused !== null))
    return { customers: [], after: null };
  const scheduled_at = Date.parse(request.scheduled_at);
  const startedBy = { type: "schedule" as const, trigger, scheduled_at };
  const { matched } = await matchingCustomers(context, { definition, startedBy, now: scheduled_at });
  const ids = matched.map(({ id }) => id).toSorted();
  const rest = after === null ? ids : ids.filter((id) => id > after);
  const page = rest.slice(0, pageSize);
  const running = await runningAbout(context, definition, trigger);
  const customers = page
    .filter((id) => !running.has(id))
    .map((customer_id) => ({
      customer_id,
      execution_id: firedId({ flowId, trigger, scheduledAt: scheduled_at, customerId: customer_id }),
    }));
  return { customers, after: rest.length > page.length ? (page.at(-1) ?? null) : null };
}

async function runningAbout({ store }: RunningContext, definition: FlowDefinition, trigger: number) {
  const running = new Set<string>();
  if (definition.triggers[trigger]?.overlap !== "skip") return running;
  for await (const { customer_id } of headers(store, { flowId: definition.flow_id, status: "running" }))
    if (customer_id !== null) running.add(customer_id);
  return running;
}
