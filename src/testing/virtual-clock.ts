/** Time that moves only when it is told to, and randomness that is the same in every run. */
import type { RealTime } from "../engine/context.ts";
import type { Clock, Randomness } from "../flow/clock.ts";

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

/** Pauses take no time and deadlines never come; `isAlive`: those of a dead process never end, but for the grace that it is left. */
export function noTime(clock: Clock, isAlive: () => boolean = () => true): RealTime {
  return {
    now: () => clock.now(),
    deadline: () => ({ signal: new AbortController().signal, clear: () => {} }),
    pause: (ms) => new Promise((resolve) => setImmediate(() => (isAlive() || ms === 0) && resolve())),
  };
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
