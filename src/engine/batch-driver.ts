/**
 * The driver of one batch: starts its executions, shows how far they are, ends it.
 *
 * - T1. Each execution's id is derived from the batch and the customer; going on after a crash starts what is missing, no more.
 * - T2. Its one message is a card: posted once, edited in place, its last state shown before the batch ends.
 * - T3. Only its owner drives it (D5). Who finds another owner recorded lets go, and starts and shows nothing any more.
 * - T4. Its executions may be driven in other processes: what those record is looked for, their own drivers here report.
 * - T5. Those of a batch that a service drives are started there: it only waits for them, and not for ever.
 */
import type { Customer } from "../flow/customer.ts";
import { derivedId } from "../flow/execution-id.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Batch, ExecutionHeader } from "../flow/record.ts";
import { CorruptRecordError } from "../state/state-store.ts";
import { recordedCustomers } from "./batch-customers.ts";
import { BatchHeaders } from "./batch-headers.ts";
import { batchCard } from "./batch-progress.ts";
import type { CardBoard } from "./card-board.ts";
import type { RunningContext } from "./context.ts";
import { RequestError } from "./engine.ts";
import { firedExecutionId } from "./fired-ids.ts";
import { persevere } from "./persevere.ts";
import { startExecution, zoneOf, type Started } from "./starts.ts";

/** Starting is quick and local; more at once only lengthens the queue of the store. */
const startsAtOnce = 50;
const progressPaceMs = 2_000;
/** A service has started by then whomever it can. */
const longestAwaitMs = 3_600_000;

export interface BatchDriverHooks {
  board: CardBoard;
  onStarted: (started: Extract<Started, { kind: "started" }>) => void;
  /** Is that execution driven by this process? Then its driver reports it. */
  isDriven: (executionId: string) => boolean;
  isStopping: () => boolean;
  /** It has ended, or is another process's now. */
  onLetGo: (batchId: string) => void;
}

export class BatchDriver {
  readonly batchId: string;
  readonly #context: RunningContext;
  readonly #hooks: BatchDriverHooks;
  readonly #definition: FlowDefinition;
  readonly #headers: BatchHeaders;
  readonly #recovered: boolean;
  #batch: Batch;
  /** All have ended: the message says so before the record does (T2). */
  #isEnding = false;
  #isLost = false;

  constructor(parameters: {
    context: RunningContext;
    hooks: BatchDriverHooks;
    batch: Batch;
    definition: FlowDefinition;
    headers: Iterable<ExecutionHeader>;
    /** Taken over: its card may stand, and others may drive its executions. */
    recovered: boolean;
  }) {
    const { context, hooks, batch } = parameters;
    this.#context = context;
    this.#hooks = hooks;
    this.#batch = batch;
    this.batchId = batch.batch_id;
    this.#definition = parameters.definition;
    this.#recovered = parameters.recovered;
    const { isDriven } = hooks;
    this.#headers = new BatchHeaders(context, { batchId: this.batchId, isDriven, initial: parameters.headers });
  }

  /** Resolves when all are started. `matched`: null after a crash, they are read again. An outage is outlasted. */
  async start(matched: Customer[] | null): Promise<void> {
    if (this.#hooks.isStopping()) return;
    this.#show();
    await this.#persevere("the start", () => this.#startMissing(matched));
    this.#endIfOver();
  }

  note(header: ExecutionHeader): void {
    if (this.#isLost) return;
    this.#headers.note(header);
    this.#show();
    this.#endIfOver();
  }

  /** As it was found in a list, which may lag (S3): only a later revision says anything (T3). */
  noteStored(stored: Batch): void {
    if (stored.revision > this.#batch.revision && stored.owner !== this.#context.lease.owner) this.#lose();
  }

  /** T4. */
  async look(): Promise<void> {
    if (this.#batch.status !== "running") return;
    if (await this.#headers.look({ awaitsMore: this.#awaitsMore })) this.#show();
    this.#endIfOver();
  }

  async #startMissing(matched: Customer[] | null): Promise<void> {
    if (this.#batch.status !== "starting") return;
    const customers = matched ?? (await recordedCustomers(this.#context, this.#batch));
    const missing = customers.filter(({ id }) => !this.#isDone(id));
    for (let index = 0; index < missing.length; index += startsAtOnce) {
      if (this.#hooks.isStopping() || this.#isLost) return;
      const slice = missing.slice(index, index + startsAtOnce);
      const started = await Promise.all(slice.map((customer) => this.#startOne(customer)));
      const running = started.flatMap((one) =>
        one?.kind === "already_running" && one.customer ? [[one.customer.id, one.executionId]] : [],
      );
      if (running.length > 0) {
        const already_running = { ...this.#batch.already_running, ...Object.fromEntries(running) };
        await this.#change({ already_running });
      }
    }
    await this.#change({ status: "running" });
  }

  /** A service starts its executions (T5). */
  get #awaitsMore(): boolean {
    const { driver, customer_ids, already_running, started_at } = this.#batch;
    const missing = customer_ids.length - Object.keys(already_running).length - this.#headers.size;
    return driver !== undefined && missing > 0 && this.#context.clock.now() - started_at < longestAwaitMs;
  }

  #isDone(customerId: string): boolean {
    return customerId in this.#batch.already_running || this.#headers.has(executionIdOf(this.#batch, customerId));
  }

  /** Null: it can't be started or read, however often it is tried; the others go on. */
  async #startOne(customer: Customer): Promise<Started | null> {
    const executionId = executionIdOf(this.#batch, customer.id);
    try {
      const started = await startExecution(this.#context, {
        definition: this.#definition,
        executionId,
        startedBy: this.#batch.started_by,
        batchId: this.batchId,
        input: { customer_id: customer.id },
        customer,
      });
      if (started.kind === "started") {
        this.note(started.header);
        this.#hooks.onStarted(started);
      } else if (started.kind === "exists") await this.#headers.read(executionId);
      return started;
    } catch (error) {
      if (!(error instanceof RequestError || error instanceof CorruptRecordError)) throw error;
      const about = { err: error, execution_id: executionId, batch_id: this.batchId };
      this.#context.logger.error(about, "an execution of the batch could not be started");
      return null;
    }
  }

  /** Behind everything else: the pace of its message must hold nobody up. */
  #endIfOver(): void {
    if (this.#isLost || this.#isEnding || this.#batch.status !== "running") return;
    if (this.#headers.areRunning || this.#awaitsMore) return;
    this.#isEnding = true;
    this.#show();
    void this.#close().catch((error: unknown) =>
      this.#context.logger.error({ err: error, batch_id: this.batchId }, "a batch could not end"),
    );
  }

  async #close(): Promise<void> {
    await this.#hooks.board.shown([this.#cardKey]);
    await this.#persevere("the end", () => this.#change({ status: "ended" }));
    await this.#hooks.board.shown([this.#cardKey]);
    this.#letGo();
  }

  #lose(): void {
    this.#isLost = true;
    this.#letGo();
  }

  #letGo(): void {
    this.#hooks.onLetGo(this.batchId);
    this.#context.quota.forget(this.batchId);
    this.#hooks.board.forget([this.#cardKey]);
  }

  #persevere(what: string, record: () => Promise<void>): Promise<void> {
    const { isStopping } = this.#hooks;
    return persevere(this.#context, { about: `${what} of the batch ${this.batchId}`, isStopping, record });
  }

  /** D2: whoever loses the write takes what is there and writes again; but for another owner's it isn't (T3). */
  async #change(change: Partial<Batch>): Promise<void> {
    const { store, lease } = this.#context;
    while (!this.#isLost) {
      const next: Batch = { ...this.#batch, ...change, revision: this.#batch.revision + 1 };
      if (await store.updateBatch({ batch: next })) {
        this.#batch = next;
        this.#show();
        return;
      }
      const stored = await store.getBatch({ batchId: this.batchId });
      if (stored?.owner === lease.owner) this.#batch = stored;
      else this.#lose();
    }
  }

  get #cardKey(): string {
    return `${this.batchId}#batch`;
  }

  #show(): void {
    if (this.#isLost) return;
    const batch = this.#batch;
    const faces = {
      definition: this.#definition,
      timezone: zoneOf(this.#context, this.#definition, batch.started_by),
      headers: this.#headers,
    };
    const ending = this.#isEnding;
    this.#hooks.board.want({
      key: this.#cardKey,
      /** Counted when the board comes to it: of ten thousand changes it shows a few. */
      get card() {
        return batchCard({ batch, ...faces, headers: faces.headers.all(), ending });
      },
      channel: batch.channel,
      place: batch.message_ts === null ? null : placeOf(batch.message_ts),
      under: null,
      reply: null,
      mayStand: this.#recovered,
      since: batch.started_at,
      paceMs: progressPaceMs,
      onPosted: ({ channel, ts }) => this.#change({ message_ts: `${channel}:${ts}` }),
    });
  }
}

function executionIdOf(batch: Batch, customerId: string): string {
  const { started_by, flow_id: flowId, batch_id, started_at } = batch;
  if (started_by.type !== "schedule") return derivedId({ at: started_at, parts: [batch_id, customerId] });
  return firedExecutionId({ flowId, trigger: started_by.trigger, at: started_by.scheduled_at }, customerId);
}

function placeOf(stored: string): { channel: string; ts: string } {
  const [channel = "", ts = ""] = stored.split(":");
  return { channel, ts };
}
