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
import { fold, type ExecutionState } from "../flow/execution.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import { stepNamed } from "../flow/graph.ts";
import type { AuditEvent, ExecutionHeader } from "../flow/record.ts";
import { allWorks, type StepState } from "../flow/step-state.ts";
import { advance, advanceAtOnce, decideInto, type Busy, type Draft } from "./advance.ts";
import { dueApprovalTime } from "./approval-times.ts";
import { AttemptRunner } from "./attempt-runner.ts";
import type { CardBoard } from "./card-board.ts";
import { wantedCards, type WantedCard } from "./cards.ts";
import type { Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import { hasActiveAttempt, isUnderWay } from "./decide/work.ts";
import { deadline } from "./decide/stop.ts";
import { childDeadline, orphans } from "./decide/sub-flow.ts";
import type { RefusalReason } from "./engine.ts";
import { hasWork, header, isOpen, isSameHeader, nextTimer } from "./header.ts";
import { isHeld, isPassedOn, owedTo, passedOnAttempts } from "./owed.ts";
import { persevere } from "./persevere.ts";
import { stepState } from "./readiness.ts";
import type { SubFlows } from "./sub-flows.ts";

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
  subFlows: () => SubFlows;
  onHeader: (header: ExecutionHeader) => void;
  /** Nothing is under way: it can be let go; `wakeAt` says when it wants to be looked at again. */
  onParked: (parked: { executionId: string; wakeAt: number | null }) => void;
  /** Whoever is to learn of an end: the step that waits for it, those that wait for its place. Repeated after a crash. */
  onEnded: (state: ExecutionState) => Promise<void>;
  /** It looks for its place itself: whoever had to tell it may have died. */
  onQueued: (state: ExecutionState) => Promise<void>;
  isStopping: () => boolean;
}

const commands = { remind: "remind", escalate: "escalate", expire: "expire_approval" } as const;

export class ExecutionDriver {
  readonly executionId: string;
  readonly #context: RunningContext;
  readonly #hooks: DriverHooks;
  readonly #runner: AttemptRunner;
  readonly #busy: Busy;
  readonly #definition: FlowDefinition;
  readonly #queue: Queued[] = [];
  readonly #asking = new Set<string>();
  readonly #recovered: boolean;
  #state: ExecutionState;
  #header: ExecutionHeader | null;
  #draining: Promise<void> | null = null;
  #isFinishing = false;
  /** Another process has recorded something. */
  #isBehind = false;
  /** Was this process's until another one's take-over was found in the log (D5). */
  #isFenced = false;
  #holders = 0;
  /** Not once another process may have written, which may have let go what is begun here. */
  #isHeaderKnown: boolean;

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
    // It was read before the log, which may be further on.
    this.#isHeaderKnown = !parameters.recovered;
    this.#definition = state.definition;
    this.executionId = state.executionId;
    this.#runner = new AttemptRunner({
      context,
      subFlows: hooks.subFlows(),
      state: () => this.#state,
      submit: (command) => this.submit(command),
      onQuiet: () => this.#settle(),
      isOurs: () => !this.isForeign,
      isStopping: hooks.isStopping,
    });
    this.#busy = {
      isUnderWay: (of) => (of.part === null && this.#asking.has(of.stepId)) || this.#runner.isUnderWay(of),
      isStopping: hooks.isStopping,
    };
  }

  get state(): ExecutionState {
    return this.#state;
  }

  /** Is another process's, or an earlier one's, until this one has taken it over. */
  get isForeign(): boolean {
    return this.#isForeignIn(this.#state);
  }

  #isForeignIn(state: ExecutionState): boolean {
    // The log knows; of one that nobody has taken over yet, the header says who started it.
    const known = state.owner ?? this.#header?.owner ?? null;
    return known !== null && known !== this.#context.lease.owner;
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
    const due = this.#isFollowed && !isHeld(this.#state) ? null : deadline(this.#state);
    if (due !== null && due <= at) await this.submit({ type: "time_out" });
    for (const step of Object.values(this.#state.steps)) if (mayBeDue(step)) await this.#wakeStep(step, at);
    if (this.#state.queued !== null && !this.isForeign) await this.#hooks.onQueued(this.#state);
    this.#drain();
    await this.#draining;
    this.#launch();
    this.#settle();
  }

  /** The store's word on it: where it is another than this process's own, the log is read again. */
  async heed(stored: ExecutionHeader): Promise<void> {
    if (this.#draining !== null || this.#header === null) return;
    if (stored.status === this.#header.status && stored.wake_at === this.#header.wake_at) return;
    this.#isBehind = true;
    await this.wake();
  }

  async #wakeStep(step: StepState, at: number): Promise<void> {
    const { id: stepId } = step;
    if (this.#isFollowed) return this.#wakeFollowed(step, at);
    if (step.approval !== null && dueApprovalTime(step.approval, at) !== null) return this.#passTime(stepId, at);
    if (step.waitsUntil !== null && step.waitsUntil <= at) await this.submit({ type: "end_wait", stepId });
    for (const { part, work } of allWorks(step)) {
      if (work.status === "running" && work.retryAt !== null && work.retryAt <= at) {
        if (this.#isApproval(stepId)) this.#asking.add(stepId);
        else await this.submit({ type: "retry", stepId, part });
      }
      const until = childDeadline(this.#state, stepId, work);
      if (until !== null && until <= at) await this.submit({ type: "time_out_child", stepId, part });
    }
  }

  /** A service drives it: this process shows it, passes on what people say, and does what they said. */
  get #isFollowed(): boolean {
    return this.#state.service !== null;
  }

  /** The service keeps the end of an approval; what is said to people before is said from here. */
  async #wakeFollowed(step: StepState, at: number): Promise<void> {
    const { id: stepId, approval } = step;
    const due = approval === null ? null : dueApprovalTime({ ...approval, expiresAt: null }, at);
    if (due !== null && due !== "expire") await this.submit({ type: commands[due], stepId });
    for (const { part, work } of allWorks(step)) {
      const isDue = work.status === "running" && work.retryAt !== null && work.retryAt <= at;
      if (isDue && isPassedOn(this.#state, { stepId, part })) await this.submit({ type: "retry", stepId, part });
    }
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
    return stepNamed({ definition: this.#definition, stepId })?.kind === "approval";
  }

  #drain(): void {
    // It rejects never: what fails is each command's.
    this.#draining ??= this.#rounds().then(() => {
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
        // It may have landed, and only its answer be lost: nothing is decided on what may be the state of before.
        this.#isBehind = true;
        for (const queued of taken) queued.reject(error);
      }
    } while (this.#queue.length > 0);
  }

  async #round(taken: Queued[]): Promise<void> {
    for (;;) {
      if (this.#isBehind) await this.#catchUp();
      const draft: Draft = { state: this.#state, events: [], asking: [] };
      const decided = taken.map(({ command }) => decideInto(this.#context, draft, command));
      // What follows is its owner's to begin: begun here and performed by nobody, it would be a doubt if the owner died (E2).
      const isOursToBegin = !this.#isForeignIn(draft.state) && draft.state.service === null;
      if (isOursToBegin && !advanceAtOnce(this.#context, draft, this.#busy))
        await advance(this.#context, draft, this.#busy);
      const audit = taken.flatMap((queued, index) => (decided[index]?.refusal === null ? queued.audit : []));
      if (draft.events.length > 0 && !(await this.#append(draft, audit))) {
        await this.#catchUp();
        continue;
      }
      for (const stepId of draft.asking) this.#asking.add(stepId);
      this.#launch();
      taken.forEach(({ resolve }, index) => resolve({ state: this.#state, refusal: decided[index]?.refusal ?? null }));
      return;
    }
  }

  /** V2. */
  async #catchUp(): Promise<void> {
    const wasOurs = !this.isForeign;
    const about = `reading ${this.executionId} again`;
    const record = () => this.#reload();
    this.#state = await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
    this.#isBehind = false;
    this.#isHeaderKnown = false;
    if (wasOurs && this.isForeign) this.#isFenced = true;
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
    // What ends in another's hands is its owner's to close.
    const open = isOpen(state) || this.#isForeignIn(state);
    const before = this.#header;
    // A decision that another process records leaves the execution to its owner (D5).
    const owner = this.#isForeignIn(state) ? (state.owner ?? before?.owner ?? lease.owner) : lease.owner;
    const next = header({ state, owner, active: open && active, open, now: clock.now() });
    if (!this.#isHeaderKnown) return next;
    if (before !== null && active && before.wake_at !== null && before.wake_at <= clock.now())
      next.wake_at = before.wake_at;
    return before !== null && isSameHeader(before, next) ? null : next;
  }

  /** An approval that is being asked is work of this process alone. */
  #hasWork(state: ExecutionState): boolean {
    if (hasWork(state)) return true;
    return Object.values(state.steps).some(({ id, approval }) => this.#asking.has(id) && approval === null);
  }

  #noteHeader(changed: ExecutionHeader): void {
    this.#isHeaderKnown = true;
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
    if (this.#isFollowed) return this.#launchFollowed();
    for (const stepId of this.#asking) {
      const { approval, status } = stepState(this.#state, stepId);
      if (approval !== null || (status !== "pending" && status !== "running")) this.#asking.delete(stepId);
      else this.#runner.ask(stepId, () => this.#asking.delete(stepId));
    }
    for (const { id: stepId } of this.#definition.steps) {
      const step = stepState(this.#state, stepId);
      if (!isUnderWay(step)) continue;
      for (const { part, work } of allWorks(step)) if (hasActiveAttempt(work)) this.#runner.attempt({ stepId, part });
    }
    for (const { of, executionId } of orphans(this.#state)) this.#runner.endChild(of, executionId);
    if (this.#state.notice?.state.status === "begun") this.#runner.notice();
    for (const wanted of wantedCards(this.#state, this.#context.clock.now())) this.#show(wanted);
  }

  #launchFollowed(): void {
    for (const of of passedOnAttempts(this.#state)) this.#runner.attempt(of);
    for (const { of, executionId } of orphans(this.#state)) this.#runner.endChild(of, executionId);
    this.#runner.tell();
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
    if (this.#isFinishing || this.#hasMore) return;
    if (this.#isBehind && !this.#hooks.isStopping()) return this.#drain();
    if (this.isForeign) return this.#leave();
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

  /** What comes of it now is its new owner's to show and to drive. */
  #leave(): void {
    if (!this.#isFenced) return;
    this.#isFenced = false;
    this.#hooks.board.forget(wantedCards(this.#state, 0).map(({ key }) => key));
    this.#hooks.onParked({ executionId: this.executionId, wakeAt: null });
  }

  get #hasMore(): boolean {
    return this.#holders > 0 || this.#draining !== null || this.#queue.length > 0 || this.#runner.isBusy;
  }

  async #finish(): Promise<boolean> {
    const keys = wantedCards(this.#state, 0).map(({ key }) => key);
    await this.#hooks.board.shown(keys);
    if (this.#hasMore) return false;
    if (this.#state.status !== "running" && this.#header?.open === true && !this.#isBehind) {
      await this.#tellOfEnd();
      if (this.#hasMore) return false;
      // Made from the state: the end may be another process's, and the header known here from before it.
      const over = { state: this.#state, owner: this.#header.owner, active: false, open: false };
      const closed: ExecutionHeader = { ...header({ ...over, now: this.#context.clock.now() }), wake_at: null };
      const record = () => this.#context.store.putHeader({ header: closed });
      const about = `the end of ${this.executionId}`;
      await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
      this.#noteHeader(closed);
    }
    if (this.#isFollowed) await this.#noteShown();
    else if (this.#state.queued !== null) await this.#noteNextLook();
    if (this.#hasMore || (this.#isFollowed && this.#isBehind)) return false;
    this.#hooks.board.forget(keys);
    this.#hooks.onParked({ executionId: this.executionId, wakeAt: this.#nextWake(this.#context.clock.now()) });
    return true;
  }

  /**
   * The service's functions write when there is something to see; now it has been seen. What they wrote since the log was read is
   * looked for after the write, so that theirs and this one can't both be missed.
   */
  async #noteShown(): Promise<void> {
    const now = this.#context.clock.now();
    if (this.#header === null || (this.#header.wake_at ?? Infinity) > now || !this.#header.open) return;
    const state = this.#state;
    // Left in the past: the next tick tells the service again.
    if (owedTo(state).length > 0 && this.#runner.toldAgainAt === null) return;
    const wake_at = this.#nextWake(now);
    const { lease } = this.#context;
    const shown = { ...header({ state, owner: lease.owner, active: false, open: isOpen(state), now }), wake_at };
    const about = `what was shown of ${this.executionId}`;
    const { store } = this.#context;
    const record = async () => {
      await store.putHeader({ header: shown });
      return (await store.readLog({ executionId: this.executionId, after: state.sequence })).length > 0;
    };
    this.#isBehind = await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
    this.#noteHeader(shown);
  }

  /** Its next timer, or when the service may be told again. */
  #nextWake(now: number): number | null {
    const again = owedTo(this.#state).length === 0 ? null : this.#runner.toldAgainAt;
    const instants = [nextTimer(this.#state, now), again].filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  /** No event moves that instant on, and left in the past it would be taken up at every tick. */
  async #noteNextLook(): Promise<void> {
    const now = this.#context.clock.now();
    const known = this.#header;
    if (known === null || (known.wake_at ?? 0) > now) return;
    const looked = { ...known, wake_at: nextTimer(this.#state, now) };
    const record = async () => {
      const stored = await this.#context.store.getHeader({ executionId: this.executionId });
      // Another process has recorded something since: what stands there now is to be taken up.
      if (stored?.wake_at === known.wake_at && stored.status === known.status)
        await this.#context.store.putHeader({ header: looked });
    };
    const about = `the next look of ${this.executionId}`;
    await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
    this.#noteHeader(looked);
  }

  async #tellOfEnd(): Promise<void> {
    const about = `what follows the end of ${this.executionId}`;
    const record = () => this.#hooks.onEnded(this.#state);
    await persevere(this.#context, { about, isStopping: this.#hooks.isStopping, record });
  }
}

/** Something of it waits for an instant, or may. */
function mayBeDue({ approval, waitsUntil, items, compensation, retryAt, status }: StepState): boolean {
  if (approval !== null || items !== null || compensation !== null) return true;
  return waitsUntil !== null || retryAt !== null || status === "waiting";
}
