/** The app's clock over a source of time: the system's, or the sandbox's, which its page may move forward. */
import { randomBytes } from "node:crypto";
import type { RealTime } from "../engine/context.ts";
import type { Clock, Randomness } from "../flow/clock.ts";

/** setTimeout holds no more; longer waits are cut into pieces. */
const longestTimeoutMs = 2 ** 31 - 1;

export class AppClock implements Clock {
  readonly #timers = new Set<{ at: number; run: () => void }>();
  readonly #source: { now(): number };
  #timeout: NodeJS.Timeout | null = null;

  constructor(source: { now(): number }) {
    this.#source = source;
  }

  now(): number {
    return this.#source.now();
  }

  at(at: number, run: () => void): () => void {
    const timer = { at, run };
    this.#timers.add(timer);
    this.#arm();
    return () => this.#timers.delete(timer);
  }

  /** Runs what is due, earliest first; called when the source was moved. */
  ring(): void {
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
    this.#timeout = setTimeout(() => this.ring(), wait);
    this.#timeout.unref();
  }
}

export const systemTime = { now: () => Date.now() };

export const systemRealTime: RealTime = {
  now: systemTime.now,
  deadline: (ms) => {
    const controller = new AbortController();
    const passed = () => controller.abort(new DOMException(`${ms} ms have passed.`, "TimeoutError"));
    const timeout = setTimeout(passed, ms).unref();
    return { signal: controller.signal, clear: () => clearTimeout(timeout) };
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export const systemRandomness: Randomness = {
  fraction: () => {
    const from = drawn(4);
    return pool.readUInt32BE(from) / 2 ** 32;
  },
  hex: (bytes) => {
    const from = drawn(bytes);
    return pool.toString("hex", from, from + bytes);
  },
};

/** Asking the system for each few bytes costs more than using them. */
const poolBytes = 4_096;
let pool = Buffer.alloc(0);
let used = 0;

/** Where in the pool they stand; each is given once. */
function drawn(bytes: number): number {
  if (used + bytes > pool.length) {
    pool = randomBytes(Math.max(poolBytes, bytes));
    used = 0;
  }
  const from = used;
  used += bytes;
  return from;
}
