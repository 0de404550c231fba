/** What stops a branch in the middle: a failing sibling, the end of the execution. Goes down, never up. */

/** Thrown where a stopped branch waited; no handler of the machine sees it. */
export class Stopped extends Error {}

export class Cancellation {
  #isStopped = false;
  readonly #listeners = new Set<() => void>();

  readonly #leave: () => void;

  /** `parent`: stopped with it. */
  constructor(parent?: Cancellation) {
    this.#leave = parent === undefined ? () => {} : parent.onStop(() => this.stop());
  }

  /** The parent needs to know of it no more. */
  release(): void {
    this.#leave();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** At once if it is stopped already; returns the way to listen no more. */
  onStop(listener: () => void): () => void {
    if (this.#isStopped) {
      listener();
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  check(): void {
    if (this.#isStopped) throw new Stopped("The branch was stopped.");
  }

  /**
   * A promise that also ends when this is stopped. `arm` gets the two ways to end and gives its clean-up, which runs once
   * however it ends.
   */
  wait<T>(arm: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let cleanUp: (() => void) | null = null;
      let isOver = false;
      const end = (how: () => void) => {
        if (isOver) return;
        isOver = true;
        quiet?.();
        cleanUp?.();
        how();
      };
      const listening = () => end(() => reject(new Stopped("The branch was stopped.")));
      let quiet: (() => void) | null = null;
      quiet = this.onStop(listening);
      if (isOver) return;
      cleanUp = arm(
        (value) => end(() => resolve(value)),
        (error) => end(() => reject(error)),
      );
      // It ended while it was armed.
      if (isOver) cleanUp();
    });
  }
}
