/**
 * Retention: what ended long ago is deleted, executions and batches after one time, the audit after a time of its own (T4).
 *
 * - R1. Never an open execution; that is the store's condition, in the same write.
 * - R2. At most once an hour by the clock, wherever that is moved to, and not in the first minutes of a process.
 * - R3. In small portions with a pause between them, beside the ticks: nothing waits for it.
 */
import type { RunningContext } from "./context.ts";

/** How long what is over is kept; milliseconds. */
export interface RetentionTimes {
  /** After its end; a batch, after its start. */
  executionsMs: number;
  auditMs: number;
}

const dayMs = 86_400_000;
export const defaultRetention: RetentionTimes = { executionsMs: 90 * dayMs, auditMs: 730 * dayMs };

const hourMs = 3_600_000;
const firstMs = 300_000;
const portion = 200;
const pauseMs = 50;

export class Retention {
  readonly #context: RunningContext;
  readonly #hooks: { isStopping: () => boolean; onQuiet: () => void };
  /** By the clock: of the last sweep; before the first, of the start. */
  #since: { at: number; waitMs: number };
  #sweeping: Promise<void> | null = null;

  constructor(context: RunningContext, hooks: { isStopping: () => boolean; onQuiet: () => void }) {
    this.#context = context;
    this.#hooks = hooks;
    this.#since = { at: context.clock.now(), waitMs: firstMs };
  }

  get isBusy(): boolean {
    return this.#sweeping !== null;
  }

  /** Begins a sweep if one is due. */
  tick(): void {
    const now = this.#context.clock.now();
    // A clock that was put back must not end the sweeping.
    if (this.#sweeping !== null || Math.abs(now - this.#since.at) < this.#since.waitMs) return;
    this.#since = { at: now, waitMs: hourMs };
    this.#sweeping = this.#sweep(now)
      .catch((error: unknown) => this.#context.logger.warn({ err: error }, "what has expired could not be removed"))
      .finally(() => {
        this.#sweeping = null;
        this.#hooks.onQuiet();
      });
  }

  async #sweep(now: number): Promise<void> {
    const { store, retention, realTime, logger } = this.#context;
    const expired = { endedBefore: now - retention.executionsMs, auditBefore: now - retention.auditMs };
    const total = { executions: 0, batches: 0, audit: 0 };
    while (!this.#hooks.isStopping()) {
      const removed = await store.removeExpired({ ...expired, limit: portion });
      total.executions += removed.executions;
      total.batches += removed.batches;
      total.audit += removed.audit;
      if (Math.max(removed.executions, removed.batches, removed.audit) < portion) break;
      await realTime.pause(pauseMs);
    }
    if (total.executions + total.batches + total.audit > 0) logger.info(total, "what has expired was removed");
  }
}
