/**
 * Work takes turns: at most one piece begins in each turn of the event loop, in the order in which they were asked for, and
 * while more are coming in, only in every few turns. So a crowd is acknowledged before it is served: node accepts one
 * connection a turn, and if all work began at once, turns would be so long that the last press waits longer than Slack does.
 */

/** While others come in; a turn without work is over within a millisecond or two. */
const mostTurnsSkipped = 8;

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isScheduled = false;
  #hasGrown = false;
  #skipped = 0;

  /** Resolves when it is one's turn to begin; how long the work then takes is nobody's affair. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#hasGrown = true;
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#turn();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #turn(): void {
    const othersCome = this.#hasGrown;
    this.#hasGrown = false;
    if (othersCome && this.#skipped < mostTurnsSkipped) {
      this.#skipped += 1;
      return;
    }
    this.#skipped = 0;
    this.#waiting.shift()?.();
  }
}
