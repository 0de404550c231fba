/** The server's two clocks: real time, and time that moves when a test says so. */
import type { Clock } from "../../../src/flow/clock.ts";
import { EventQueue } from "../interpreter/event-queue.ts";
import type { Flight } from "../interpreter/flight.ts";
import { drive } from "../interpreter/interpreter.ts";

/** What a timer of Node's takes at most, in milliseconds. */
const longest = 2_147_483_647;

export function realClock(): Clock {
  return {
    now: () => Date.now(),
    at(at, run) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const left = at - Date.now();
        timer = left > longest ? setTimeout(arm, longest) : setTimeout(run, Math.max(0, left));
        timer.unref();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

/** What is due at once happens at once; the rest waits for `advance`. */
export class HeldClock implements Clock {
  readonly #queue: EventQueue;

  constructor(startAt?: number) {
    this.#queue = new EventQueue(startAt);
  }

  now(): number {
    return this.#queue.now();
  }

  at(at: number, run: () => void): () => void {
    if (at > this.now()) return this.#queue.at(at, run);
    const soon = setImmediate(run);
    return () => clearImmediate(soon);
  }

  /** Everything due in so many milliseconds happens, in order; then it is so much later. */
  async advance(ms: number, flight: Flight): Promise<void> {
    const until = this.now() + ms;
    await drive({ queue: this.#queue, flight, until });
    this.#queue.moveTo(until);
    await drive({ queue: this.#queue, flight, until });
  }
}
