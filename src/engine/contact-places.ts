/**
 * How often a person, or people about a customer, have been reached in the last seven days: a place under a key for each effect.
 * The key's record is changed by a condition on its revision (D2), so no two processes give the last place away.
 *
 * - N1. A place is taken under the effect's key, before it is sent: it is counted once, whatever crashes or is tried again (E2).
 * - N2. Whatever may have gone out counts. An effect that certainly didn't, and won't, counts for nothing: that is looked up in its
 *   log, and only where a limit is reached, so nobody has to give a place back.
 */
import type { Slots } from "../flow/record.ts";
import type { EngineContext, RunningContext } from "./context.ts";
import { findEffect } from "./decide/effects.ts";
import { hasEnded } from "./readiness.ts";
import { storedExecution } from "./stored-execution.ts";

const windowMs = 7 * 86_400_000;
/** A later attempt, by a redrive, counts from then on. */
const renewedAfterMs = 3_600_000;
const mostRemembered = 10_000;

export interface Wanted {
  key: string;
  limit: number;
}

export interface Contact {
  executionId: string;
  /** The effect's key. */
  effect: string;
}

type Holder = Slots["holders"][number];

export class ContactPlaces {
  readonly #context: Pick<EngineContext, "store" | "clock"> & Pick<RunningContext, "definitions">;
  /** Keys of effects that have gone out for sure. */
  readonly #gone = new Set<string>();

  constructor(context: Pick<EngineContext, "store" | "clock"> & Pick<RunningContext, "definitions">) {
    this.#context = context;
  }

  /** The first whose limit is reached; null: all have a place for it. Whoever is over one limit takes none of the others. */
  async take(wanted: readonly Wanted[], contact: Contact): Promise<Wanted | null> {
    const known = await Promise.all(wanted.map(async (one) => ({ one, slots: await this.#read(one.key) })));
    for (const { one, slots } of known) if ((await this.#with(one, slots, contact)) === "full") return one;
    for (const { one, slots } of known) if (!(await this.#takeOne(one, slots, contact))) return one;
    return null;
  }

  async #takeOne(wanted: Wanted, first: Slots, contact: Contact): Promise<boolean> {
    for (let slots = first; ; slots = await this.#read(wanted.key)) {
      const holders = await this.#with(wanted, slots, contact);
      if (holders === "held") return true;
      if (holders === "full") return false;
      const next = { key: wanted.key, holders, queue: [], revision: slots.revision + 1 };
      if (await this.#context.store.putSlots({ slots: next })) return true;
    }
  }

  /** Who holds a place once this one does; `held`: it does already. */
  async #with({ limit }: Wanted, { holders }: Slots, contact: Contact): Promise<Holder[] | "held" | "full"> {
    const now = this.#context.clock.now();
    const recent = holders.filter(({ since }) => since > now - windowMs);
    const own = recent.find(({ effect }) => effect === contact.effect);
    if (own !== undefined && own.since > now - renewedAfterMs) return "held";
    const others = recent.filter((holder) => holder !== own);
    const counted = own === undefined && others.length >= limit ? await this.#counted(others) : others;
    if (own === undefined && counted.length >= limit) return "full";
    return [...counted, { execution_id: contact.executionId, effect: contact.effect, since: now }];
  }

  /** N2. */
  async #counted(holders: Holder[]): Promise<Holder[]> {
    const counts = await Promise.all(holders.map((holder) => this.#counts(holder)));
    return holders.filter((_holder, index) => counts[index] === true);
  }

  async #counts({ execution_id: executionId, effect: key }: Holder): Promise<boolean> {
    if (key === undefined || this.#gone.has(key)) return true;
    const { store, definitions } = this.#context;
    const header = await store.getHeader({ executionId });
    const state = header === null ? null : await storedExecution({ store, definitions, header });
    const found = state === null ? null : findEffect(state, key);
    // Its log is gone, or it has gone on to another generation.
    if (state === null || found === null) return true;
    const { status } = found.effect.state;
    if (status === "performed") this.#remember(key);
    if (status === "held") return false;
    return (status !== "failed" && status !== "planned") || (state.status === "running" && !hasEnded(found.work));
  }

  #remember(key: string): void {
    if (this.#gone.size >= mostRemembered) this.#gone.clear();
    this.#gone.add(key);
  }

  async #read(key: string): Promise<Slots> {
    return (await this.#context.store.getSlots({ key })) ?? { key, holders: [], queue: [], revision: 0 };
  }
}
