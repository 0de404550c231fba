/**
 * Starting one execution: checked input, the customer read once and recorded, a place where `overlap` and `concurrency` want
 * one, and one durable write that holds its first steps too.
 */
import { z } from "zod";
import type { Customer } from "../flow/customer.ts";
import type { ExecutionEvent, StartedBy } from "../flow/event.ts";
import { begin, type ExecutionState } from "../flow/execution.ts";
import { evaluateValue } from "../flow/expression.ts";
import { FailureError } from "../flow/failure.ts";
import { definitionHash, isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import { advance, advanceAtOnce, decideInto, type Busy, type Draft } from "./advance.ts";
import { auditEvent } from "./audit.ts";
import type { RunningContext } from "./context.ts";
import { RequestError } from "./engine.ts";
import { hasWork, header, isOpen } from "./header.ts";
import { checkInput } from "./input.ts";
import { commonRoots } from "./roots.ts";
import { concurrencyKey, overlapKey, Slots } from "./slots.ts";

/** Of a concurrency key's value; two that differ only behind it count as one. */
const longestKey = 500;

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
  const { definition, executionId } = request;
  await context.definitions.keep(definition);
  const input = checkInput({ definition, input: request.input });
  const customer = request.customer ?? (await readCustomer(context, definition, input));
  const draft = await firstDraft(context, { ...request, input, customer });
  // Whoever takes no place learns of it from the write itself.
  if (draft.state.slots.length > 0 && (await context.store.getHeader({ executionId })) !== null)
    return { kind: "exists", executionId, customer };
  const places = await takePlaces(context, draft.state);
  if (places.kind === "taken") return { kind: "already_running", executionId: places.by, customer };
  if (places.queuedFor.length > 0) decideInto(context, draft, { type: "queue", keys: places.queuedFor });
  return create(context, draft);
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

async function firstDraft(context: RunningContext, request: StartRequest): Promise<Draft> {
  const { definition, executionId, startedBy, batchId, input, customer } = request;
  const event: ExecutionEvent & { type: "execution_started" } = {
    type: "execution_started",
    at: context.clock.now(),
    execution_id: executionId,
    flow_id: definition.flow_id,
    flow_version: definition.version,
    definition_hash: definitionHash(definition),
    started_by: startedBy,
    batch_id: batchId,
    input,
    customer,
    variables: context.variables,
    timezone: zoneOf(context, definition, startedBy),
    slots: [],
    ...(context.follower === undefined ? {} : { driver: "stepfunctions" as const }),
  };
  const slots = await slotKeys(context, begin({ definition, event }));
  const started = { ...event, slots };
  return { state: begin({ definition, event: started }), events: [started], asking: [] };
}

async function slotKeys(context: RunningContext, state: ExecutionState): Promise<string[]> {
  const { definition, customer, flowId } = state;
  const overlap =
    customer === null || overlapOf(state) === "allow" ? [] : [overlapKey({ flowId, customerId: customer.id })];
  if (definition.concurrency === null) return overlap;
  return [...overlap, concurrencyKey({ flowId, value: await concurrencyValue(context, state) })];
}

async function concurrencyValue(context: RunningContext, state: ExecutionState): Promise<string> {
  const key = state.definition.concurrency?.key ?? "";
  try {
    const value = await evaluateValue({ value: key, roots: commonRoots(state), now: context.clock.now() });
    return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, longestKey);
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    throw new RequestError(`${state.flowId} can't start: its concurrency key has no value. ${error.failure.cause}`);
  }
}

/** `skip` holds for every start of this flow about this customer, unless all triggers say `allow`. */
function overlapOf({ definition, startedBy }: ExecutionState): "skip" | "queue" | "allow" {
  const { triggers } = definition;
  if (triggers.length > 0 && triggers.every(({ overlap }) => overlap === "allow")) return "allow";
  const own =
    startedBy.type === "schedule" || startedBy.type === "event"
      ? triggers[startedBy.trigger]
      : (triggers.find(({ type }) => type === "manual") ?? triggers[0]);
  return own?.overlap === "queue" ? "queue" : "skip";
}

type Places = { kind: "taken"; by: string } | { kind: "given"; queuedFor: string[] };

/** Also before a redrive: what ended has no place any more. `overlap` comes before `concurrency` (DESIGN §5). */
export async function takePlaces(context: RunningContext, state: ExecutionState): Promise<Places> {
  const slots = new Slots(context);
  const queuedFor: string[] = [];
  for (const key of state.slots) {
    const isOverlap = key.startsWith("overlap/");
    const limit = isOverlap ? 1 : (state.definition.concurrency?.limit ?? 1);
    const queues = !isOverlap || overlapOf(state) === "queue";
    const taken = await slots.take({ key, limit, executionId: state.executionId, queues });
    if (taken.kind === "taken") return taken;
    if (taken.kind === "queued") queuedFor.push(key);
  }
  return { kind: "given", queuedFor };
}

const nothingYet: Busy = { isUnderWay: () => false, isStopping: () => false };

async function create(context: RunningContext, draft: Draft): Promise<Started> {
  const { store, clock, lease, drives } = context;
  // Whoever drives it next begins its steps.
  if (drives && draft.state.service === null && !advanceAtOnce(context, draft, nothingYet))
    await advance(context, draft, nothingYet);
  const { executionId, customer, batchId } = draft.state;
  const state = { ...draft.state, sequence: 1, owner: lease.owner };
  const active = !drives || hasWork(state);
  const first = header({ state, owner: lease.owner, active, open: isOpen(state), now: clock.now() });
  const entry = { execution_id: executionId, sequence: 1, epoch: 0, events: draft.events };
  const audit = batchId === null ? [auditStart(context, state)] : [];
  const created = await store.create({ header: first, entry, audit });
  return created ? { kind: "started", state, header: first } : { kind: "exists", executionId, customer };
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
