/**
 * The embedded engine: the engine's interface over a state store, agents and notifiers.
 *
 * Job: start executions, take up what is due, know when all is quiet. People's decisions go through decisions.ts, questions
 * through lookups.ts; what follows from what is decided in decide.ts, and driver.ts drives one execution.
 */
import { derivedId, newId } from "../flow/execution-id.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { definitionHash, isAboutCustomer, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { Batch } from "../flow/record.ts";
import type { Lease } from "../state/state-store.ts";
import { AgentLimits } from "./agent-limits.ts";
import { Batches } from "./batches.ts";
import { CardBoard } from "./card-board.ts";
import { CardQuota } from "./card-quota.ts";
import { idempotencyOf, type EngineContext, type RunningContext } from "./context.ts";
import { Decisions } from "./decisions.ts";
import { EventStarts } from "./event-starts.ts";
import { FlowControls } from "./flow-controls.ts";
import { Histories } from "./history.ts";
import { RequestError, type Engine, type FlowSummary, type StartAnswer } from "./engine.ts";
import { Executions } from "./executions.ts";
import { checkInput } from "./input.ts";
import { knownFlow } from "./known-flow.ts";
import { Limiter } from "./limiter.ts";
import { Lookups } from "./lookups.ts";
import { Operations } from "./operations.ts";
import { ScheduleCursors } from "./schedule-cursors.ts";
import { Retention } from "./retention.ts";
import { Scheduler } from "./scheduler.ts";
import { graceToComeMs, releasedSlots, Slots } from "./slots.ts";
import { startExecution, type Started } from "./starts.ts";
import { SubFlows } from "./sub-flows.ts";
import { Versions } from "./versions.ts";
import { WakeQueue } from "./wake-queue.ts";

const attemptsAtOnce = 64;
const dueAtOnce = 1_000;
/** Of one batch; the rest comes as a list. */
const cardsPerOwner = 10;

/** Opens the lease, takes over what a dead process left, and starts to watch the clock. */
export async function startEngine(context: EngineContext): Promise<Engine> {
  const owner = newId({ now: context.clock.now(), randomness: context.randomness });
  const lease = await context.store.openLease({ owner });
  const engine = new FlowEngine(running(context, { lease, drives: true }));
  await engine.recover();
  return engine;
}

/** For a process that only asks and records, such as the terminal: what it starts belongs to whoever drives next. */
export function openEngine(context: EngineContext): Engine {
  const owner = newId({ now: context.clock.now(), randomness: context.randomness });
  // Never taken, so nobody waits for it to fall.
  const lease: Lease = { owner, expiresAt: () => 0, release: () => Promise.resolve() };
  return new FlowEngine(running(context, { lease, drives: false }));
}

function running(context: EngineContext, own: Pick<RunningContext, "lease" | "drives">): RunningContext {
  const limiter = new Limiter(attemptsAtOnce);
  const quota = new CardQuota(cardsPerOwner);
  const agentLimits = new AgentLimits(context.limits, context.realTime);
  return { ...context, ...own, limiter, quota, agentLimits, idempotency: idempotencyOf(context.notifiers) };
}

class FlowEngine implements Engine {
  readonly #context: RunningContext;
  readonly #board: CardBoard;
  readonly #executions: Executions;
  readonly #subFlows: SubFlows;
  readonly #batches: Batches;
  readonly #controls: FlowControls;
  readonly #scheduler: Scheduler;
  readonly #retention: Retention;
  readonly #events: EventStarts;
  readonly #decisions: Decisions;
  readonly #operations: Operations;
  readonly #lookups: Lookups;
  readonly #histories: Histories;
  readonly #versions: Versions;
  readonly #wakes = new WakeQueue();
  readonly #stored = new Set<string>();
  /** By execution, what was last said of it: it is met again at every tick. */
  readonly #complaints = new Map<string, string>();
  readonly #idleWaiters: (() => void)[] = [];
  #cancelTimer: () => void = () => {};
  #armedAt: number | null = null;
  #ticking: Promise<void> | null = null;
  #tickAgain = false;
  #stopping = false;

  constructor(context: RunningContext) {
    this.#context = context;
    const isStopping = () => this.#stopping || !context.drives;
    this.#board = new CardBoard(context, { isStopping });
    this.#executions = new Executions(context, {
      board: this.#board,
      isStopping,
      onHeader: (header) => this.#batches.note(header),
      onEnded: (state) => this.#tellOfEnd(state),
      subFlows: () => this.#subFlows,
      onParked: ({ executionId, wakeAt }) => {
        this.#wakes.set(executionId, wakeAt);
        this.#arm();
        this.#noteQuiet();
      },
    });
    this.#subFlows = new SubFlows(context, this.#executions, { onStarted: (started) => void this.#drive(started) });
    this.#batches = new Batches(context, {
      board: this.#board,
      isStopping,
      onQuiet: () => this.#noteQuiet(),
      onStarted: (started) => void this.#drive(started),
      definitionOf: (hash) => this.#executions.definitionOf(hash),
      isDriven: (executionId) => this.#executions.isDriven(executionId),
    });
    const cursors = new ScheduleCursors(context);
    this.#controls = new FlowControls(context, cursors);
    this.#scheduler = new Scheduler(context, { batches: this.#batches, cursors, controls: this.#controls });
    this.#retention = new Retention(context, { isStopping, onQuiet: () => this.#noteQuiet() });
    this.#events = new EventStarts(context, {
      controls: this.#controls,
      store: (definition) => this.#store(definition),
      onStarted: (started) => void this.#drive(started),
    });
    this.#decisions = new Decisions(context, this.#executions);
    this.#operations = new Operations(context, this.#executions);
    this.#lookups = new Lookups(context, this.#executions);
    this.#histories = new Histories(context, this.#lookups);
    this.#versions = new Versions(context);
  }

  /** Timers go first, in due order, then batches, then firings (DESIGN §5, after downtime). */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const header of await store.due({ now: Number.MAX_SAFE_INTEGER, limit: 1_000_000 })) {
      this.#wakes.set(header.execution_id, header.wake_at);
    }
    await this.tick();
  }

  async flows(): Promise<FlowSummary[]> {
    const pauses = await this.#controls.paused();
    const summaries = this.#context.flows.all().map(async ({ definition, file }) => {
      const filter = { flowId: definition.flow_id, status: "running" as const };
      const { items } = await this.#context.store.list({ filter, limit: 1_000 });
      const paused = pauses.get(definition.flow_id) ?? null;
      const nextFiring = paused === null ? this.#scheduler.nextOf(definition) : null;
      return { definition, file, nextFiring, running: items.length, paused };
    });
    return Promise.all(summaries);
  }

  flow({ flowId }: { flowId: string }): FlowDefinition {
    return knownFlow(this.#context, flowId);
  }

  async start(parameters: {
    flowId: string;
    input: JsonObject;
    person: Person | null;
    startKey?: string;
  }): Promise<StartAnswer> {
    this.#refuseWhenStopping();
    const { flowId, input, person, startKey } = parameters;
    const definition = this.flow({ flowId });
    await this.#store(definition);
    const now = this.#context.clock.now();
    const executionId =
      startKey === undefined
        ? newId({ now, randomness: this.#context.randomness })
        : derivedId({ at: 0, parts: ["start", flowId, startKey] });
    const startedBy = { type: "manual" as const, person };
    const started = await startExecution(this.#context, {
      definition,
      executionId,
      startedBy,
      batchId: null,
      input,
      customer: null,
    });
    if (started.kind === "already_running") return started;
    if (started.kind === "exists")
      return { kind: "started", executionId: started.executionId, customer: started.customer };
    await this.#drive(started);
    return { kind: "started", executionId, customer: started.state.customer };
  }

  async startBatch(parameters: {
    flowId: string;
    person: Person | null;
    channel: string;
    requestId: string;
  }): Promise<Batch> {
    this.#refuseWhenStopping();
    const { flowId, person, channel, requestId } = parameters;
    const definition = this.flow({ flowId });
    if (!isAboutCustomer(definition))
      throw new RequestError(`${flowId} is not about customers; start it without a batch.`);
    checkInput({ definition, input: { customer_id: "any" } });
    const now = this.#context.clock.now();
    const batchId = derivedId({ at: now, parts: ["batch", requestId] });
    const startedBy = { type: "manual" as const, person };
    const batch = await this.#batches.create({ definition, startedBy, batchId, channel, filterAt: now });
    if (batch === null) throw new RequestError("This has been started already.");
    return batch;
  }

  decide(parameters: Parameters<Engine["decide"]>[0]) {
    return this.#decisions.decide(parameters);
  }

  mayDecide(parameters: Parameters<Engine["mayDecide"]>[0]) {
    return this.#decisions.mayDecide(parameters);
  }

  editForm(parameters: Parameters<Engine["editForm"]>[0]) {
    return this.#decisions.editForm(parameters);
  }

  edit(parameters: Parameters<Engine["edit"]>[0]) {
    return this.#decisions.edit(parameters);
  }

  approval(parameters: Parameters<Engine["approval"]>[0]) {
    return this.#decisions.approval(parameters);
  }

  resolveDoubt(parameters: Parameters<Engine["resolveDoubt"]>[0]) {
    return this.#decisions.resolveDoubt(parameters);
  }

  redrive(parameters: Parameters<Engine["redrive"]>[0]) {
    return this.#operations.redrive(parameters);
  }

  abort(parameters: Parameters<Engine["abort"]>[0]) {
    return this.#operations.abort(parameters);
  }

  abortAll(parameters: Parameters<Engine["abortAll"]>[0]) {
    return this.#operations.abortAll(parameters);
  }

  redriveAll(parameters: Parameters<Engine["redriveAll"]>[0]) {
    return this.#operations.redriveAll(parameters);
  }

  pause(parameters: Parameters<Engine["pause"]>[0]) {
    return this.#controls.pause(parameters);
  }

  resume(parameters: Parameters<Engine["resume"]>[0]) {
    return this.#controls.resume(parameters);
  }

  async receiveEvent(parameters: Parameters<Engine["receiveEvent"]>[0]) {
    this.#refuseWhenStopping();
    return this.#events.receive(parameters);
  }

  waiting(parameters: Parameters<Engine["waiting"]>[0]) {
    return this.#lookups.waiting(parameters);
  }

  personal(parameters: Parameters<Engine["personal"]>[0]) {
    return this.#lookups.personal(parameters);
  }

  list(parameters: Parameters<Engine["list"]>[0]) {
    return this.#lookups.list(parameters);
  }

  report(parameters: Parameters<Engine["report"]>[0]) {
    return this.#lookups.report(parameters);
  }

  execution(parameters: Parameters<Engine["execution"]>[0]) {
    return this.#lookups.execution(parameters);
  }

  explain(parameters: Parameters<Engine["explain"]>[0]) {
    return this.#histories.explain(parameters);
  }

  history(parameters: Parameters<Engine["history"]>[0]) {
    return this.#histories.history(parameters);
  }

  recent(parameters: Parameters<Engine["recent"]>[0]) {
    return this.#histories.recent(parameters);
  }

  metrics(parameters: Parameters<Engine["metrics"]>[0]) {
    return this.#histories.metrics(parameters);
  }

  versions(parameters: Parameters<Engine["versions"]>[0]) {
    return this.#versions.list(parameters);
  }

  definition(parameters: Parameters<Engine["definition"]>[0]) {
    return this.#versions.definition(parameters);
  }

  findCustomers(parameters: Parameters<Engine["findCustomers"]>[0]) {
    return this.#lookups.findCustomers(parameters);
  }

  nearestCustomers(parameters: Parameters<Engine["nearestCustomers"]>[0]) {
    return this.#lookups.nearestCustomers(parameters);
  }

  firstTime({ key, ttlMs }: { key: string; ttlMs: number }): Promise<boolean> {
    const now = this.#context.clock.now();
    return this.#context.store.claim({ key, now, expiresAt: now + ttlMs });
  }

  async nextDue(): Promise<number | null> {
    const instants = [this.#wakes.next(), await this.#scheduler.nextDue()].filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** One round at a time; a call during a round makes one more. */
  async tick(): Promise<void> {
    if (this.#stopping || !this.#context.drives) return;
    if (this.#ticking !== null) {
      this.#tickAgain = true;
      return this.#ticking;
    }
    this.#ticking = this.#rounds().finally(() => {
      this.#ticking = null;
      this.#noteQuiet();
    });
    return this.#ticking;
  }

  async #rounds(): Promise<void> {
    do {
      this.#tickAgain = false;
      await this.#takeUpDue();
      await this.#batches.takeOver();
      await this.#scheduler.tick();
      this.#retention.tick();
    } while (this.#tickAgain);
    await this.#armNext();
  }

  async #takeUpDue(): Promise<void> {
    const now = this.#context.clock.now();
    for (const executionId of this.#wakes.take(now)) await this.#wake(executionId);
    // Another process may hold hundreds of them: it is asked after once.
    const left = new Map([[this.#context.lease.owner, true]]);
    for (const { execution_id, owner } of await this.#context.store.due({ now, limit: dueAtOnce })) {
      if (this.#executions.isDriven(execution_id)) continue;
      const isLeft = left.get(owner) ?? (await this.#context.store.isGone({ owner }));
      left.set(owner, isLeft);
      if (isLeft) await this.#wake(execution_id);
    }
  }

  /** One execution that can't be read must not hold up the others. */
  async #wake(executionId: string): Promise<void> {
    // A round may be under way when the stop comes: what it hasn't taken up is the next process's.
    if (this.#stopping) return;
    try {
      await this.#executions.wake(executionId);
    } catch (error) {
      const complaint = error instanceof Error ? error.message : String(error);
      if (this.#complaints.get(executionId) === complaint) return;
      this.#complaints.set(executionId, complaint);
      this.#context.logger.error({ err: error, execution_id: executionId }, "an execution could not be taken up");
    }
  }

  /** A new earliest instant moves the one timer. */
  #arm(): void {
    const next = this.#wakes.next();
    if (next !== null && (this.#armedAt === null || next < this.#armedAt)) this.#setTimer(next);
  }

  async #armNext(): Promise<void> {
    const next = await this.nextDue();
    this.#cancelTimer();
    this.#armedAt = null;
    if (next !== null && !this.#stopping) this.#setTimer(next);
  }

  #setTimer(at: number): void {
    this.#cancelTimer();
    this.#armedAt = at;
    this.#cancelTimer = this.#context.clock.at(at, () => {
      this.#armedAt = null;
      this.tick().catch((error: unknown) => this.#context.logger.error({ err: error }, "a tick failed"));
    });
  }

  async #drive(started: Extract<Started, { kind: "started" }>): Promise<void> {
    if (!this.#context.drives) return;
    try {
      await this.#executions.adopt(started);
    } catch (error) {
      this.#context.logger.error(
        { err: error, execution_id: started.state.executionId },
        "an execution could not go on",
      );
    }
  }

  /** The step that waits for it, and those that wait for its places; harmless to repeat. */
  async #tellOfEnd(state: ExecutionState): Promise<void> {
    await this.#subFlows.tellParent(state);
    for (const place of releasedSlots(state)) await this.#giveOn(place, state.executionId);
  }

  /** One that waits for several places goes on when it has the last of them. */
  async #admit(executionId: string, { key, limit }: { key: string; limit: number }): Promise<void> {
    await this.#executions.use(executionId, async (driver) => {
      if (driver === null) this.#giveOnLater({ key, limit });
      else await driver.submit({ type: "admit", key });
    });
  }

  /** Its execution hasn't come to be; if it never does, the next in the queue gets the place. */
  #giveOnLater(place: { key: string; limit: number }): void {
    const { clock, logger } = this.#context;
    clock.at(clock.now() + graceToComeMs, () => {
      this.#giveOn(place, "").catch((error: unknown) => logger.error({ err: error }, "a place could not be given on"));
    });
  }

  async #giveOn(place: { key: string; limit: number }, executionId: string): Promise<void> {
    const holders = await new Slots(this.#context).release({ ...place, executionId });
    for (const holder of holders) await this.#admit(holder, place);
  }

  async #store(definition: FlowDefinition): Promise<void> {
    const hash = definitionHash(definition);
    if (this.#stored.has(hash)) return;
    await this.#context.store.putDefinition({ hash, definition, at: this.#context.clock.now() });
    this.#stored.add(hash);
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new RequestError("The app is stopping; please try again in a minute.");
  }

  get #isBusy(): boolean {
    return this.#executions.isBusy || this.#batches.isBusy || this.#retention.isBusy || this.#ticking !== null;
  }

  #noteQuiet(): void {
    if (!this.#isBusy) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  async idle(): Promise<void> {
    while (this.#isBusy) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    await Promise.race([this.idle(), this.#context.realTime.pause(graceMs)]);
    await this.#context.lease.release();
  }
}
