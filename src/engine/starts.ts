/** Starting one execution: checked input, the customer read once and recorded, `overlap`, one durable write. */
import { z } from "zod";
import type { Customer } from "../flow/customer.ts";
import type { StartedBy } from "../flow/event.ts";
import { begin, type ExecutionState } from "../flow/execution.ts";
import type { ExecutionEvent } from "../flow/event.ts";
import { definitionHash, isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import type { RunningContext } from "./context.ts";
import { RequestError } from "./engine.ts";
import { header } from "./header.ts";
import { checkInput } from "./input.ts";

export interface StartRequest {
  definition: FlowDefinition;
  executionId: string;
  startedBy: StartedBy;
  batchId: string | null;
  input: JsonObject;
  /** In a batch the row that matched the filter; otherwise null, and it is read here. */
  customer: Customer | null;
}

export type Started =
  | { kind: "started"; state: ExecutionState; header: ExecutionHeader }
  /** That id exists: the same firing or start key, started before. */
  | { kind: "exists"; executionId: string; customer: Customer | null }
  | { kind: "already_running"; executionId: string; customer: Customer | null };

export async function startExecution(context: RunningContext, request: StartRequest): Promise<Started> {
  const { definition } = request;
  const input = checkInput({ definition, input: request.input });
  const customer = request.customer ?? (await readCustomer(context, definition, input));
  const { executionId } = request;
  if ((await context.store.getHeader({ executionId })) !== null) return { kind: "exists", executionId, customer };
  const running = customer === null ? null : await overlapping(context, definition, customer);
  if (running !== null) return { kind: "already_running", executionId: running, customer };
  return create(context, { ...request, input, customer });
}

async function readCustomer(
  context: RunningContext,
  definition: FlowDefinition,
  input: JsonObject,
): Promise<Customer | null> {
  if (!isAboutCustomer(definition)) return null;
  const customerId = z.string().parse(input["customer_id"]);
  const customer = await context.customers.get({ customerId });
  if (customer === null) throw new RequestError(`There is no customer ${customerId}.`);
  return customer;
}

/** `overlap: skip` holds for every start of this flow about this customer, whatever the version. */
export async function overlapping(
  context: RunningContext,
  definition: FlowDefinition,
  customer: Customer,
): Promise<string | null> {
  if (definition.triggers.length > 0 && definition.triggers.every(({ overlap }) => overlap === "allow")) return null;
  const filter = { flowId: definition.flow_id, customerId: customer.id, status: "running" as const };
  const { items } = await context.store.list({ filter, limit: 1 });
  return items[0]?.execution_id ?? null;
}

async function create(context: RunningContext, request: StartRequest): Promise<Started> {
  const { store, clock, lease } = context;
  const { definition, executionId, startedBy, batchId, input, customer } = request;
  const hash = definitionHash(definition);
  const now = clock.now();
  const event: ExecutionEvent = {
    type: "execution_started",
    at: now,
    execution_id: executionId,
    flow_id: definition.flow_id,
    flow_version: definition.version,
    definition_hash: hash,
    started_by: startedBy,
    batch_id: batchId,
    input,
    customer,
    variables: context.variables,
    timezone: zoneOf(context, definition, startedBy),
  };
  const state = { ...begin({ definition, event }), sequence: 1, owner: lease.owner };
  const first = header({ state, owner: lease.owner, active: true, open: true, now });
  const entry = { execution_id: executionId, sequence: 1, epoch: 0, events: [event] };
  const audit = batchId === null ? [auditStart(context, state)] : [];
  const created = await store.create({ header: first, entry, audit });
  if (!created) return { kind: "exists", executionId, customer };
  return { kind: "started", state, header: first };
}

function auditStart(context: RunningContext, state: ExecutionState) {
  const person = state.startedBy.type === "manual" ? state.startedBy.person : null;
  const about = state.customer === null ? "" : ` for ${state.customer.name}`;
  const detail = `${state.flowId} ${state.flowVersion}${about}`;
  return auditEvent(context, { action: "start", person, flowId: state.flowId, executionId: state.executionId, detail });
}

/** Of the schedule that fired; started otherwise, of the first that names one: there its days begin. */
export function zoneOf(context: { timezone: string }, definition: FlowDefinition, startedBy: StartedBy): string {
  const schedules = definition.triggers.map((trigger) => (trigger.type === "schedule" ? trigger.timezone : null));
  const zone = startedBy.type === "schedule" ? schedules[startedBy.trigger] : schedules.find((one) => one !== null);
  return zone ?? context.timezone;
}
