/** When parked executions want to be looked at again: one timer for all, a heap with late deletion. */
export class WakeQueue {
  readonly #heap: { at: number; id: string }[] = [];
  /** What counts; entries of the heap that differ are stale. */
  readonly #current = new Map<string, number>();

  set(id: string, at: number | null): void {
    if (at === null) {
      this.#current.delete(id);
      return;
    }
    if (this.#current.get(id) === at) return;
    this.#current.set(id, at);
    this.#heap.push({ at, id });
    this.#rise(this.#heap.length - 1);
  }

  next(): number | null {
    this.#dropStale();
    return this.#heap[0]?.at ?? null;
  }

  /** Takes out all that are due at `now`, earliest first. */
  take(now: number): string[] {
    const ids: string[] = [];
    for (let at = this.next(); at !== null && at <= now; at = this.next()) {
      const id = this.#heap[0]?.id ?? "";
      this.#current.delete(id);
      ids.push(id);
    }
    return ids;
  }

  #dropStale(): void {
    for (let top = this.#heap[0]; top !== undefined && this.#current.get(top.id) !== top.at; top = this.#heap[0]) {
      const last = this.#heap.pop();
      if (last === undefined || this.#heap.length === 0) return;
      this.#heap[0] = last;
      this.#sink(0);
    }
  }

  #at(index: number): number {
    return this.#heap[index]?.at ?? Infinity;
  }

  #swap(one: number, other: number): void {
    const [left, right] = [this.#heap[one], this.#heap[other]];
    if (left === undefined || right === undefined) return;
    this.#heap[one] = right;
    this.#heap[other] = left;
  }

  #rise(from: number): void {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent) <= this.#at(index)) return;
      this.#swap(parent, index);
      index = parent;
    }
  }

  #sink(from: number): void {
    for (let index = from; ;) {
      const left = 2 * index + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= this.#at(index)) return;
      this.#swap(child, index);
      index = child;
    }
  }
}
