/**
 * What one execution has under way outside: attempts, effects, askings, the failure notice. Each ends in a command.
 * Nothing here is a record; after a crash the log says what to look at again (V3).
 */
import type { ExecutionState, StepEffect } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import { ask } from "./ask.ts";
import type { Asking, Command } from "./command.ts";
import type { RunningContext } from "./context.ts";
import { hasActiveAttempt } from "./decide.ts";
import { invokeAction } from "./invoke.ts";
import { failureOf } from "./look.ts";
import { performEffect } from "./perform.ts";
import { persevere } from "./persevere.ts";
import { stepDefinition, stepState } from "./readiness.ts";
import { stepOutputs } from "./roots.ts";

export class AttemptRunner {
  readonly #context: RunningContext;
  readonly #state: () => ExecutionState;
  readonly #submit: (command: Command) => Promise<ExecutionState>;
  readonly #onQuiet: () => void;
  readonly #isStopping: () => boolean;
  readonly #underWay = new Set<string>();

  constructor(parameters: {
    context: RunningContext;
    state: () => ExecutionState;
    submit: (command: Command) => Promise<ExecutionState>;
    onQuiet: () => void;
    isStopping: () => boolean;
  }) {
    this.#context = parameters.context;
    this.#state = parameters.state;
    this.#submit = (command) =>
      persevere(parameters.context, {
        about: `${command.type} of ${parameters.state().executionId}`,
        isStopping: parameters.isStopping,
        record: () => parameters.submit(command),
      });
    this.#onQuiet = parameters.onQuiet;
    this.#isStopping = parameters.isStopping;
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  isUnderWay(stepId: string): boolean {
    return this.#underWay.has(stepId);
  }

  attempt(stepId: string): void {
    this.#start(stepId, () => this.#runAttempt(stepId));
  }

  ask(stepId: string, onEnd: () => void): void {
    // Nothing of it is recorded yet, so the next process asks; an attempt is, and runs even if the stop came in between (F2).
    if (this.#isStopping()) return;
    this.#start(stepId, () => this.#runAsking(stepId).finally(onEnd));
  }

  notice(): void {
    this.#start("#notice", () => this.#runNotice());
  }

  #start(name: string, work: () => Promise<void>): void {
    if (this.#underWay.has(name)) return;
    this.#underWay.add(name);
    void this.#context.limiter
      .run(work)
      .catch((error: unknown) => this.#context.logger.error({ err: error, name }, "an attempt could not be recorded"))
      .finally(() => {
        this.#underWay.delete(name);
        // A retry or a second generation may have been recorded while this one was still leaving.
        const step = this.#state().steps[name];
        if (step !== undefined && hasActiveAttempt(step)) this.attempt(name);
        else this.#onQuiet();
      });
  }

  async #runAttempt(stepId: string): Promise<void> {
    const step = stepState(this.#state(), stepId);
    const attempt = step.attempts.at(-1)?.number ?? 1;
    const effects = step.effects ?? (await this.#invoke(stepId, attempt));
    const open = effects.filter(({ state }) => state.status === "planned" || state.status === "begun");
    await Promise.all(
      open.map(async (effect) => {
        const result = await performEffect(this.#context, { effect, attempt });
        await this.#submit({ type: "settle_effect", stepId, attempt, key: effect.key, result });
      }),
    );
  }

  /** The effects that were planned; none where the action has answered, failed or plans nothing. */
  async #invoke(stepId: string, attempt: number): Promise<readonly StepEffect[]> {
    const state = this.#state();
    const step = stepDefinition(state, stepId);
    if (step.kind !== "agent") return [];
    const parameters = stepState(state, stepId).parameters ?? {};
    try {
      const outputs = stepOutputs(state, stepId);
      const { output, effects } = await invokeAction(this.#context, { state, step, parameters, outputs, attempt });
      if (effects.length === 0) {
        await this.#submit({ type: "answer", stepId, attempt, output });
        return [];
      }
      const after = await this.#submit({ type: "plan_effects", stepId, attempt, output, effects });
      return stepState(after, stepId).effects ?? [];
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      await this.#submit({ type: "fail", stepId, attempt, failure: error.failure, retryAfterMs: error.retryAfterMs });
      return [];
    }
  }

  async #runAsking(stepId: string): Promise<void> {
    const state = this.#state();
    const step = stepDefinition(state, stepId);
    if (step.kind !== "approval") return;
    try {
      const asking = await ask(this.#context, state, step);
      await this.#submit({
        type: "ask_approval",
        stepId,
        asking: { ...asking, listed: this.#isListed(state, asking) },
      });
    } catch (error) {
      const attempt = stepState(state, stepId).attempts.length + 1;
      const retryAfterMs = error instanceof FailureError ? error.retryAfterMs : null;
      await this.#submit({
        type: "fail",
        stepId,
        attempt,
        failure: failureOf(error, "Agent.Unavailable"),
        retryAfterMs,
      });
    }
  }

  /** Only executions of a batch are many at once. */
  #isListed({ batchId }: ExecutionState, { approvers }: Pick<Asking, "approvers">): boolean {
    if (batchId === null) return false;
    return !this.#context.quota.take({ batchId, owner: approvers[0]?.reference ?? "" });
  }

  async #runNotice(): Promise<void> {
    const { notice } = this.#state();
    if (notice === null) return;
    const result = await performEffect(this.#context, { effect: notice, attempt: 1 });
    await this.#submit({ type: "settle_notice", result });
  }
}
