/**
 * The driver of one execution.
 *
 * Job: take commands one after another, let `decide` say what follows, make it durable in one append, then start what has
 * become possible. Non-job: it decides nothing itself.
 *
 * - V1. Nothing is started before the append that makes it possible is durable (D3).
 * - V2. Who loses an append reads the log, adopts what is recorded and decides again (D2).
 * - V3. What is under way is known by the log (attempts, effects) or harmless to repeat (asking, posting a card).
 */
import type { LogEntry } from "../flow/event.ts";
import type { ExecutionEvent } from "../flow/event.ts";
import { evolve, fold, type ExecutionState } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import type { AuditEvent, ExecutionHeader } from "../flow/record.ts";
import { dueApprovalTime } from "./approval-times.ts";
import { AttemptRunner } from "./attempt-runner.ts";
import type { CardBoard } from "./card-board.ts";
import { wantedCards, type WantedCard } from "./cards.ts";
import type { Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import { decide, hasActiveAttempt, isNoticeDue, type Decided } from "./decide.ts";
import type { RefusalReason } from "./engine.ts";
import { planNotice } from "./failure-notice.ts";
import { header, nextTimer } from "./header.ts";
import { look } from "./look.ts";
import { persevere } from "./persevere.ts";
import { readySteps, stepState } from "./readiness.ts";

export interface Submitted {
  state: ExecutionState;
  refusal: RefusalReason | null;
}

interface Queued {
  command: Command;
  audit: AuditEvent[];
  resolve: (submitted: Submitted) => void;
  reject: (error: unknown) => void;
}

export interface DriverHooks {
  board: CardBoard;
  onHeader: (header: ExecutionHeader) => void;
  /** Nothing is under way: it can be let go; `wakeAt` says when it wants to be looked at again. */
  onParked: (parked: { executionId: string; wakeAt: number | null }) => void;
  isStopping: () => boolean;
}

const commands = { remind: "remind", escalate: "escalate", expire: "expire_approval" } as const;

interface Draft {
  state: ExecutionState;
  events: ExecutionEvent[];
  /** Approvals to ask once the events are durable (V1). */
  asking: string[];
}

export class ExecutionDriver {
  readonly executionId: string;
  readonly #context: RunningContext;
  readonly #hooks: DriverHooks;
  readonly #runner: AttemptRunner;
  readonly #definition: FlowDefinition;
  readonly #queue: Queued[] = [];
  readonly #asking = new Set<string>();
  readonly #recovered: boolean;
  #state: ExecutionState;
  #header: ExecutionHeader | null;
  #draining: Promise<void> | null = null;
  #isFinishing = false;
  #holders = 0;

  constructor(parameters: {
    context: RunningContext;
    hooks: DriverHooks;
    state: ExecutionState;
    header: ExecutionHeader | null;
    /** Read from the log rather than just started: cards may stand that the log doesn't know. */
    recovered: boolean;
  }) {
    const { context, hooks, state } = parameters;
    this.#context = context;
    this.#hooks = hooks;
    this.#state = state;
    this.#header = parameters.header;
    this.#recovered = parameters.recovered;
    this.#definition = state.definition;
    this.executionId = state.executionId;
    this.#runner = new AttemptRunner({
      context,
      state: () => this.#state,
      submit: async (command) => (await this.submit(command)).state,
      onQuiet: () => this.#settle(),
      isStopping: hooks.isStopping,
    });
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Is another process's, or an earlier one's, until this one has taken it over. */
  get isForeign(): boolean {
    return (
      this.#header !== null &&
      this.#header.owner !== this.#context.lease.owner &&
      this.#state.owner !== this.#context.lease.owner
    );
  }

  /** Somebody looks at it and may have a command: until what this gives is called, it isn't let go. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      this.#settle();
    };
  }

  /** Durable when it resolves; a refusal wrote nothing. */
  submit(command: Command, audit: AuditEvent[] = []): Promise<Submitted> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, audit, resolve, reject });
      this.#drain();
    });
  }

  /** Looks at what is due by now, and starts what can be started. */
  async wake(): Promise<void> {
    const at = this.#context.clock.now();
    for (const step of Object.values(this.#state.steps)) {
      if (step.approval !== null && dueApprovalTime(step.approval, at) !== null) await this.#passTime(step.id, at);
      else if (step.status === "running" && step.retryAt !== null && step.retryAt <= at) {
        if (this.#isApproval(step.id)) this.#asking.add(step.id);
        else await this.submit({ type: "retry_step", stepId: step.id });
      }
    }
    this.#drain();
    await this.#draining;
    this.#launch();
    this.#settle();
  }

  /** A reminder, a hand-over, an end; after a downtime several may be due, one after another. */
  async #passTime(stepId: string, at: number): Promise<void> {
    for (;;) {
      const { approval } = stepState(this.#state, stepId);
      const due = approval === null ? null : dueApprovalTime(approval, at);
      if (due === null) return;
      const before = this.#state.sequence;
      await this.submit({ type: commands[due], stepId });
      if (this.#state.sequence === before) return;
    }
  }

  #isApproval(stepId: string): boolean {
    return this.#definition.steps.find(({ id }) => id === stepId)?.kind === "approval";
  }

  #drain(): void {
    this.#draining ??= this.#rounds().finally(() => {
      this.#draining = null;
      if (this.#queue.length > 0) this.#drain();
      else this.#settle();
    });
  }

  async #rounds(): Promise<void> {
    do {
      const taken = this.#queue.splice(0);
      try {
        await this.#round(taken);
      } catch (error) {
        for (const queued of taken) queued.reject(error);
      }
    } while (this.#queue.length > 0);
  }

  async #round(taken: Queued[]): Promise<void> {
    for (;;) {
      const draft: Draft = { state: this.#state, events: [], asking: [] };
      const decided = taken.map(({ command }) => this.#decide(draft, command));
      await this.#advance(draft);
      const audit = taken.flatMap((queued, index) => (decided[index]?.refusal === null ? queued.audit : []));
      const durable = draft.events.length === 0 || (await this.#append(draft, audit));
      if (!durable) {
        this.#state = await this.#reload();
        continue;
      }
      for (const stepId of draft.asking) this.#asking.add(stepId);
      this.#launch();
      taken.forEach(({ resolve }, index) => resolve({ state: this.#state, refusal: decided[index]?.refusal ?? null }));
      return;
    }
  }

  #decide(draft: Draft, command: Command): Decided {
    const { clock, randomness, idempotency } = this.#context;
    const decided = decide(draft.state, command, { now: clock.now(), fraction: randomness.fraction(), idempotency });
    draft.events.push(...decided.events);
    draft.state = decided.events.reduce(evolve, draft.state);
    return decided;
  }

  /**
   * Whatever follows without waiting for anybody: conditions and expressions of ready steps, all in the same append. Nothing
   * while stopping: what is recorded as begun and never was would be a doubt to the next process (F2, E2).
   */
  async #advance(draft: Draft): Promise<void> {
    while (!this.#hooks.isStopping()) {
      const before = draft.events.length;
      for (const step of readySteps(draft.state)) {
        const isAsked = this.#asking.has(step.id) || draft.asking.includes(step.id);
        if (isAsked || this.#runner.isUnderWay(step.id)) continue;
        const found = await look({ state: draft.state, step, now: this.#context.clock.now() });
        if (found.kind === "ask") draft.asking.push(step.id);
        else this.#decide(draft, { type: "begin_step", stepId: step.id, found });
      }
      if (isNoticeDue(draft.state)) {
        const effect = await planNotice({ state: draft.state, now: this.#context.clock.now() });
        this.#decide(draft, { type: "plan_notice", effect });
      }
      if (draft.events.length === before) return;
    }
  }

  async #append(draft: Draft, audit: AuditEvent[]): Promise<boolean> {
    const sequence = this.#state.sequence + 1;
    const entry: LogEntry = {
      execution_id: this.executionId,
      sequence,
      epoch: draft.state.epoch,
      events: draft.events,
    };
    const changed = this.#changedHeader(draft.state);
    const appended = await this.#context.store.append({
      entry,
      ...(changed === null ? {} : { header: changed }),
      ...(audit.length === 0 ? {} : { audit }),
    });
    if (!appended) return false;
    this.#state = { ...draft.state, sequence };
    if (changed !== null) this.#noteHeader(changed);
    return true;
  }

  /** Null where the index already says it: a header is written at start, park and end, not at each step (D6). */
  #changedHeader(state: ExecutionState): ExecutionHeader | null {
    const { lease, clock } = this.#context;
    const active = this.#hasWork(state);
    const open = state.status === "running" || wantedCards(state, 0).length > 0;
    const before = this.#header;
    // A decision that another process records leaves the execution to its owner (D5).
    const isOurs = before === null || state.owner === lease.owner || before.owner === lease.owner;
    const owner = isOurs ? lease.owner : before.owner;
    const next = header({ state, owner, active: open && active, open, now: clock.now() });
    if (before !== null && active && before.wake_at !== null && before.wake_at <= clock.now())
      next.wake_at = before.wake_at;
    return before !== null && JSON.stringify(before) === JSON.stringify(next) ? null : next;
  }

  /** Work that the state itself shows: what a new owner would have to look at. */
  #hasWork(state: ExecutionState): boolean {
    if (state.status !== "running") return true;
    const steps = Object.values(state.steps);
    if (steps.some(hasActiveAttempt) || readySteps(state).length > 0) return true;
    if (steps.some(({ id, approval }) => this.#asking.has(id) && approval === null)) return true;
    if (isNoticeDue(state) || state.notice?.state.status === "begun") return true;
    return wantedCards(state, 0).some(({ key }) => state.cards[key] === undefined);
  }

  #noteHeader(changed: ExecutionHeader): void {
    this.#header = changed;
    this.#hooks.onHeader(changed);
  }

  async #reload(): Promise<ExecutionState> {
    const entries = await this.#context.store.readLog({ executionId: this.executionId, after: 0 });
    const state = fold({ definition: this.#definition, entries });
    if (state === null) throw new Error(`The log of ${this.executionId} is gone.`);
    return state;
  }

  #launch(): void {
    if (this.isForeign) return;
    for (const stepId of this.#asking) {
      const { approval, status } = stepState(this.#state, stepId);
      if (approval !== null || (status !== "pending" && status !== "running")) this.#asking.delete(stepId);
      else this.#runner.ask(stepId, () => this.#asking.delete(stepId));
    }
    for (const step of Object.values(this.#state.steps)) if (hasActiveAttempt(step)) this.#runner.attempt(step.id);
    if (this.#state.notice?.state.status === "begun") this.#runner.notice();
    for (const wanted of wantedCards(this.#state, this.#context.clock.now())) this.#show(wanted);
  }

  #show({ key, place, card, under, reply, isFinal }: WantedCard): void {
    const standing = this.#state.cards[key] ?? null;
    if (isFinal && standing !== null) return;
    this.#hooks.board.want({
      key,
      card,
      channel: this.#channel(place),
      place: standing,
      under,
      reply,
      mayStand: this.#recovered,
      since: this.#state.startedAt,
      paceMs: 0,
      onPosted: async ({ channel, ts }) => {
        await this.submit({ type: "post_card", card: key, channel, ts });
      },
    });
  }

  #channel(place: WantedCard["place"]): string {
    const { channels } = this.#context;
    return place === "default" ? channels.default : (channels.flows[this.#state.flowId] ?? channels.alerts);
  }

  /** Lets go once nothing is under way; an ended execution leaves the open ones only after its last message was shown. */
  #settle(): void {
    if (this.#isFinishing || this.#hasMore || this.isForeign) return;
    this.#isFinishing = true;
    this.#finish().then(
      (isParked) => {
        this.#isFinishing = false;
        // What came meanwhile may have ended while this was still looking.
        if (!isParked) this.#settle();
      },
      (error: unknown) => {
        this.#context.logger.error({ err: error, execution_id: this.executionId }, "an execution could not be let go");
      },
    );
  }

  get #hasMore(): boolean {
    return this.#holders > 0 || this.#draining !== null || this.#queue.length > 0 || this.#runner.isBusy;
  }

  async #finish(): Promise<boolean> {
    const keys = wantedCards(this.#state, 0).map(({ key }) => key);
    await this.#hooks.board.shown(keys);
    if (this.#hasMore) return false;
    if (this.#state.status !== "running" && this.#header?.open === true) {
      const closed: ExecutionHeader = { ...this.#header, open: false, wake_at: null };
      const record = () => this.#context.store.putHeader({ header: closed });
      const about = `the end of ${this.executionId}`;
      await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
      this.#noteHeader(closed);
    }
    if (this.#hasMore) return false;
    this.#hooks.board.forget(keys);
    this.#hooks.onParked({ executionId: this.executionId, wakeAt: nextTimer(this.#state) });
    return true;
  }
}
