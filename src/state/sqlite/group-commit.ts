/**
 * Group commit: what is asked for in one turn of the event loop becomes one transaction, so one fsync.
 *
 * Job: run the writes in the order they were asked for; resolve each with its own answer, after COMMIT (S1).
 * Non-job: what a write says. It may run more than once, so it does nothing but statements.
 *
 * - G1. A write that cannot be written (a value SQLite refuses) rejects alone: the group runs again without it.
 * - G2. When the file refuses (full, failing, locked for good) every write of the group rejects. A rejection is no proof of
 *   absence (a disk may fail behind the commit): who sees one reads before acting.
 * - G3. BEGIN IMMEDIATE takes the only lock there is before anything is read, so processes queue and never deadlock.
 */
import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../state-store.ts";
import { busyAttempts } from "./database.ts";
import { explain, isBusy } from "./unavailable.ts";

interface Write {
  run: () => void;
  settle: () => void;
  reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #path: string;
  #queue: Write[] = [];
  #scheduled = false;
  #busy = 0;
  #idle: (() => void)[] = [];

  constructor({ database, path }: { database: DatabaseSync; path: string }) {
    this.#database = database;
    this.#path = path;
  }

  write<T>(statements: () => T): Promise<T> {
    return this.prepared(() => statements);
  }

  /** `prepare` is called at once and gives the statements; what it throws is the write's rejection. */
  prepared<T>(prepare: () => () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const statements = prepare();
      let answer: { value: T };
      this.#queue.push({
        run: () => {
          answer = { value: statements() };
        },
        settle: () => resolve(answer.value),
        reject,
      });
      this.#schedule();
    });
  }

  /** Resolves when every write asked for so far has been answered. */
  idle(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commit();
    });
  }

  #commit(): void {
    const group = this.#queue;
    this.#queue = [];
    try {
      const written = this.#transact(group);
      this.#busy = 0;
      for (const write of written) write.settle();
    } catch (error) {
      if (this.#waitsForLock({ error, group })) return;
      for (const write of group) write.reject(explain({ error, path: this.#path }));
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Between two attempts the event loop turns, so that a slow neighbour doesn't silence this process. */
  #waitsForLock({ error, group }: { error: unknown; group: Write[] }): boolean {
    this.#busy += 1;
    if (!isBusy(error) || this.#busy >= busyAttempts) {
      this.#busy = 0;
      return false;
    }
    this.#queue = group;
    this.#schedule();
    return true;
  }

  /** Returns the writes that are now on the disk; those that could not be written have been rejected (G1). */
  #transact(group: Write[]): Write[] {
    let writes = group;
    for (;;) {
      if (writes.length === 0) return writes;
      const refused = this.#attempt(writes);
      if (refused === null) return writes;
      writes = writes.filter((write) => write !== refused);
    }
  }

  /** Null: committed. A write: it alone is to blame, it has been rejected and nothing is written yet. */
  #attempt(writes: Write[]): Write | null {
    this.#database.exec("BEGIN IMMEDIATE");
    let current: Write | null = null;
    try {
      for (current of writes) current.run();
      current = null;
      this.#database.exec("COMMIT");
      return null;
    } catch (error) {
      // A full disk has already rolled back.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      if (current === null || isBusy(error) || explain({ error, path: this.#path }) instanceof StoreUnavailableError) {
        throw error;
      }
      current.reject(error);
      return current;
    }
  }
}
