/**
 * Events from outside: each flow that has one as a trigger starts one execution for it (DESIGN §5).
 *
 * 1. The execution's id is derived from flow, trigger and event id: the same event, sent again to whatever process, starts
 *    nothing again.
 * 2. One flow's refusal stops no other. What fails otherwise is thrown once all have had their turn; by 1 the sender may send
 *    it again.
 */
import type { Customer } from "../flow/customer.ts";
import { derivedId } from "../flow/execution-id.ts";
import { isAboutCustomer, type EventTrigger, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import { auditEvent } from "./audit.ts";
import type { RunningContext } from "./context.ts";
import { RequestError, type EventStart } from "./engine.ts";
import type { FlowControls } from "./flow-controls.ts";
import { checkInput } from "./input.ts";
import { startExecution, zoneOf, type Started } from "./starts.ts";
import { triggerFilter } from "./trigger-filter.ts";

export interface ReceivedEvent {
  event: string;
  /** The sender's, the same however often it is sent. */
  eventId: string;
  input: JsonObject;
}

export interface EventStartsParts {
  controls: FlowControls;
  onStarted: (started: Extract<Started, { kind: "started" }>) => void;
}

/** A flow, and those of its triggers that wait for the event. */
interface Listener {
  definition: FlowDefinition;
  triggers: { index: number; trigger: EventTrigger }[];
}

export class EventStarts {
  readonly #context: RunningContext;
  readonly #parts: EventStartsParts;

  constructor(context: RunningContext, parts: EventStartsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** What became of it at each flow that waits for it; empty: none does. */
  async receive(received: ReceivedEvent): Promise<EventStart[]> {
    const flows = this.#context.flows.all().map(({ definition }) => listener(definition, received.event));
    const listeners = flows.filter(({ triggers }) => triggers.length > 0);
    if (listeners.length === 0) return [];
    const paused = await this.#parts.controls.paused();
    const work = listeners.map((one) =>
      this.#receiveOne({ ...one, received, isPaused: paused.has(one.definition.flow_id) }),
    );
    const settled = await Promise.allSettled(work);
    return settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
  }

  async #receiveOne(asked: Listener & { received: ReceivedEvent; isPaused: boolean }): Promise<EventStart> {
    const { definition, received, isPaused } = asked;
    const { flow_id: flowId } = definition;
    try {
      const known = await this.#known(asked, received);
      if (known !== null) return { flowId, kind: "known", executionId: known };
      if (!isPaused) return await this.#start(asked, received);
      await this.#auditRefusal(flowId, received, "paused");
      return { flowId, kind: "paused" };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      await this.#auditRefusal(flowId, received, error.message);
      return { flowId, kind: "refused", message: error.message };
    }
  }

  /** By any of its triggers: a filter may choose another one today. */
  async #known({ definition, triggers }: Listener, { eventId }: ReceivedEvent): Promise<string | null> {
    for (const { index } of triggers) {
      const executionId = executionIdOf(definition, index, eventId);
      if ((await this.#context.store.getHeader({ executionId })) !== null) return executionId;
    }
    return null;
  }

  async #start({ definition, triggers }: Listener, received: ReceivedEvent): Promise<EventStart> {
    const { flow_id: flowId } = definition;
    const { event, eventId } = received;
    const input = checkInput({ definition, input: received.input });
    const customer = await this.#customer(definition, input);
    const chosen = triggers.find(({ trigger }) => this.#matches(definition, trigger, customer));
    if (chosen === undefined) return { flowId, kind: "filtered" };
    const started = await startExecution(this.#context, {
      definition,
      executionId: executionIdOf(definition, chosen.index, eventId),
      startedBy: { type: "event", event, event_id: eventId, trigger: chosen.index },
      batchId: null,
      input,
      customer,
    });
    switch (started.kind) {
      case "started":
        this.#parts.onStarted(started);
        return { flowId, kind: "started", executionId: started.state.executionId };
      case "exists":
        return { flowId, kind: "known", executionId: started.executionId };
      case "already_running":
        return { flowId, kind: "already_running", executionId: started.executionId };
      default:
        return started satisfies never;
    }
  }

  async #customer(definition: FlowDefinition, input: JsonObject): Promise<Customer | null> {
    const customerId = input["customer_id"];
    if (!isAboutCustomer(definition) || typeof customerId !== "string") return null;
    const customer = await this.#context.customers.get({ customerId });
    if (customer === null) throw new RequestError(`There is no customer ${customerId.slice(0, 100)}.`);
    return customer;
  }

  #matches(definition: FlowDefinition, trigger: EventTrigger, customer: Customer | null): boolean {
    const filter = triggerFilter(definition, trigger.filter);
    if (filter === null || customer === null) return filter === null;
    const timezone = zoneOf(this.#context, definition, { type: "manual", person: null });
    return filter.matches({ customer, now: this.#context.clock.now(), timezone });
  }

  async #auditRefusal(flowId: string, { event, eventId }: ReceivedEvent, why: string): Promise<void> {
    const detail = `event ${event} ${eventId}: ${why}`;
    const asked = { action: "refuse" as const, person: null, flowId, executionId: null, detail };
    await this.#context.store.recordAudit({ events: [auditEvent(this.#context, asked)] });
  }
}

function listener(definition: FlowDefinition, event: string): Listener {
  const triggers = definition.triggers.flatMap((trigger, index) =>
    trigger.type === "event" && trigger.event === event ? [{ index, trigger }] : [],
  );
  return { definition, triggers };
}

/** Sorts before all others, as with start keys: no clock is in it. Two of millions that fell together would lose an event. */
function executionIdOf({ flow_id }: FlowDefinition, trigger: number, eventId: string): string {
  return derivedId({ at: 0, parts: ["event", flow_id, trigger, eventId], digits: 20 });
}
