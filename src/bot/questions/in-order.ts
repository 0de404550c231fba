/** Questions of one thread, one after another in the order in which they came; those of other threads don't wait for them. */

/** More at once is somebody who doesn't read the answers. */
const mostWaiting = 5;

export class InOrder {
  readonly #lanes = new Map<string, { tail: Promise<void>; waiting: number }>();

  /** False: too many wait in this lane, and this one is not taken. What `work` throws is its caller's alone. */
  async run(lane: string, work: () => Promise<void>): Promise<boolean> {
    const before = this.#lanes.get(lane) ?? { tail: Promise.resolve(), waiting: 0 };
    if (before.waiting >= mostWaiting) return false;
    before.waiting += 1;
    const done = before.tail.then(work);
    before.tail = done.catch(() => {});
    this.#lanes.set(lane, before);
    try {
      await done;
    } finally {
      before.waiting -= 1;
      if (before.waiting === 0) this.#lanes.delete(lane);
    }
    return true;
  }
}
