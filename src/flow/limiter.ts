import { Fifo } from "./fifo.ts";

/** At most `width` pieces of work at once; the rest wait in their order. */
export class Limiter {
  #free: number;
  readonly #waiting = new Fifo<() => void>();

  constructor(width: number) {
    this.#free = width;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
