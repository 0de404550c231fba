/** What is being answered just now, so that a stop can let it end (F2). */

export class InFlight {
  readonly #running = new Set<Promise<void>>();

  async track(work: () => Promise<void>): Promise<void> {
    const running = work();
    this.#running.add(running);
    try {
      await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Resolves when what runs now has ended, well or not; what begins later isn't waited for. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}
