/**
 * Batches: one firing or one `/revops run` over many customers.
 *
 * - T1. Creating the batch is the claim to fire: its id is derived, so of many processes one wins.
 * - T2. Each execution's id is derived from the batch and the customer; going on after a crash starts what is missing, no more.
 * - T3. Its one message is a card: posted once, edited in place, its last state shown before the batch ends.
 */
import type { Customer } from "../flow/customer.ts";
import type { StartedBy } from "../flow/event.ts";
import { derivedId } from "../flow/execution-id.ts";
import type { Filter } from "../flow/filter.ts";
import { definitionHash, type FlowDefinition } from "../flow/flow.ts";
import type { Batch, ExecutionHeader } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import { batchCard } from "./batch-progress.ts";
import type { CardBoard } from "./card-board.ts";
import type { RunningContext } from "./context.ts";
import { headers } from "./header-pages.ts";
import { startExecution, zoneOf, type Started } from "./starts.ts";
import { triggerFilter } from "./trigger-filter.ts";

/** Starting is quick and local; more at once only lengthens the queue of the store. */
const startsAtOnce = 50;
const progressPaceMs = 2_000;

type Firing = Extract<StartedBy, { type: "schedule" }>;

interface OpenBatch {
  batch: Batch;
  definition: FlowDefinition;
  headers: Map<string, ExecutionHeader>;
  recovered: boolean;
  /** All have ended: the message says so before the record does (T3). */
  ending: boolean;
}

export interface BatchHooks {
  board: CardBoard;
  onStarted: (started: Extract<Started, { kind: "started" }>) => void;
  definitionOf: (hash: string) => Promise<FlowDefinition>;
  isStopping: () => boolean;
  onQuiet: () => void;
}

export class Batches {
  readonly #context: RunningContext;
  readonly #hooks: BatchHooks;
  readonly #open = new Map<string, OpenBatch>();
  readonly #working = new Set<Promise<void>>();

  constructor(context: RunningContext, hooks: BatchHooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  /** Null: that firing is somebody else's. Durable and counted when it resolves; its executions start behind it. */
  async create(parameters: {
    definition: FlowDefinition;
    startedBy: StartedBy;
    batchId: string;
    channel: string;
    /** What `now()` means in the filter. */
    filterAt: number;
  }): Promise<Batch | null> {
    const { definition, startedBy, batchId, channel, filterAt } = parameters;
    const { store, clock } = this.#context;
    const { matched, total } = await this.#match({ definition, startedBy, now: filterAt });
    const definition_hash = definitionHash(definition);
    await store.putDefinition({ hash: definition_hash, definition, at: clock.now() });
    const batch: Batch = {
      batch_id: batchId,
      flow_id: definition.flow_id,
      definition_hash,
      started_by: startedBy,
      started_at: clock.now(),
      customer_ids: matched.map(({ id }) => id),
      customers_total: total,
      already_running: {},
      status: "starting",
      channel,
      message_ts: null,
      revision: 0,
      owner: this.#context.lease.owner,
    };
    const detail = `${definition.flow_id} ${definition.version} over ${matched.length} of ${total} customers`;
    const action = startedBy.type === "schedule" ? "fire" : "start";
    const person = startedBy.type === "manual" ? startedBy.person : null;
    const audit = [
      auditEvent(this.#context, { action, person, flowId: definition.flow_id, executionId: null, detail }),
    ];
    if (!(await store.createBatch({ batch, audit }))) return null;
    const open = { batch, definition, headers: new Map(), recovered: false, ending: false };
    if (this.#context.drives) this.#drive(open, matched);
    return batch;
  }

  /** A firing of a flow about no customer: one execution and no batch. */
  async startAlone({ definition, startedBy }: { definition: FlowDefinition; startedBy: Firing }): Promise<void> {
    const { trigger, scheduled_at } = startedBy;
    await this.#context.store.putDefinition({
      hash: definitionHash(definition),
      definition,
      at: this.#context.clock.now(),
    });
    const executionId = derivedId({ at: scheduled_at, parts: [definition.flow_id, trigger, scheduled_at] });
    const request = { definition, executionId, startedBy, batchId: null, input: {}, customer: null };
    const started = await startExecution(this.#context, request);
    if (started.kind === "started") this.#hooks.onStarted(started);
  }

  /** After a start of the process: whatever batch has not ended goes on. */
  async recover(): Promise<void> {
    for (const batch of await this.#context.store.openBatches()) {
      if (this.#open.has(batch.batch_id)) continue;
      const definition = await this.#hooks.definitionOf(batch.definition_hash);
      const headers = await this.#headersOf(batch.batch_id);
      this.#countCards(batch.batch_id, headers.values());
      this.#drive({ batch, definition, headers, recovered: true, ending: false }, null);
    }
  }

  #countCards(batchId: string, headers: Iterable<ExecutionHeader>): void {
    for (const { waiting_for } of headers) {
      for (const { kind, listed, references } of waiting_for) {
        if (kind === "approval" && !listed) this.#context.quota.take({ batchId, owner: references[0] ?? "" });
      }
    }
  }

  note(header: ExecutionHeader): void {
    const open = header.batch_id === null ? undefined : this.#open.get(header.batch_id);
    if (open === undefined) return;
    open.headers.set(header.execution_id, header);
    this.#show(open);
    if (this.#allEnded(open)) this.#end(open);
  }

  get isBusy(): boolean {
    return this.#working.size > 0;
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#context.logger.error({ err: error }, "a batch could not go on"))
      .finally(() => {
        this.#working.delete(tracked);
        this.#hooks.onQuiet();
      });
    this.#working.add(tracked);
  }

  #drive(open: OpenBatch, matched: Customer[] | null): void {
    this.#open.set(open.batch.batch_id, open);
    this.#show(open);
    this.#track(this.#start(open, matched));
  }

  async #start(open: OpenBatch, matched: Customer[] | null): Promise<void> {
    if (open.batch.status === "starting") {
      const customers = matched ?? (await this.#readAgain(open.batch));
      for (let index = 0; index < customers.length; index += startsAtOnce) {
        if (this.#hooks.isStopping()) return;
        const slice = customers.slice(index, index + startsAtOnce);
        const started = await Promise.all(slice.map((customer) => this.#startOne(open, customer)));
        const running = started.flatMap((one) =>
          one.kind === "already_running" && one.customer ? [[one.customer.id, one.executionId]] : [],
        );
        if (running.length > 0) {
          const already_running = { ...open.batch.already_running, ...Object.fromEntries(running) };
          await this.#change(open, { already_running });
        }
      }
      await this.#change(open, { status: "running" });
    }
    if (this.#allEnded(open)) this.#end(open);
  }

  async #startOne(open: OpenBatch, customer: Customer): Promise<Started> {
    const { batch, definition } = open;
    const started = await startExecution(this.#context, {
      definition,
      executionId: executionIdOf(batch, customer.id),
      startedBy: batch.started_by,
      batchId: batch.batch_id,
      input: { customer_id: customer.id },
      customer,
    });
    if (started.kind === "started") {
      this.note(started.header);
      this.#hooks.onStarted(started);
    }
    return started;
  }

  async #readAgain(batch: Batch): Promise<Customer[]> {
    const customers: Customer[] = [];
    for (const customerId of batch.customer_ids) {
      const customer = await this.#context.customers.get({ customerId });
      if (customer === null) this.#context.logger.warn({ customer_id: customerId }, "a customer of the batch is gone");
      else customers.push(customer);
    }
    return customers;
  }

  #allEnded(open: OpenBatch): boolean {
    return [...open.headers.values()].every(({ status }) => status !== "running");
  }

  /** Behind everything else: the pace of its message must hold nobody up. */
  #end(open: OpenBatch): void {
    if (open.batch.status !== "running" || open.ending) return;
    open.ending = true;
    this.#show(open);
    void this.#close(open).catch((error: unknown) =>
      this.#context.logger.error({ err: error }, "a batch could not end"),
    );
  }

  async #close(open: OpenBatch): Promise<void> {
    const key = cardKey(open.batch);
    await this.#hooks.board.shown([key]);
    await this.#change(open, { status: "ended" });
    await this.#hooks.board.shown([key]);
    this.#open.delete(open.batch.batch_id);
    this.#context.quota.forget(open.batch.batch_id);
    this.#hooks.board.forget([key]);
  }

  /** V2 for batches: whoever loses the write takes what is there and writes again. */
  async #change(open: OpenBatch, change: Partial<Batch>): Promise<void> {
    for (;;) {
      const next: Batch = { ...open.batch, ...change, revision: open.batch.revision + 1 };
      if (await this.#context.store.updateBatch({ batch: next })) {
        open.batch = next;
        this.#show(open);
        return;
      }
      open.batch = (await this.#context.store.getBatch({ batchId: open.batch.batch_id })) ?? open.batch;
    }
  }

  #show(open: OpenBatch): void {
    const { batch, definition, headers, ending } = open;
    const timezone = zoneOf(this.#context, definition, batch.started_by);
    this.#hooks.board.want({
      key: cardKey(batch),
      card: batchCard({ batch, definition, timezone, headers: headers.values(), ending }),
      channel: batch.channel,
      place: batch.message_ts === null ? null : placeOf(batch.message_ts),
      under: null,
      reply: null,
      mayStand: open.recovered,
      since: batch.started_at,
      paceMs: progressPaceMs,
      onPosted: ({ channel, ts }) => this.#change(open, { message_ts: `${channel}:${ts}` }),
    });
  }

  async #headersOf(batchId: string): Promise<Map<string, ExecutionHeader>> {
    const found = new Map<string, ExecutionHeader>();
    for await (const header of headers(this.#context.store, { batchId })) found.set(header.execution_id, header);
    return found;
  }

  async #match(asked: {
    definition: FlowDefinition;
    startedBy: StartedBy;
    now: number;
  }): Promise<{ matched: Customer[]; total: number }> {
    const { definition, startedBy, now } = asked;
    const filter = filterOf(definition, startedBy);
    const timezone = zoneOf(this.#context, definition, startedBy);
    const matched: Customer[] = [];
    let total = 0;
    for await (const page of this.#context.customers.all()) {
      total += page.length;
      matched.push(...page.filter((customer) => filter === null || filter.matches({ customer, now, timezone })));
    }
    return { matched, total };
  }
}

/** Of the trigger that fired; by hand, the first that there is. */
function filterOf(definition: FlowDefinition, startedBy: StartedBy): Filter | null {
  const filters = definition.triggers.map((trigger) => (trigger.type === "manual" ? null : trigger.filter));
  const predicates =
    startedBy.type === "schedule" ? filters[startedBy.trigger] : filters.find((filter) => filter !== null);
  return triggerFilter(definition, predicates ?? null);
}

/** Of a firing: never of the version (DESIGN §5). */
function executionIdOf(batch: Batch, customerId: string): string {
  const { started_by } = batch;
  const at = started_by.type === "schedule" ? started_by.scheduled_at : batch.started_at;
  const source = started_by.type === "schedule" ? [batch.flow_id, started_by.trigger, at] : [batch.batch_id];
  return derivedId({ at, parts: [...source, customerId] });
}

function cardKey(batch: Batch): string {
  return `${batch.batch_id}#batch`;
}

function placeOf(stored: string): { channel: string; ts: string } {
  const [channel = "", ts = ""] = stored.split(":");
  return { channel, ts };
}
