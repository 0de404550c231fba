/**
 * The embedded engine: the engine's interface over a state store, agents and notifiers.
 *
 * Job: answer requests, take up what is due, know when all is quiet. The decisions are made in decide.ts, the rules stand in
 * readiness.ts, one execution is driven by driver.ts.
 */
import type { ApprovalCard } from "../flow/card.ts";
import type { Customer } from "../flow/customer.ts";
import { derivedId, newId } from "../flow/execution-id.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { definitionHash, isAboutCustomer, type DecisionWord, type FlowDefinition } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import { nearest } from "../flow/nearest.ts";
import type { Person } from "../flow/person.ts";
import type { FieldEdit } from "../flow/event.ts";
import type { Batch, ExecutionHeader, ExecutionStatus, WaitingFor } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import { CardQuota } from "./card-quota.ts";
import { checkEdit, editCommand, editFields } from "./edits.ts";
import { headers } from "./header-pages.ts";
import { personalReport } from "./personal-report.ts";
import { Batches } from "./batches.ts";
import { CardBoard } from "./card-board.ts";
import { approvalCard, stepReport } from "./cards.ts";
import { idempotencyOf, type EngineContext, type RunningContext } from "./context.ts";
import { findEffect, voteRefusal } from "./decide.ts";
import {
  RequestError,
  type ApprovalReference,
  type DecisionAnswer,
  type EditAnswer,
  type EditFormAnswer,
  type PersonalReport,
  type WaitingApproval,
  type Engine,
  type ExecutionReport,
  type FlowSummary,
  type RefusalReason,
  type StartAnswer,
} from "./engine.ts";
import { Executions } from "./executions.ts";
import { checkInput } from "./input.ts";
import { Limiter } from "./limiter.ts";
import { instant, refusalMessage } from "./refusal.ts";
import { Scheduler } from "./scheduler.ts";
import { startExecution, type Started } from "./starts.ts";
import { WakeQueue } from "./wake-queue.ts";

const attemptsAtOnce = 64;
const dueAtOnce = 1_000;
/** Of one batch; the rest comes as a list. */
const cardsPerOwner = 10;

type Refused = Extract<DecisionAnswer, { kind: "refused" }>;

interface AskedDecision extends ApprovalReference {
  person: Person;
  decision: DecisionWord;
}

/** Opens the lease, takes over what a dead process left, and starts to watch the clock. */
export async function startEngine(context: EngineContext): Promise<Engine> {
  const owner = newId({ now: context.clock.now(), randomness: context.randomness });
  const lease = await context.store.openLease({ owner });
  const limiter = new Limiter(attemptsAtOnce);
  const quota = new CardQuota(cardsPerOwner);
  const engine = new FlowEngine({ ...context, lease, limiter, quota, idempotency: idempotencyOf(context.notifiers) });
  await engine.recover();
  return engine;
}

class FlowEngine implements Engine {
  readonly #context: RunningContext;
  readonly #board: CardBoard;
  readonly #executions: Executions;
  readonly #batches: Batches;
  readonly #scheduler: Scheduler;
  readonly #wakes = new WakeQueue();
  readonly #stored = new Set<string>();
  readonly #idleWaiters: (() => void)[] = [];
  #cancelTimer: () => void = () => {};
  #armedAt: number | null = null;
  #ticking: Promise<void> | null = null;
  #tickAgain = false;
  #stopping = false;

  constructor(context: RunningContext) {
    this.#context = context;
    const isStopping = () => this.#stopping;
    this.#board = new CardBoard(context, { isStopping });
    this.#executions = new Executions(context, {
      board: this.#board,
      isStopping,
      onHeader: (header) => this.#batches.note(header),
      onParked: ({ executionId, wakeAt }) => {
        this.#wakes.set(executionId, wakeAt);
        this.#arm();
        this.#noteQuiet();
      },
    });
    this.#batches = new Batches(context, {
      board: this.#board,
      isStopping,
      onQuiet: () => this.#noteQuiet(),
      onStarted: (started) => void this.#drive(started),
      definitionOf: (hash) => this.#executions.definitionOf(hash),
    });
    this.#scheduler = new Scheduler(context, this.#batches);
  }

  /** Timers go first, in due order, then batches, then firings (DESIGN §5, after downtime). */
  async recover(): Promise<void> {
    const { store } = this.#context;
    for (const header of await store.due({ now: Number.MAX_SAFE_INTEGER, limit: 1_000_000 })) {
      this.#wakes.set(header.execution_id, header.wake_at);
    }
    await this.#batches.recover();
    await this.tick();
  }

  async flows(): Promise<FlowSummary[]> {
    const summaries = this.#context.flows.all().map(async ({ definition, file }) => {
      const filter = { flowId: definition.flow_id, status: "running" as const };
      const { items } = await this.#context.store.list({ filter, limit: 1_000 });
      return { definition, file, nextFiring: this.#scheduler.nextOf(definition), running: items.length };
    });
    return Promise.all(summaries);
  }

  flow({ flowId }: { flowId: string }): FlowDefinition {
    const definition = this.#context.flows.get({ flowId });
    if (definition !== null) return definition;
    const known = this.#context.flows.all().map((flow) => flow.definition.flow_id);
    throw new RequestError(`There is no flow ${flowId}.`, nearest(flowId, known));
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

  async decide(parameters: AskedDecision & { reason: string | null }): Promise<DecisionAnswer> {
    const { executionId, stepId, version, person, decision, reason } = parameters;
    const refused = await this.#whyNot(parameters, { reason, reasonGiven: true });
    if (refused !== null) return refused;
    const driver = await this.#executions.open(executionId);
    if (driver === null) return this.#refusal(null, parameters, "unknown");
    const about = driver.state.customer?.name ?? driver.state.flowId;
    const detail = `${decision} ${stepId} about ${about}${reason === null ? "" : `: ${reason}`}`;
    const audit = auditEvent(this.#context, {
      action: decision,
      person,
      flowId: driver.state.flowId,
      executionId,
      detail,
    });
    const { state, refusal } = await driver.submit({ type: "vote", stepId, version, person, decision, reason }, [
      audit,
    ]);
    if (refusal !== null) return this.#refusal(state, parameters, refusal);
    return { kind: "recorded", ended: state.steps[stepId]?.approval?.status !== "pending" };
  }

  async mayDecide(parameters: AskedDecision & { forList?: boolean }) {
    const refused = await this.#whyNot(parameters, { reason: null, reasonGiven: false });
    if (refused !== null) return refused;
    const state = await this.#executions.read(parameters.executionId);
    const step = state?.definition.steps.find(({ id }) => id === parameters.stepId);
    const reasonRequired = step?.kind === "approval" && step.reason_required.includes(parameters.decision);
    return { kind: "yes" as const, reasonRequired };
  }

  /** A2: the log's own refusals first, then whether the workspace says that this person is an approver now. */
  async #whyNot(
    reference: AskedDecision,
    given: { reason: string | null; reasonGiven: boolean; voting?: boolean },
  ): Promise<Extract<DecisionAnswer, { kind: "refused" }> | null> {
    const state = await this.#executions.read(reference.executionId);
    if (state === null) return this.#refusal(null, reference, "unknown");
    const vote = { ...reference, reason: given.reason };
    const refusal = voteRefusal(state, vote, this.#context.clock.now(), given);
    // An outsider learns first that it isn't theirs to decide, before what a decision would need.
    if (refusal !== null && refusal !== "reason_missing") return this.#refusal(state, reference, refusal);
    const approvers = state.steps[reference.stepId]?.approval?.approvers ?? [];
    if (
      !(await this.#isAmong(
        reference.person,
        approvers.map((approver) => approver.reference),
      ))
    ) {
      return this.#refusal(state, reference, "not_an_approver");
    }
    return refusal === null ? null : this.#refusal(state, reference, refusal);
  }

  async #isAmong(person: Person | null, references: readonly string[]): Promise<boolean> {
    if (person === null) return false;
    for (const reference of references) {
      const people = await this.#context.people.resolve({ reference });
      if (people.some(({ user_id }) => user_id === person.user_id)) return true;
    }
    return false;
  }

  async #refusal(
    state: ExecutionState | null,
    reference: { executionId: string; stepId: string; person: Person },
    reason: RefusalReason,
  ): Promise<Extract<DecisionAnswer, { kind: "refused" }>> {
    const { executionId, stepId, person } = reference;
    const message =
      state === null ? "There is no such execution. Nothing changed." : refusalMessage({ reason, state, stepId });
    const detail = `${reason} at ${stepId}`;
    const audit = auditEvent(this.#context, {
      action: "refuse",
      person,
      flowId: state?.flowId ?? null,
      executionId,
      detail,
    });
    await this.#context.store.recordAudit({ events: [audit] });
    return { kind: "refused", reason, message };
  }

  async editForm(parameters: ApprovalReference & { person: Person }): Promise<EditFormAnswer> {
    const refused = await this.#whyNotEdit(parameters);
    if (refused !== null) return refused;
    const state = await this.#executions.read(parameters.executionId);
    const step = state?.definition.steps.find(({ id }) => id === parameters.stepId);
    if (state === null || step?.kind !== "approval") return this.#refusal(state, parameters, "unknown");
    return { kind: "form", fields: editFields(this.#context, state, step) };
  }

  async edit(parameters: ApprovalReference & { person: Person; edits: FieldEdit[] }): Promise<EditAnswer> {
    const { executionId, stepId, version, person, edits: given } = parameters;
    const refused = await this.#whyNotEdit(parameters);
    if (refused !== null) return refused;
    const driver = await this.#executions.open(executionId);
    const step = driver?.state.definition.steps.find(({ id }) => id === stepId);
    const approval = driver?.state.steps[stepId]?.approval ?? null;
    if (driver === null || step?.kind !== "approval" || approval === null) {
      return this.#refusal(driver?.state ?? null, parameters, "unknown");
    }
    const checked = checkEdit(this.#context, driver.state, { step, approval, given });
    if (checked.kind !== "valid") return checked;
    const command = await editCommand(this.#context, driver.state, { step, version, person, edits: checked.edits });
    const { flowId } = driver.state;
    const detail = `${stepId}: ${given.map(({ step: stepOf, field }) => `${stepOf}.${field}`).join(", ")}`;
    const audit = auditEvent(this.#context, { action: "edit", person, flowId, executionId, detail });
    const { state, refusal } = await driver.submit(command, [audit]);
    if (refusal !== null) return this.#refusal(state, parameters, refusal);
    return { kind: "edited", version: version + 1 };
  }

  /** Who may decide may edit, whether or not they have voted. */
  #whyNotEdit(reference: ApprovalReference & { person: Person }): Promise<Refused | null> {
    const given = { reason: null, reasonGiven: false, voting: false };
    return this.#whyNot({ ...reference, decision: "approve" }, given);
  }

  async waiting(parameters: { person: Person | null; batchId?: string; offset: number; limit: number }) {
    const { person, batchId, offset, limit } = parameters;
    const filter = { status: "running" as const, ...(batchId === undefined ? {} : { batchId }) };
    const items: WaitingApproval[] = [];
    const isMine = this.#approverCheck(person);
    for await (const header of headers(this.#context.store, filter)) {
      for (const waiting of header.waiting_for) {
        if (waiting.kind === "approval" && (await isMine(waiting))) items.push({ header, waiting });
      }
    }
    const inOrder = items.toSorted((one, other) => (one.waiting.until ?? Infinity) - (other.waiting.until ?? Infinity));
    return { items: inOrder.slice(offset, offset + limit), total: items.length };
  }

  personal({ person }: { person: Person }): Promise<PersonalReport> {
    return personalReport(this.#context, person);
  }

  /** From the lists alone, each reference resolved once; the click is checked against the log (A2). */
  #approverCheck(person: Person | null) {
    const known = new Map<string, Promise<boolean>>();
    const isNamed = (reference: string): Promise<boolean> => {
      const answer = known.get(reference) ?? this.#isAmong(person, [reference]);
      known.set(reference, answer);
      return answer;
    };
    return async ({ references, requester_id }: WaitingFor): Promise<boolean> => {
      if (person === null) return true;
      if (requester_id === person.user_id) return false;
      const named = await Promise.all(references.map(isNamed));
      return named.includes(true);
    };
  }

  async approval({ executionId, stepId }: { executionId: string; stepId: string }): Promise<ApprovalCard | null> {
    const state = await this.#executions.read(executionId);
    const step = state?.steps[stepId];
    return state && step ? approvalCard(state, step, this.#context.clock.now()) : null;
  }

  async resolveDoubt(parameters: {
    effectKey: string;
    person: Person;
    answer: "send_again" | "arrived";
  }): Promise<DecisionAnswer> {
    const { effectKey, person, answer } = parameters;
    const executionId = effectKey.split("/")[0] ?? "";
    const driver = await this.#executions.open(executionId);
    const found = driver === null ? null : findEffect(driver.state, effectKey);
    const reference = { executionId, stepId: found?.step.id ?? "", person };
    if (driver === null) return this.#refusal(null, reference, "unknown");
    if (found?.effect.state.status !== "doubtful")
      return this.#answered(driver.state, reference, "This doubt has been answered.");
    if (!(await this.#mayOperate(driver.state, person))) {
      return this.#answered(driver.state, reference, "An operator or an approver of this flow answers this.");
    }
    const detail = `${answer} ${effectKey}`;
    const audit = auditEvent(this.#context, {
      action: "resolve_doubt",
      person,
      flowId: driver.state.flowId,
      executionId,
      detail,
    });
    const { state, refusal } = await driver.submit({ type: "resolve_doubt", key: effectKey, person, answer }, [audit]);
    if (refusal !== null) return this.#answered(state, reference, "This doubt has been answered.");
    return { kind: "recorded", ended: true };
  }

  async redrive({ executionId, person }: { executionId: string; person: Person }): Promise<DecisionAnswer> {
    const driver = await this.#executions.open(executionId);
    const reference = { executionId, stepId: "", person };
    if (driver === null) return this.#refusal(null, reference, "unknown");
    if (!(await this.#mayOperate(driver.state, person))) {
      return this.#answered(driver.state, reference, "An operator or an approver of this flow can redrive it.");
    }
    const flowId = driver.state.flowId;
    const audit = auditEvent(this.#context, {
      action: "redrive",
      person,
      flowId,
      executionId,
      detail: `${flowId} from its failed step`,
    });
    const { state, refusal } = await driver.submit({ type: "redrive", person }, [audit]);
    if (refusal !== null)
      return this.#answered(state, reference, `This execution is ${state.status}; there is nothing to redrive.`);
    return { kind: "recorded", ended: true };
  }

  async #answered(
    state: ExecutionState,
    reference: { executionId: string; stepId: string; person: Person },
    sentence: string,
  ): Promise<DecisionAnswer> {
    const { reason } = await this.#refusal(state, reference, "already_decided");
    return { kind: "refused", reason, message: `${sentence} Nothing changed.` };
  }

  /** E2: `role:operator` or an approver of the flow. */
  #mayOperate(state: ExecutionState, person: Person): Promise<boolean> {
    const approvers = Object.values(state.steps).flatMap((step) => step.approval?.approvers ?? []);
    return this.#isAmong(person, ["role:operator", ...approvers.map(({ reference }) => reference)]);
  }

  async list(parameters: {
    status?: ExecutionStatus;
    flowId?: string;
    customerId?: string;
    limit: number;
  }): Promise<ExecutionHeader[]> {
    const { limit, ...filter } = parameters;
    const { store } = this.#context;
    const running = await store.list({ filter: { ...filter, status: filter.status ?? "running" }, limit });
    if (filter.status !== undefined || running.items.length >= limit) return running.items;
    const recent = await store.list({ filter, limit });
    const ids = new Set(running.items.map(({ execution_id }) => execution_id));
    const ended = recent.items.filter(({ execution_id }) => !ids.has(execution_id));
    return [...running.items, ...ended].slice(0, limit);
  }

  async report({ executionId }: { executionId: string }): Promise<ExecutionReport> {
    const header = await this.#context.store.getHeader({ executionId });
    const state = await this.execution({ executionId });
    if (header === null) throw await this.#unknownExecution(executionId);
    return {
      header,
      steps: state.definition.steps.map(({ id }) => stepReport(state, id)),
      startedBy: startedBy(state),
      failure: state.failure === null ? null : `${state.failure.failure.error}: ${state.failure.failure.cause}`,
    };
  }

  async execution({ executionId }: { executionId: string }): Promise<ExecutionState> {
    const state = await this.#executions.read(executionId);
    if (state === null) throw await this.#unknownExecution(executionId);
    return state;
  }

  async #unknownExecution(executionId: string): Promise<RequestError> {
    const { items } = await this.#context.store.list({ filter: {}, limit: 200 });
    const known = items.map(({ execution_id }) => execution_id);
    return new RequestError(`There is no execution ${executionId}.`, nearest(executionId, known));
  }

  findCustomers({ text }: { text: string }): Promise<Customer[]> {
    return this.#context.customers.find({ text });
  }

  async nearestCustomers({ text }: { text: string }): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.#context.customers.all()) names.push(...page.flatMap(({ id, name }) => [name, id]));
    const wanted = text.trim().toLowerCase();
    const holding = names.filter((name) => wanted.length > 2 && name.toLowerCase().includes(wanted));
    const near = nearest(text, names);
    return [...new Set([...(near === null ? [] : [near]), ...holding])].slice(0, 3);
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
    if (this.#stopping) return;
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
      await this.#scheduler.tick();
    } while (this.#tickAgain);
    await this.#armNext();
  }

  async #takeUpDue(): Promise<void> {
    const now = this.#context.clock.now();
    for (const executionId of this.#wakes.take(now)) await this.#wake(executionId);
    for (const header of await this.#context.store.due({ now, limit: dueAtOnce })) {
      if (this.#executions.isDriven(header.execution_id)) continue;
      const foreign = header.owner !== this.#context.lease.owner;
      if (foreign && !(await this.#context.store.isGone({ owner: header.owner }))) continue;
      await this.#wake(header.execution_id);
    }
  }

  /** One execution that can't be read must not hold up the others. */
  async #wake(executionId: string): Promise<void> {
    try {
      await this.#executions.wake(executionId);
    } catch (error) {
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
    try {
      await this.#executions.adopt(started);
    } catch (error) {
      this.#context.logger.error(
        { err: error, execution_id: started.state.executionId },
        "an execution could not go on",
      );
    }
  }

  async #store(definition: FlowDefinition): Promise<void> {
    const hash = definitionHash(definition);
    if (this.#stored.has(hash)) return;
    await this.#context.store.putDefinition({ hash, definition });
    this.#stored.add(hash);
  }

  #refuseWhenStopping(): void {
    if (this.#stopping) throw new RequestError("The app is stopping; please try again in a minute.");
  }

  get #isBusy(): boolean {
    return this.#executions.isBusy || this.#batches.isBusy || this.#ticking !== null;
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

function startedBy(state: ExecutionState): string {
  switch (state.startedBy.type) {
    case "manual":
      return state.startedBy.person?.name ?? "a program";
    case "schedule":
      return `the schedule of ${instant(state.startedBy.scheduled_at, state)}`;
    case "event":
      return `the event ${state.startedBy.event}`;
    default:
      return state.startedBy satisfies never;
  }
}
