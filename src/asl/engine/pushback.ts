/**
 * What the service says to all of us at once: it is throttled, or away. Then nothing is asked of it until an instant that is drawn
 * (exponential, full jitter, never before its Retry-After), and whoever comes meanwhile is told until when (F1).
 */
import type { Clock, Randomness } from "../../flow/clock.ts";
import { FailureError, type Failure } from "../../flow/failure.ts";
import { defaultRetry, retryDelayMs } from "../../engine/backoff.ts";

const policy = { ...defaultRetry, max_attempts: Infinity };

export class Pushback {
  readonly #clock: Pick<Clock, "now">;
  readonly #randomness: Pick<Randomness, "fraction">;
  #failed = 0;
  #closed: { failure: Failure; until: number } | null = null;

  constructor(parameters: { clock: Pick<Clock, "now">; randomness: Pick<Randomness, "fraction"> }) {
    this.#clock = parameters.clock;
    this.#randomness = parameters.randomness;
  }

  /** Throws `FailureError` while nothing is to be asked. */
  check(): void {
    if (this.#closed === null) return;
    const { failure, until } = this.#closed;
    const leftMs = until - this.#clock.now();
    if (leftMs > 0) throw new FailureError(failure, { retryAfterMs: leftMs });
  }

  /** The service has answered, whatever it was; to a request from before it pushed back that says nothing. */
  open(): void {
    if (this.#closed !== null && this.#closed.until > this.#clock.now()) return;
    this.#failed = 0;
    this.#closed = null;
  }

  /** Of many that were under way, the first one's word counts: they all met the same. */
  close({ failure, retryAfterMs }: { failure: Failure; retryAfterMs: number | null }): void {
    const now = this.#clock.now();
    if (this.#closed !== null && this.#closed.until > now) return;
    this.#failed += 1;
    const fraction = this.#randomness.fraction();
    const delayMs = retryDelayMs({ policy, failure, failed: this.#failed, retryAfterMs, fraction }) ?? 0;
    this.#closed = { failure, until: now + delayMs };
  }
}
