/**
 * The embedded engine: the engine's interface over a state store, agents and notifiers.
 *
 * Job: put the parts together; each method is one part's. What follows from what is decided in decide.ts, driver.ts drives one
 * execution, rounds.ts says when is looked.
 */
import { newId } from "../flow/execution-id.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { Lease } from "../state/state-store.ts";
import { AgentLimits } from "./agent-limits.ts";
import { Batches } from "./batches.ts";
import { CardBoard } from "./card-board.ts";
import { Cases } from "./cases.ts";
import { CaseNotes } from "./case-notes.ts";
import { CardQuota } from "./card-quota.ts";
import { ContactGovernor } from "./contact-governor.ts";
import { idempotencyOf, type EngineContext, type RunningContext } from "./context.ts";
import { customerRisk } from "./customer-risk.ts";
import { Conversations } from "./conversation/conversations.ts";
import { Decisions } from "./decisions.ts";
import { Definitions } from "./definitions.ts";
import { Ends } from "./ends.ts";
import { RequestError, type Engine, type FlowSummary } from "./engine.ts";
import { EventStarts } from "./event-starts.ts";
import { Executions } from "./executions.ts";
import { Following } from "./following.ts";
import { FlowControls } from "./flow-controls.ts";
import { Histories } from "./history.ts";
import { knownFlow } from "./known-flow.ts";
import { Limiter } from "../flow/limiter.ts";
import { Lookups } from "./lookups.ts";
import { ManualStarts } from "./manual-starts.ts";
import { Operations } from "./operations.ts";
import { Retention } from "./retention.ts";
import { Rounds } from "./rounds.ts";
import { ScheduleCursors } from "./schedule-cursors.ts";
import { Scheduler } from "./scheduler.ts";
import type { Started } from "./starts.ts";
import { SubFlows } from "./sub-flows.ts";
import { Versions } from "./versions.ts";

const attemptsAtOnce = 64;
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

/** For who acts in the name of an engine: one process's, or one call's. */
export function running(context: EngineContext, own: Pick<RunningContext, "lease" | "drives">): RunningContext {
  const limiter = new Limiter(attemptsAtOnce);
  const quota = new CardQuota(cardsPerOwner);
  const agentLimits = new AgentLimits(context.limits, context.realTime);
  const definitions = new Definitions(context);
  const idempotency = idempotencyOf(context.notifiers);
  const governor = new ContactGovernor({ ...context, definitions });
  return { ...context, ...own, limiter, quota, agentLimits, definitions, governor, idempotency };
}

class FlowEngine implements Engine {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  readonly #rounds: Rounds;
  readonly #starts: ManualStarts;
  readonly #controls: FlowControls;
  readonly #scheduler: Scheduler;
  readonly #events: EventStarts;
  readonly #decisions: Decisions;
  readonly #cases: Cases;
  readonly #operations: Operations;
  readonly #lookups: Lookups;
  readonly #conversations: Conversations;
  readonly #histories: Histories;
  readonly #versions: Versions;

  constructor(context: RunningContext) {
    this.#context = context;
    const isStopping = () => this.#rounds.isStopping || !context.drives;
    const onQuiet = () => this.#rounds.noteQuiet();
    const drive = (started: Extract<Started, { kind: "started" }>) => this.#drive(started);
    const onStarted = (started: Extract<Started, { kind: "started" }>) => void drive(started);
    const board = new CardBoard(context, { isStopping });
    const executions = new Executions(context, {
      board,
      isStopping,
      onHeader: (header) => batches.note(header),
      onEnded: (state) => ends.tell(state),
      onQueued: (state) => ends.look(state),
      onQuiet,
      subFlows: () => subFlows,
      onParked: (parked) => this.#rounds.park(parked),
    });
    const subFlows = new SubFlows(context, executions, { onStarted });
    const ends = new Ends(context, { executions, subFlows, caseNotes: new CaseNotes(executions) });
    const isDriven = (executionId: string) => executions.isDriven(executionId);
    const batches = new Batches(context, { board, isStopping, onQuiet, onStarted, isDriven });
    const cursors = new ScheduleCursors(context);
    const controls = new FlowControls(context, cursors);
    const scheduler = new Scheduler(context, { batches, cursors, controls });
    const retention = new Retention(context, { isStopping, onQuiet });
    const following = new Following(context, executions, { isStopping, onQuiet });
    this.#executions = executions;
    this.#rounds = new Rounds(context, () => ({ executions, following, batches, scheduler, retention }));
    this.#starts = new ManualStarts(context, { batches, drive });
    this.#controls = controls;
    this.#scheduler = scheduler;
    this.#events = new EventStarts(context, { controls, onStarted });
    this.#decisions = new Decisions(context, executions);
    this.#cases = new Cases(context, { executions, decisions: this.#decisions });
    this.#operations = new Operations(context, executions);
    this.#lookups = new Lookups(context, executions);
    this.#conversations = new Conversations(context, this.#lookups);
    this.#histories = new Histories(context, this.#lookups);
    this.#versions = new Versions(context);
  }

  recover(): Promise<void> {
    return this.#rounds.recover();
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

  async start(parameters: Parameters<Engine["start"]>[0]) {
    this.#refuseWhenStopping();
    return this.#starts.start(parameters);
  }

  async startBatch(parameters: Parameters<Engine["startBatch"]>[0]) {
    this.#refuseWhenStopping();
    return this.#starts.startBatch(parameters);
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

  cases(parameters: Parameters<Engine["cases"]>[0]) {
    return this.#cases.list(parameters);
  }

  maySetAside(parameters: Parameters<Engine["maySetAside"]>[0]) {
    return this.#cases.maySetAside(parameters);
  }

  setAside(parameters: Parameters<Engine["setAside"]>[0]) {
    return this.#cases.setAside(parameters);
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

  customerRisk(parameters: Parameters<Engine["customerRisk"]>[0]) {
    return customerRisk(this.#context, this.#lookups, parameters);
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

  ask(parameters: Parameters<Engine["ask"]>[0]) {
    return this.#conversations.ask(parameters);
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

  nextDue(): Promise<number | null> {
    return this.#rounds.nextDue();
  }

  tick(): Promise<void> {
    return this.#rounds.tick();
  }

  idle(): Promise<void> {
    return this.#rounds.idle();
  }

  async stop({ graceMs }: { graceMs: number }): Promise<void> {
    await this.#rounds.stop(graceMs);
    await this.#context.lease.release();
  }

  async #drive(started: Extract<Started, { kind: "started" }>): Promise<void> {
    if (!this.#context.drives) return;
    const { executionId: execution_id } = started.state;
    try {
      await this.#executions.adopt(started);
    } catch (error) {
      this.#context.logger.error({ err: error, execution_id }, "an execution could not go on");
    }
  }

  #refuseWhenStopping(): void {
    if (this.#rounds.isStopping) throw new RequestError("The app is stopping; please try again in a minute.");
  }
}
