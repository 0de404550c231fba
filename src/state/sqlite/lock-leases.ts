/**
 * Leases as locks that the operating system releases (D5): `PATH.leases/OWNER.lock` is a small SQLite file that its owner
 * holds in an exclusive transaction, so a killed process's lease falls at once, without clocks and heartbeats.
 *
 * - L1. Gone is who cannot be holding the lock: the file is missing, or can be read. Askers share their read lock, so they
 *   never take each other for the owner; only a sweep may, for an instant, and the next question is answered rightly.
 * - L2. A lock file is removed only under its own exclusive lock; an owner looks again from outside after locking, so no
 *   sweep can leave it with a lock on a removed file.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { checkOwner, type Leases } from "../leases.ts";
import { type Lease, StoreUnavailableError } from "../state-store.ts";
import { explain, isBusy } from "./unavailable.ts";

const suffix = ".lock";
/** An owner waits for a sweep that has just found its new file; more often than this it is no sweep. */
const lockAttempts = 3;
const lockTimeoutMs = 100;

export class LockLeases implements Leases {
  readonly #folder: string;
  readonly #held = new Map<string, DatabaseSync>();

  /** `path` is the store's own, resolved: two spellings of it must not make two folders. */
  constructor({ path }: { path: string }) {
    this.#folder = `${path}.leases`;
  }

  open(owner: string): Lease {
    checkOwner(owner);
    if (this.#held.has(owner)) throw new RangeError(`The lease of ${owner} is already held.`);
    this.#createFolder();
    const lock = this.#lock(owner);
    this.#held.set(owner, lock);
    this.#sweep();
    return {
      owner,
      expiresAt: () => Infinity,
      release: async () => this.#release({ owner, lock }),
    };
  }

  isGone(owner: string): boolean {
    checkOwner(owner);
    return !this.#held.has(owner) && !isLocked(this.#file(owner));
  }

  close(): void {
    for (const [owner, lock] of this.#held) this.#release({ owner, lock });
  }

  #lock(owner: string): DatabaseSync {
    const path = this.#file(owner);
    for (let attempt = 1; attempt <= lockAttempts; attempt += 1) {
      const lock = tryLock({ path, timeoutMs: lockTimeoutMs });
      if (lock === null) continue;
      if (isLocked(path)) return lock;
      lock.close();
    }
    throw new StoreUnavailableError(`Another process holds the lease ${path}. Give each process an owner of its own.`);
  }

  /** A lease that was released before must not take its successor's down. */
  #release({ owner, lock }: { owner: string; lock: DatabaseSync }): void {
    if (this.#held.get(owner) !== lock) return;
    this.#held.delete(owner);
    rmSync(this.#file(owner), { force: true });
    lock.close();
  }

  /** Removes the files that the dead have left. */
  #sweep(): void {
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(suffix) || this.#held.has(name.slice(0, -suffix.length))) continue;
      const path = join(this.#folder, name);
      removeUnlocked(path);
    }
  }

  #createFolder(): void {
    try {
      mkdirSync(this.#folder, { recursive: true });
    } catch (cause) {
      const advice = "Give this user the right to write beside the database.";
      throw new StoreUnavailableError(`The folder ${this.#folder} cannot be created. ${advice}`, { cause });
    }
  }

  #file(owner: string): string {
    return join(this.#folder, `${owner}${suffix}`);
  }
}

/** What stands in the way of tidying up is no reason not to start. */
function removeUnlocked(path: string): void {
  try {
    const lock = existsSync(path) ? tryLock({ path, timeoutMs: 0 }) : null;
    if (lock === null) return;
    rmSync(path, { force: true });
    lock.close();
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
  }
}

/** Null: somebody holds it. */
function tryLock({ path, timeoutMs }: { path: string; timeoutMs: number }): DatabaseSync | null {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(path, { timeout: timeoutMs });
    // Nothing is ever written, so no journal need be left beside the file by a killed process.
    lock.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (isBusy(error)) return null;
    throw explain({ error, path });
  }
}

function isLocked(path: string): boolean {
  let probe: DatabaseSync | null = null;
  try {
    probe = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    probe.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    if (!existsSync(path)) return false;
    throw explain({ error, path });
  } finally {
    probe?.close();
  }
}
