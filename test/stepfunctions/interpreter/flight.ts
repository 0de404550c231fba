/** Calls of handlers under way in real time: virtual time stands still until they have come back. */

export class Flight {
  #under = 0;
  #waiting: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#under === 0;
  }

  begin(): void {
    this.#under += 1;
  }

  end(): void {
    this.#under -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** The next time that one has come back. */
  landed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
