/**
 * Where started executions wait to be driven: thousands may be started at once, and what is driven costs memory, what waits
 * here only its first state.
 *
 * - N1. Whoever asks for one that waits gets it at once (`take`).
 * - N2. Nobody waits for slow ones: from time to time as many more are let in, whatever those inside wait for.
 */
import type { RealTime } from "./context.ts";

const patienceMs = 1_000;

export class Entrance<T> {
  readonly #width: number;
  readonly #realTime: RealTime;
  readonly #enter: (waiting: T) => void;
  readonly #inside = new Set<string>();
  readonly #waiting = new Map<string, T>();
  #isPatient = false;

  constructor(parameters: { width: number; realTime: RealTime; enter: (waiting: T) => void }) {
    this.#width = parameters.width;
    this.#realTime = parameters.realTime;
    this.#enter = parameters.enter;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** True: it may go in now. False: it waits, and `enter` is called in its turn. */
  admit(id: string, waiting: T): boolean {
    if (this.#waiting.size === 0 && this.#inside.size < this.#width) {
      this.#inside.add(id);
      return true;
    }
    this.#waiting.set(id, waiting);
    void this.#outlast();
    return false;
  }

  /** N1. Null: it doesn't wait here. */
  take(id: string): T | null {
    const waiting = this.#waiting.get(id) ?? null;
    this.#waiting.delete(id);
    return waiting;
  }

  leave(id: string): void {
    if (this.#inside.delete(id)) this.#letIn();
  }

  #letIn(): void {
    for (const [id, waiting] of this.#waiting) {
      if (this.#inside.size >= this.#width) return;
      this.#waiting.delete(id);
      this.#inside.add(id);
      this.#enter(waiting);
    }
  }

  /** N2. */
  async #outlast(): Promise<void> {
    if (this.#isPatient) return;
    this.#isPatient = true;
    while (this.#waiting.size > 0) {
      await this.#realTime.pause(patienceMs);
      this.#inside.clear();
      this.#letIn();
    }
    this.#isPatient = false;
  }
}
