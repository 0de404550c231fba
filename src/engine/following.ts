/**
 * Executions that a service drives and has ended without a last word in the log: it timed out, was stopped from outside, or its
 * machine broke. Looked for once in a while, a page at a time. Without a follower nothing is done here.
 */
import type { RunningContext } from "./context.ts";
import type { Executions } from "./executions.ts";

/** Between two looks, by the clock. */
const paceMs = 30_000;
const atOnce = 50;

export class Following {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  #lookedAt: number | null = null;
  #cursor: string | null = null;

  constructor(context: RunningContext, executions: Executions) {
    this.#context = context;
    this.#executions = executions;
  }

  async tick(): Promise<void> {
    const { follower, clock, store } = this.#context;
    const now = clock.now();
    if (follower === undefined || (this.#lookedAt !== null && Math.abs(now - this.#lookedAt) < paceMs)) return;
    this.#lookedAt = now;
    const { items, next } = await store.list({ filter: { status: "running" }, limit: atOnce, cursor: this.#cursor });
    this.#cursor = next;
    for (const { execution_id, driver } of items) if (driver !== undefined) await this.#look(execution_id);
  }

  /** What can't be asked now is asked at a later look. */
  async #look(executionId: string): Promise<void> {
    const { follower, logger } = this.#context;
    try {
      const state = await this.#executions.read(executionId);
      const end = state === null || state.status !== "running" ? null : await follower?.endOf(state);
      if (!end) return;
      await this.#executions.use(executionId, (driver) =>
        driver === null ? Promise.resolve(null) : driver.submit({ type: "end_outside", end }),
      );
    } catch (error) {
      logger.warn({ err: error, execution_id: executionId }, "the service could not be asked; it is asked again");
    }
  }
}
