/**
 * Leases as heartbeats (D5): an item for each process, with a counter that it raises every two seconds. No clock is compared
 * with that of another machine.
 *
 * - H1. An owner counts its lease from the moment at which it began the last request that raised the counter, by whichever of
 *   its clocks has gone furthest: time in which the machine or the process stood still counts. It acts on nothing
 *   (`expiresAt` is now) once `holdMs` have passed.
 * - H2. An asker takes an owner for gone when two strong reads found the same count and `goneMs` lie between the end of the
 *   first and the start of the second, by its own clock that goes slowest. The owner had raised it before the first read
 *   ended, so its lease is over: `goneMs` is more than `holdMs`, with a margin for clocks that go at different speeds.
 * - H3. Gone is made true by removing the item on the condition that the count is still that one. An owner that wakes up later
 *   finds its item missing and can never raise it again: its lease is lost for good, and it is told so.
 *   An outage in which nobody removed the item only interrupts a lease: nobody has taken over meanwhile.
 * - H4. What is begun before `expiresAt` and cut off by then is over before anybody else may act (E2).
 *
 * From a process's death to its falling: at most one look (1 s), `goneMs`, and one look more.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { checkOwner } from "../leases.ts";
import { type Lease, StoreUnavailableError } from "../state-store.ts";
import { type Item, type Key, keyItem, number, numberOf, text, textOf } from "./item.ts";
import type { Elapsed, LeaseTime } from "./lease-time.ts";
import type { Requests } from "./requests.ts";

const partition = "leases";
const beatMs = 2_000;
const lookMs = 1_000;
const holdMs = 6_500;
const goneMs = 7_000;
/** What nobody looks after goes by itself. */
const forgottenMs = 7 * 86_400_000;

export interface LeaseEvents {
  /** Another process's lease has fallen: what it drove can be taken over. */
  onFallen?: (owner: string) => void;
  /** This process's own, for good: others may drive what it drove. */
  onLost?: (owner: string) => void;
}

/** A lease of this process, since it was last raised; or another's, since it was first seen at this count. */
interface Counted {
  /** Tells a lease from a later one of the same owner. */
  name: string;
  count: number;
  since: Elapsed;
}

export class HeartbeatLeases {
  readonly #requests: Requests;
  readonly #time: LeaseTime;
  readonly #events: LeaseEvents;
  readonly #held = new Map<string, Counted>();
  readonly #seen = new Map<string, Counted>();
  /** Owners are named anew at each start, so who is gone stays gone. */
  readonly #fallen = new Set<string>();
  #stop: (() => void)[] = [];
  #beating = false;
  #looking = false;

  constructor(options: { requests: Requests; time: LeaseTime; events: LeaseEvents }) {
    this.#requests = options.requests;
    this.#time = options.time;
    this.#events = options.events;
  }

  async open(owner: string): Promise<Lease> {
    checkOwner(owner);
    if (this.#held.has(owner)) throw new RangeError(`The lease of ${owner} is already held.`);
    const held: Counted = { name: this.#requests.newToken(), count: 1, since: this.#time.mark() };
    this.#held.set(owner, held);
    this.#fallen.delete(owner);
    try {
      await this.#create(owner, held);
    } catch (error) {
      this.#held.delete(owner);
      throw error;
    }
    this.#begin();
    const remainingMs = () => (this.#held.get(owner) === held ? Math.max(0, holdMs - held.since.most()) : 0);
    return {
      owner,
      // Whole milliseconds, as timers take no others.
      expiresAt: () => Math.floor(this.#time.now() + remainingMs()),
      release: () => this.#release(owner, held),
    };
  }

  async #create(owner: string, held: Counted): Promise<void> {
    const item = { ...keyItem(keyFor(owner)), ...this.#beatOf(held) };
    if (await this.#requests.put(item, { text: "attribute_not_exists(#pk)" })) return;
    throw new StoreUnavailableError(`Another process holds the lease ${owner}. Give each process an owner of its own.`);
  }

  #beatOf({ name, count }: Counted): Item {
    const ttl = Math.ceil((this.#time.now() + forgottenMs) / 1_000);
    return { lease: text(name), count: number(count), ttl: number(ttl) };
  }

  #begin(): void {
    if (this.#stop.length > 0) return;
    this.#stop = [this.#time.every(beatMs, () => void this.#beat()), this.#time.every(lookMs, () => void this.#look())];
  }

  /** One at a time: a slow answer delays the next, and the lease shrinks meanwhile. */
  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    await Promise.allSettled([...this.#held].map(([owner, held]) => this.#raise(owner, held)));
    this.#beating = false;
  }

  async #raise(owner: string, held: Counted): Promise<void> {
    const since = this.#time.mark();
    held.count += 1;
    const raised = await this.#requests.update({
      key: keyFor(owner),
      set: this.#beatOf(held),
      condition: { text: "#lease = :lease", values: { ":lease": text(held.name) } },
    });
    if (raised !== null) held.since = since;
    else if (this.#held.get(owner) === held) {
      this.#held.delete(owner);
      this.#events.onLost?.(owner);
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const waited = new Map([...this.#seen].map(([owner, { since }]) => [owner, since.least()]));
      const items = await this.#requests.query({ pk: partition });
      await this.#compare({ items, waited });
    } catch {
      // Without an answer nothing is known, and the next look comes in a second.
    } finally {
      this.#looking = false;
    }
  }

  async #compare({ items, waited }: { items: Item[]; waited: ReadonlyMap<string, number> }): Promise<void> {
    const there = new Map(items.map((item) => [ownerOf(item), item]));
    for (const owner of [...this.#seen.keys()].filter((one) => !there.has(one))) this.#fall(owner);
    for (const [owner, item] of there) {
      if (this.#held.has(owner)) continue;
      const seen = this.#seen.get(owner);
      const name = textOf(item, "lease") ?? "";
      const count = numberOf(item, "count") ?? 0;
      if (seen === undefined || seen.name !== name || seen.count !== count)
        this.#seen.set(owner, { name, count, since: this.#time.mark() });
      else if ((waited.get(owner) ?? 0) >= goneMs) await this.#bury(owner, seen);
    }
  }

  /** H3. */
  async #bury(owner: string, { name, count }: Counted): Promise<void> {
    if (await this.#remove(owner, { name, count })) this.#fall(owner);
  }

  #fall(owner: string): void {
    this.#seen.delete(owner);
    this.#fallen.add(owner);
    this.#events.onFallen?.(owner);
  }

  /** True: it is not there any more. `count` left out: whatever it is. */
  async #remove(owner: string, { name, count }: { name: string; count?: number }): Promise<boolean> {
    const values: Record<string, AttributeValue> = {
      ":lease": text(name),
      ...(count === undefined ? {} : { ":count": number(count) }),
    };
    const condition = `#lease = :lease${count === undefined ? "" : " AND #count = :count"}`;
    return this.#requests.remove(keyFor(owner), { text: condition, values });
  }

  async isGone(owner: string): Promise<boolean> {
    checkOwner(owner);
    if (this.#held.has(owner) || this.#seen.has(owner)) return false;
    if (this.#fallen.has(owner)) return true;
    const isGone = (await this.#requests.get(keyFor(owner), ["pk"])) === null;
    if (isGone) this.#fallen.add(owner);
    return isGone;
  }

  /** A lease that was released before must not take its successor's down. */
  async #release(owner: string, held: Counted): Promise<void> {
    if (this.#held.get(owner) !== held) return;
    this.#held.delete(owner);
    await this.#remove(owner, { name: held.name });
  }

  async close(): Promise<void> {
    for (const stop of this.#stop.splice(0)) stop();
    await Promise.allSettled([...this.#held].map(([owner, held]) => this.#release(owner, held)));
  }
}

const keyFor = (owner: string): Key => ({ pk: partition, sk: `lease#${owner}` });

function ownerOf(item: Item): string {
  return (textOf(item, "sk") ?? "").slice("lease#".length);
}
