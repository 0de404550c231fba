/**
 * Whom a firing is about, a page at a time, each with the id of its execution: the same in every call, so that a firing that is
 * sent twice starts nothing twice. Paused flows match nobody, and with `overlap: skip` whoever has a running execution is left out;
 * with `queue` it comes after that one.
 */
import type { StartedBy } from "../../flow/event.ts";
import { definitionHash, type FlowDefinition } from "../../flow/flow.ts";
import type { Batch } from "../../flow/record.ts";
import { auditEvent } from "../../engine/audit.ts";
import { matchingCustomers } from "../../engine/batch-customers.ts";
import type { RunningContext } from "../../engine/context.ts";
import { firedBatchId, firedExecutionId } from "../../engine/fired-ids.ts";
import { headers } from "../../engine/header-pages.ts";
import type { ActionsRequest } from "../protocol.ts";
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
  const { matched, total } = await matchingCustomers(context, { definition, startedBy, now: scheduled_at });
  const ids = matched.map(({ id }) => id).toSorted();
  const rest = after === null ? ids : ids.filter((id) => id > after);
  const page = rest.slice(0, pageSize);
  const running = await runningAbout(context, definition, trigger);
  if (after === null) await noteBatch(context, { definition, startedBy, ids, total, running });
  const firing = { flowId, trigger, at: scheduled_at };
  const customers = page
    .filter((id) => !running.has(id))
    .map((customer_id) => ({ customer_id, execution_id: firedExecutionId(firing, customer_id) }));
  return { customers, after: rest.length > page.length ? (page.at(-1) ?? null) : null };
}

/** What people are shown of it; once, and the bot takes it up. */
async function noteBatch(
  context: RunningContext,
  found: {
    definition: FlowDefinition;
    startedBy: Extract<StartedBy, { type: "schedule" }>;
    ids: string[];
    total: number;
    running: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const { definition, startedBy, ids, total, running } = found;
  const { flow_id, version } = definition;
  const { trigger, scheduled_at: at } = startedBy;
  const batch: Batch = {
    batch_id: firedBatchId({ flowId: flow_id, trigger, at }),
    flow_id,
    definition_hash: definitionHash(definition),
    started_by: startedBy,
    started_at: context.clock.now(),
    customer_ids: ids,
    customers_total: total,
    already_running: Object.fromEntries(ids.flatMap((id) => entryOf(id, running.get(id)))),
    status: "running",
    channel: context.channels.default,
    message_ts: null,
    revision: 0,
    owner: null,
    driver: "stepfunctions",
  };
  const detail = `${flow_id} ${version} over ${ids.length} of ${total} customers`;
  const asked = { action: "fire" as const, person: null, flowId: flow_id, executionId: null, detail };
  await context.store.createBatch({ batch, audit: [auditEvent(context, asked)] });
}

function entryOf(id: string, running: string | undefined): [string, string][] {
  return running === undefined ? [] : [[id, running]];
}

/** Ids of executions, by the customer. */
async function runningAbout({ store }: RunningContext, definition: FlowDefinition, trigger: number) {
  const running = new Map<string, string>();
  if (definition.triggers[trigger]?.overlap !== "skip") return running;
  for await (const { customer_id, execution_id } of headers(store, { flowId: definition.flow_id, status: "running" }))
    if (customer_id !== null) running.set(customer_id, execution_id);
  return running;
}
