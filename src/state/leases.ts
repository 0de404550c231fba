/** What every store's leases have in common (D5), and those of a store that no other process can see. */
import type { Lease } from "./state-store.ts";

const ownerName = /^[A-Za-z0-9_-]{1,100}$/;

/** Owners name files and keys, so nothing in them may mean anything there. */
export function checkOwner(owner: string): void {
  if (!ownerName.test(owner)) throw new RangeError(`"${owner}" cannot own a lease: use letters, digits, "_" and "-".`);
}

export interface Leases {
  open(owner: string): Lease;
  isGone(owner: string): boolean;
  close(): void;
}

export class LocalLeases implements Leases {
  readonly #held = new Map<string, Lease>();

  open(owner: string): Lease {
    checkOwner(owner);
    if (this.#held.has(owner)) throw new RangeError(`The lease of ${owner} is already held.`);
    const lease = { owner, expiresAt: () => Infinity, release: async () => this.#release(lease) };
    this.#held.set(owner, lease);
    return lease;
  }

  /** A lease that was released before must not take its successor's down. */
  #release(lease: Lease): void {
    if (this.#held.get(lease.owner) === lease) this.#held.delete(lease.owner);
  }

  isGone(owner: string): boolean {
    checkOwner(owner);
    return !this.#held.has(owner);
  }

  close(): void {
    this.#held.clear();
  }
}
