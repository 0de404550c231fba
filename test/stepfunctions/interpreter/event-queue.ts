/** Virtual time as a queue of events: time jumps to the next one that is due, never waits. */
import type { Clock } from "../../../src/flow/clock.ts";

interface Entry {
  at: number;
  /** Of two at one instant the one that was armed first runs first. */
  order: number;
  run: (() => void) | null;
}

export class EventQueue implements Clock {
  #now: number;
  #order = 0;
  /** A binary heap, the next one first. */
  readonly #heap: Entry[] = [];

  constructor(startAt = Date.parse("2026-11-23T08:00:00Z")) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  at(at: number, run: () => void): () => void {
    const entry: Entry = { at: Math.max(at, this.#now), order: this.#order++, run };
    if (at === Infinity) return () => {};
    this.#push(entry);
    return () => {
      entry.run = null;
    };
  }

  /** The instant of the next event; null where nothing is armed. */
  next(): number | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.run !== null) return first.at;
      this.#pop();
    }
    return null;
  }

  /** Moves to the next event and runs it; false where nothing is armed. */
  runNext(): boolean {
    if (this.next() === null) return false;
    const entry = this.#pop();
    this.#now = Math.max(this.#now, entry.at);
    const { run } = entry;
    entry.run = null;
    run?.();
    return true;
  }

  /** Time passes with nothing due in between. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  #pop(): Entry {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error("Nothing is armed.");
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = heap[2 * place + 1];
      const right = heap[2 * place + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(last, child)) break;
      heap[place] = child;
      place = 2 * place + (child === right ? 2 : 1);
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
