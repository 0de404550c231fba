/**
 * When a failed state is tried again. https://states-language.net/spec.html, "Retrier": each retrier counts for itself, the
 * first that names the error speaks, and one that is spent passes on to no other.
 */
import { matches } from "./failure.ts";
import type { Retrier } from "./machine.ts";

export class RetryBook {
  readonly #retriers: readonly Retrier[];
  readonly #used: number[];

  constructor(retriers: readonly Retrier[] = []) {
    this.#retriers = retriers;
    this.#used = retriers.map(() => 0);
  }

  /** Milliseconds until the next try; null: none. */
  next(error: string, fraction: () => number): number | null {
    const index = this.#retriers.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
    const retrier = this.#retriers[index];
    if (retrier === undefined) return null;
    const used = this.#used[index] ?? 0;
    if (used >= (retrier.MaxAttempts ?? 3)) return null;
    this.#used[index] = used + 1;
    return delayMs(retrier, used, fraction);
  }
}

function delayMs(retrier: Retrier, retriesBefore: number, fraction: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, JitterStrategy = "NONE" } = retrier;
  const seconds = Math.min(IntervalSeconds * BackoffRate ** retriesBefore, MaxDelaySeconds);
  return Math.round(1000 * (JitterStrategy === "FULL" ? seconds * fraction() : seconds));
}
