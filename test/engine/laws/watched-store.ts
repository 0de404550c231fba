/** A store that keeps what it was given beside what it would give, and can be told that a living process is gone. */
import type { ExecutionEvent, LogEntry } from "../../../src/flow/event.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import { MemoryStateStore } from "../../../src/state/memory.ts";
import type { Lease } from "../../../src/state/state-store.ts";

type Write = { entry: LogEntry; header?: ExecutionHeader };

export class WatchedStore extends MemoryStateStore {
  /** As they were written, by execution. */
  readonly written = new Map<string, LogEntry[]>();
  /** Of all executions, in the order of the writes. */
  readonly entries: LogEntry[] = [];
  readonly #gone = new Set<string>();
  readonly #leases: { leasesRunOut: boolean; now: () => number };

  constructor(leases: { leasesRunOut: boolean; now: () => number }) {
    super();
    this.#leases = leases;
  }

  override async create(write: Parameters<MemoryStateStore["create"]>[0]): Promise<boolean> {
    return this.#note(write, await super.create(write));
  }

  override async append(write: Parameters<MemoryStateStore["append"]>[0]): Promise<boolean> {
    return this.#note(write, await super.append(write));
  }

  #note({ entry }: Write, isWritten: boolean): boolean {
    if (!isWritten) return false;
    const copy = structuredClone(entry);
    this.entries.push(copy);
    this.written.set(entry.execution_id, [...(this.written.get(entry.execution_id) ?? []), copy]);
    return true;
  }

  eventsOf(executionId: string): ExecutionEvent[] {
    return (this.written.get(executionId) ?? []).flatMap(({ events }) => events);
  }

  takeForGone(owner: string): void {
    this.#gone.add(owner);
  }

  isTakenForGone(owner: string): boolean {
    return this.#gone.has(owner);
  }

  override async isGone({ owner }: { owner: string }): Promise<boolean> {
    return this.#gone.has(owner) || super.isGone({ owner });
  }

  /** E2: a process whose time has run out knows it, on a clock that counts suspension. */
  override async openLease({ owner }: { owner: string }): Promise<Lease> {
    const lease = await super.openLease({ owner });
    if (!this.#leases.leasesRunOut) return lease;
    const left = () => (this.#gone.has(owner) ? -1 : 60_000);
    return { ...lease, owner, expiresAt: () => this.#leases.now() + left() };
  }
}
