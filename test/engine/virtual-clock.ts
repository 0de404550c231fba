import type { Clock, Randomness } from "../../src/flow/clock.ts";

/** Time moves only when the test says so. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ at: number; run: () => void }>();

  constructor(start = Date.parse("2026-11-23T08:00:00Z")) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  at(at: number, run: () => void): () => void {
    const timer = { at, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
    for (const timer of [...this.#timers].filter((one) => one.at <= this.#now)) {
      if (this.#timers.delete(timer)) timer.run();
    }
  }

  /** As a machine's clock does that was wrong. */
  putBack(at: number): void {
    this.#now = Math.min(this.#now, at);
  }
}

/** The same numbers in every run (a linear congruential generator). */
export function seededRandomness(seed = 1): Randomness {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    fraction: next,
    hex: (bytes) => Array.from({ length: bytes * 2 }, () => Math.floor(next() * 16).toString(16)).join(""),
  };
}
