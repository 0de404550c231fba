/**
 * Batches: one firing or one `/revops run` over many customers.
 *
 * - P1. Creating the batch is the claim to fire: its id is derived, so of many processes one wins.
 * - P2. A batch is driven by its owner. One whose owner is gone is taken up by whoever's write of the new owner comes first;
 *   that of a living process is left alone (D5).
 */
import type { Customer } from "../flow/customer.ts";
import type { StartedBy } from "../flow/event.ts";
import { derivedId } from "../flow/execution-id.ts";
import { definitionHash, type FlowDefinition } from "../flow/flow.ts";
import type { Batch, ExecutionHeader } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import { matchingCustomers } from "./batch-customers.ts";
import { BatchDriver, type BatchDriverHooks } from "./batch-driver.ts";
import type { RunningContext } from "./context.ts";
import { headers } from "./header-pages.ts";
import { startExecution } from "./starts.ts";

/** Between two looks at all open batches, by the clock: a tick may come with each timer. */
const takeOverPaceMs = 1_000;

type Firing = Extract<StartedBy, { type: "schedule" }>;

export interface BatchHooks extends Omit<BatchDriverHooks, "onLetGo"> {
  onQuiet: () => void;
}

export class Batches {
  readonly #context: RunningContext;
  readonly #hooks: BatchHooks;
  readonly #drivers = new Map<string, BatchDriver>();
  /** Those that this process is about to create: open in the store a moment before they are driven. */
  readonly #creating = new Set<string>();
  readonly #working = new Set<Promise<void>>();
  /** What was last complained of, by batch: a tick comes again. */
  readonly #complaints = new Map<string, string>();
  #lookedAt: number | null = null;

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
    const { store, clock, lease, definitions } = this.#context;
    const { matched, total } = await matchingCustomers(this.#context, { definition, startedBy, now: filterAt });
    const definition_hash = definitionHash(definition);
    await definitions.keep(definition);
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
      owner: lease.owner,
    };
    const detail = `${definition.flow_id} ${definition.version} over ${matched.length} of ${total} customers`;
    const action = startedBy.type === "schedule" ? "fire" : "start";
    const person = startedBy.type === "manual" ? startedBy.person : null;
    const audit = [
      auditEvent(this.#context, { action, person, flowId: definition.flow_id, executionId: null, detail }),
    ];
    this.#creating.add(batchId);
    try {
      if (!(await store.createBatch({ batch, audit }))) return null;
      if (this.#context.drives) this.#drive({ batch, definition, headers: [], recovered: false }, matched);
      return batch;
    } finally {
      this.#creating.delete(batchId);
    }
  }

  /** A firing of a flow about no customer: one execution and no batch. */
  async startAlone({ definition, startedBy }: { definition: FlowDefinition; startedBy: Firing }): Promise<void> {
    const { trigger, scheduled_at } = startedBy;
    const executionId = derivedId({ at: scheduled_at, parts: [definition.flow_id, trigger, scheduled_at] });
    const request = { definition, executionId, startedBy, batchId: null, input: {}, customer: null };
    const started = await startExecution(this.#context, request);
    if (started.kind === "started") this.#hooks.onStarted(started);
  }

  /** Takes up the batches of processes that are gone (P2), and has one's own look what others recorded. */
  async takeOver(): Promise<void> {
    const now = this.#context.clock.now();
    if (this.#lookedAt !== null && Math.abs(now - this.#lookedAt) < takeOverPaceMs) return;
    this.#lookedAt = now;
    for (const driver of this.#drivers.values()) this.#track(driver.look());
    for (const batch of await this.#context.store.openBatches()) {
      if (this.#hooks.isStopping()) return;
      // A service's, and this process follows none.
      if (batch.driver !== undefined && this.#context.follower === undefined) continue;
      this.#drivers.get(batch.batch_id)?.noteStored(batch);
      if (await this.#isLeft(batch)) await this.#takeUp(batch);
    }
  }

  /** One's own that isn't driven here was created by a write whose answer was lost. */
  async #isLeft({ batch_id, owner }: Batch): Promise<boolean> {
    if (this.#drivers.has(batch_id) || this.#creating.has(batch_id)) return false;
    return owner === null || owner === this.#context.lease.owner || this.#context.store.isGone({ owner });
  }

  /** All is read before the owner is written: what can't be read holds up no other batch, and stays for who can. */
  async #takeUp(batch: Batch): Promise<void> {
    const { store, lease } = this.#context;
    try {
      const definition = await this.#context.definitions.of(batch.definition_hash);
      const found: ExecutionHeader[] = [];
      for await (const header of headers(store, { batchId: batch.batch_id })) found.push(header);
      const mine: Batch = { ...batch, owner: lease.owner, revision: batch.revision + 1 };
      if (!(await store.updateBatch({ batch: mine }))) return;
      this.#countCards(batch.batch_id, found);
      this.#drive({ batch: mine, definition, headers: found, recovered: true }, null);
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      if (this.#complaints.get(batch.batch_id) === complaint) return;
      this.#complaints.set(batch.batch_id, complaint);
      this.#context.logger.error({ err: error, batch_id: batch.batch_id }, "a batch could not be taken up");
    }
  }

  #countCards(batchId: string, found: readonly ExecutionHeader[]): void {
    for (const { waiting_for } of found) {
      for (const { kind, listed, references } of waiting_for) {
        if (kind === "approval" && !listed) this.#context.quota.take({ batchId, owner: references[0] ?? "" });
      }
    }
  }

  note(header: ExecutionHeader): void {
    if (header.batch_id !== null) this.#drivers.get(header.batch_id)?.note(header);
  }

  get isBusy(): boolean {
    return this.#working.size > 0;
  }

  #drive(
    parts: { batch: Batch; definition: FlowDefinition; headers: ExecutionHeader[]; recovered: boolean },
    matched: Customer[] | null,
  ): void {
    const onLetGo = (batchId: string) => this.#drivers.delete(batchId);
    const hooks = { ...this.#hooks, onLetGo };
    const driver = new BatchDriver({ ...parts, context: this.#context, hooks });
    this.#drivers.set(driver.batchId, driver);
    this.#track(driver.start(matched));
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
}
