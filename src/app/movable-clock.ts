/** The app's clock: real time plus an offset that the sandbox's page may move forward. */
import type { Clock, Randomness } from "../flow/clock.ts";
import { randomBytes } from "node:crypto";

/** setTimeout holds no more; longer waits are cut into pieces. */
const longestTimeoutMs = 2 ** 31 - 1;

export class MovableClock implements Clock {
  readonly #timers = new Set<{ at: number; run: () => void }>();
  #offsetMs: number;
  #timeout: NodeJS.Timeout | null = null;

  constructor(offsetMs = 0) {
    this.#offsetMs = offsetMs;
  }

  now(): number {
    return Date.now() + this.#offsetMs;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  at(at: number, run: () => void): () => void {
    const timer = { at, run };
    this.#timers.add(timer);
    this.#arm();
    return () => this.#timers.delete(timer);
  }

  /** Never backwards: what has been recorded stays in the past. */
  moveTo(at: number): void {
    this.#offsetMs += Math.max(0, at - this.now());
    this.#ring();
  }

  #ring(): void {
    const now = this.now();
    const due = [...this.#timers].filter((timer) => timer.at <= now).toSorted((one, other) => one.at - other.at);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.run();
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout = null;
    if (this.#timers.size === 0) return;
    const next = Math.min(...[...this.#timers].map(({ at }) => at));
    const wait = Math.min(longestTimeoutMs, Math.max(0, next - this.now()));
    this.#timeout = setTimeout(() => this.#ring(), wait);
    this.#timeout.unref();
  }
}

export const systemRandomness: Randomness = {
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
  hex: (bytes) => randomBytes(bytes).toString("hex"),
};
