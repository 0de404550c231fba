/**
 * What one execution has under way outside: attempts, effects, askings, sub-flows, the failure notice. Each ends in a command.
 * Nothing here is a record; after a crash the log says what to look at again (V3).
 */
import type { ExecutionState, StepEffect, Work } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import type { AgentName, Step } from "../flow/flow.ts";
import { ask } from "./ask.ts";
import type { Asking, Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import { auditUpdate } from "./crm-audit.ts";
import { hasActiveAttempt, workAt, type Of } from "./decide/work.ts";
import { invokeAction, type ActionCall } from "./invoke.ts";
import { failureOf } from "./look.ts";
import type { Told } from "./follower.ts";
import { owedTo, type Owed } from "./owed.ts";
import { performEffect } from "./perform.ts";
import { persevere } from "./persevere.ts";
import { stepDefinition, stepState } from "./readiness.ts";
import { compensationOutputs, stepOutputs } from "./roots.ts";
import type { StartedChild, SubFlows } from "./sub-flows.ts";

/** What is still to be recorded of it once its turn is over: whoever waits for a turn need not wait for the disk. */
type Rest = Command | null;

interface StartOptions {
  /** Asked once it has ended: is there more of it to do? */
  again?: () => boolean;
  /** However it has ended. */
  onEnd?: () => void;
  turn?: (work: () => Promise<Rest>) => Promise<Rest>;
}

type StartsSubFlows = Pick<SubFlows, "start" | "abort">;

export class AttemptRunner {
  readonly #context: RunningContext;
  readonly #subFlows: StartsSubFlows;
  readonly #state: () => ExecutionState;
  readonly #submit: (command: Command) => Promise<unknown>;
  readonly #onQuiet: () => void;
  readonly #isOurs: () => boolean;
  readonly #isStopping: () => boolean;
  readonly #underWay = new Set<string>();
  #toldAgainAt: number | null = null;

  constructor(parameters: {
    context: RunningContext;
    subFlows: StartsSubFlows;
    state: () => ExecutionState;
    submit: (command: Command) => Promise<unknown>;
    onQuiet: () => void;
    /** No more once another process has taken the execution over (D5). */
    isOurs: () => boolean;
    isStopping: () => boolean;
  }) {
    this.#context = parameters.context;
    this.#subFlows = parameters.subFlows;
    this.#state = parameters.state;
    this.#submit = (command) =>
      persevere(parameters.context, {
        about: `${command.type} of ${parameters.state().executionId}`,
        isStopping: parameters.isStopping,
        record: () => parameters.submit(command),
      });
    this.#onQuiet = parameters.onQuiet;
    this.#isOurs = parameters.isOurs;
    this.#isStopping = parameters.isStopping;
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  isUnderWay(of: Of): boolean {
    return this.#underWay.has(nameOf(of));
  }

  attempt(of: Of): void {
    if (this.isUnderWay(of)) return;
    const agent = this.#agentOf(of);
    this.#start(nameOf(of), () => this.#runAttempt(of), {
      // Who waits for an agent's turn must not keep others from theirs.
      turn: (work) => (agent === null ? work() : this.#context.agentLimits.run(agent, work)),
      // A retry or a second generation may have been recorded while this one was still leaving.
      again: () => {
        const work = workAt(this.#state(), of);
        return this.#isOurs() && work !== null && hasActiveAttempt(work);
      },
    });
  }

  ask(stepId: string, onEnd: () => void): void {
    // Nothing of it is recorded yet, so the next process asks; an attempt is, and runs even if the stop came in between (F2).
    if (this.#isStopping()) return;
    this.#start(stepId, () => this.#runAsking(stepId), { onEnd });
  }

  notice(): void {
    this.#start("#notice", () => this.#runNotice());
  }

  /** Not before then is the service told again; null: whenever there is something. */
  get toldAgainAt(): number | null {
    return this.#toldAgainAt;
  }

  /** What the service that drives it has yet to be told, one after another; what fails is told again when it may be. */
  tell(): void {
    const { follower, clock, logger } = this.#context;
    if (follower === undefined || this.#isStopping() || owedTo(this.#state()).length === 0) return;
    if (clock.now() < (this.#toldAgainAt ?? 0)) return;
    let isHeard = true;
    this.#start(
      "#service",
      async () => {
        const [owed] = owedTo(this.#state());
        if (owed === undefined || !this.#isOurs()) return null;
        try {
          return noted(owed, await follower.tell(this.#state(), owed));
        } catch (error) {
          isHeard = false;
          const execution_id = this.#state().executionId;
          logger.warn({ err: error, execution_id }, "the service could not be told; it is tried again");
          if (!(error instanceof FailureError)) return null;
          this.#toldAgainAt = clock.now() + (error.retryAfterMs ?? 0);
          return { type: "note_unheard", failure: error.failure };
        }
      },
      { again: () => isHeard && this.#isOurs() && owedTo(this.#state()).length > 0 },
    );
  }

  /** The execution of a `flow` step that nobody waits for any more. */
  endChild(of: Of, executionId: string): void {
    if (this.#isStopping()) return;
    this.#start(`#child ${executionId}`, async () => {
      const child = await this.#subFlows.abort(executionId);
      return child === null ? null : { type: "end_child", ...of, child };
    });
  }

  /** Whose action is still to be invoked; null: nobody's. */
  #agentOf(of: Of): AgentName | null {
    const work = workAt(this.#state(), of);
    const step = stepDefinition(this.#state(), of.stepId);
    if (work?.effects !== null) return null;
    if (of.part === "compensation") return ("compensate" in step ? step.compensate?.agent : null) ?? null;
    return step.kind === "agent" ? step.agent : null;
  }

  #start(name: string, work: () => Promise<Rest>, options: StartOptions = {}): void {
    if (this.#underWay.has(name)) return;
    this.#underWay.add(name);
    void this.#goOn(name, work, options);
  }

  async #goOn(name: string, work: () => Promise<Rest>, options: StartOptions): Promise<void> {
    const { again = () => false, turn = (inTurn) => inTurn(), onEnd = () => {} } = options;
    try {
      do {
        const rest = await turn(() => this.#context.limiter.run(work));
        if (rest !== null) await this.#submit(rest);
      } while (again());
    } catch (error) {
      // What can't be recorded would go on for ever; the next process finds it in the log.
      this.#context.logger.error({ err: error, name }, "an attempt could not be recorded");
    }
    onEnd();
    this.#underWay.delete(name);
    this.#onQuiet();
  }

  async #runAttempt(of: Of): Promise<Rest> {
    const state = this.#state();
    const work = workAt(state, of);
    if (!this.#isOurs() || work === null || !hasActiveAttempt(work)) return null;
    const attempt = work.attempts.at(-1)?.number ?? 1;
    const step = stepDefinition(state, of.stepId);
    if (step.kind === "flow" && of.part !== "compensation") return this.#runSubFlow(of, work, attempt);
    if (work.effects !== null) return this.#perform(of, work, work.effects, attempt);
    const answered = await this.#invoke(of, step, attempt);
    if (answered?.type !== "plan_effects") return answered;
    await this.#submit(answered);
    const after = workAt(this.#state(), of);
    // Of another process's attempt, if this one was cut off meanwhile: those are its own to perform.
    return this.#isOurs() ? this.#perform(of, work, after?.effects ?? [], attempt) : null;
  }

  async #perform(of: Of, work: Work, effects: readonly StepEffect[], attempt: number): Promise<null> {
    const open = effects.filter(({ state: fate }) => fate.status === "planned" || fate.status === "begun");
    const ended = await Promise.allSettled(
      open.map(async (effect) => {
        const isSenderLost = work.attempts.find(({ number }) => number === effect.begunAttempt)?.lost === true;
        const holds = () => this.#context.governor.holds(this.#state(), effect);
        const result = await performEffect(this.#context, { effect, attempt, isSenderLost, holds });
        if (result.kind === "performed") await this.#audit(effect);
        await this.#submit({ type: "settle_effect", ...of, attempt, key: effect.key, result });
      }),
    );
    // Only now: while one of them is under way the attempt is, or it would be made again beside itself (E2).
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    return null;
  }

  #audit(effect: StepEffect): Promise<void> {
    return persevere(this.#context, {
      about: `the audit of ${effect.key}`,
      isStopping: this.#isStopping,
      record: () => auditUpdate(this.#context, this.#state(), effect),
    });
  }

  /** What came of it; null: the step has no action. */
  async #invoke(of: Of, step: Step, attempt: number): Promise<Rest> {
    const call = actionCall(this.#state(), of, step, attempt);
    if (call === null) return null;
    try {
      const { effects, ...answered } = await invokeAction(this.#context, call);
      if (effects.length === 0) return { type: "answer", ...of, attempt, ...answered };
      return { type: "plan_effects", ...of, attempt, ...answered, effects };
    } catch (error) {
      return failed(of, attempt, error);
    }
  }

  async #runSubFlow(of: Of, work: Work, attempt: number): Promise<Rest> {
    try {
      const { executionId, end, onNoted } = await this.#startSubFlow(of, work);
      await this.#submit({ type: "note_child", ...of, attempt, executionId, end });
      onNoted();
      return null;
    } catch (error) {
      return failed(of, attempt, error);
    }
  }

  /** An outage of the store is no failure of the sub-flow. */
  async #startSubFlow(of: Of, work: Work): Promise<StartedChild> {
    const asked = { of, input: work.parameters ?? {}, earlier: work.child };
    const start = () => this.#subFlows.start(this.#state(), asked);
    const started = await persevere(this.#context, {
      about: `the sub-flow of ${this.#state().executionId}/${nameOf(of)}`,
      isStopping: this.#isStopping,
      record: () => start().catch((error: unknown) => (error instanceof FailureError ? error : Promise.reject(error))),
    });
    if (started instanceof FailureError) throw started;
    return started;
  }

  async #runAsking(stepId: string): Promise<Rest> {
    const state = this.#state();
    const step = stepDefinition(state, stepId);
    if (step.kind !== "approval") return null;
    try {
      const asking = await ask(this.#context, state, step);
      const listed = this.#isListed(state, asking);
      return { type: "ask_approval", stepId, asking: { ...asking, listed } };
    } catch (error) {
      const attempt = stepState(state, stepId).attempts.length + 1;
      const retryAfterMs = error instanceof FailureError ? error.retryAfterMs : null;
      const failure = failureOf(error, "Agent.Unavailable");
      return { type: "fail", stepId, part: null, attempt, failure, retryAfterMs };
    }
  }

  /** Only executions of a batch are many at once. */
  #isListed({ batchId }: ExecutionState, { approvers }: Pick<Asking, "approvers">): boolean {
    if (batchId === null) return false;
    return !this.#context.quota.take({ batchId, owner: approvers[0]?.reference ?? "" });
  }

  async #runNotice(): Promise<Rest> {
    const { notice } = this.#state();
    if (notice === null) return null;
    const result = await performEffect(this.#context, { effect: notice, attempt: 1, isSenderLost: false });
    return { type: "settle_notice", result };
  }
}

function noted(owed: Owed, told: Told): Command {
  if (told.kind === "refused")
    return { type: "end_outside", end: { status: "failed", failure: told.failure, stateName: null } };
  const late = told.kind === "late";
  switch (owed.kind) {
    case "start":
      return { type: "note_service", what: "start", name: late ? owed.name : told.name, redrives: owed.redrives };
    case "stop":
      return { type: "note_service", what: "stop", name: owed.name, redrives: 0 };
    case "answer":
    case "fail":
      return { type: "note_answered", token: owed.token, late };
    default:
      return owed satisfies never;
  }
}

function nameOf({ stepId, part }: Of): string {
  return part === null ? stepId : `${stepId}/${part}`;
}

/** Rejects with what is no failure of the action's. */
function failed(of: Of, attempt: number, error: unknown): Command {
  if (!(error instanceof FailureError)) throw error;
  const { failure, retryAfterMs, usage } = error;
  return { type: "fail", ...of, attempt, failure, retryAfterMs, ...(usage === null ? {} : { usage }) };
}

/** Of the step, of one of its items, or of what takes it back; null: it has no action. */
function actionCall(state: ExecutionState, of: Of, step: Step, attempt: number): ActionCall | null {
  const parameters = workAt(state, of)?.parameters ?? {};
  if (of.part === "compensation") {
    const action = "compensate" in step ? step.compensate : null;
    if (action === null) return null;
    const outputs = compensationOutputs(state, of.stepId);
    return { state, of, action, timeoutMs: step.timeout_ms, parameters, outputs, attempt };
  }
  if (step.kind !== "agent") return null;
  const outputs = stepOutputs(state, of.stepId);
  return { state, of, action: step, timeoutMs: step.timeout_ms, parameters, outputs, attempt };
}
