/**
 * How often a person, or people about a customer, have been reached in the last seven days: a place under a key for each effect.
 * The key's record is changed by a condition on its revision (D2), so no two processes give the last place away.
 *
 * - N1. A place is taken under the effect's key, before it is sent: it is counted once, whatever crashes or is tried again (E2).
 * - N2. Whatever may have gone out counts. An effect that certainly didn't, and won't, counts for nothing: that is looked up in its
 *   log, and only where a limit is reached, so nobody has to give a place back.
 * - N3. Those that ask at the same time share a write.
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

interface Request {
  wanted: Wanted;
  contact: Contact;
  answer: PromiseWithResolvers<boolean>;
}

type Holder = Slots["holders"][number];

export class ContactPlaces {
  readonly #context: Pick<EngineContext, "store" | "clock"> & Pick<RunningContext, "definitions">;
  /** By place's key; one that is there is being served. */
  readonly #asked = new Map<string, Request[]>();
  /** Keys of effects that have gone out for sure. */
  readonly #gone = new Set<string>();

  constructor(context: Pick<EngineContext, "store" | "clock"> & Pick<RunningContext, "definitions">) {
    this.#context = context;
  }

  /** The first whose limit is reached; null: all have a place for it. */
  async take(wanted: readonly Wanted[], contact: Contact): Promise<Wanted | null> {
    // Whoever is over one limit shouldn't stand in others' way under the next, not even for a moment.
    if (wanted.length > 1) {
      const full = await Promise.all(wanted.map((one) => this.#isFull(one, contact)));
      const first = wanted.find((_one, index) => full[index] === true);
      if (first !== undefined) return first;
    }
    for (const one of wanted) if (!(await this.#takeOne(one, contact))) return one;
    return null;
  }

  async #isFull({ key, limit }: Wanted, contact: Contact): Promise<boolean> {
    const { holders } = await this.#read(key);
    return (await this.#with(holders, limit, contact)) === "full";
  }

  #takeOne(wanted: Wanted, contact: Contact): Promise<boolean> {
    const answer = Promise.withResolvers<boolean>();
    const request = { wanted, contact, answer };
    const asked = this.#asked.get(wanted.key);
    if (asked !== undefined) asked.push(request);
    else {
      this.#asked.set(wanted.key, [request]);
      void this.#serve(wanted.key);
    }
    return answer.promise;
  }

  /** N3. */
  async #serve(key: string): Promise<void> {
    const asked = this.#asked.get(key) ?? [];
    while (asked.length > 0) {
      let served: Request[] = [];
      try {
        for (let isDone = false; !isDone;) {
          const slots = await this.#read(key);
          served.push(...asked.splice(0));
          isDone = await this.#answer(slots, served);
        }
      } catch (error) {
        served = served.length === 0 ? asked.splice(0) : served;
        for (const { answer } of served) answer.reject(error);
      }
    }
    this.#asked.delete(key);
  }

  /** False: somebody else was first. */
  async #answer(slots: Slots, requests: readonly Request[]): Promise<boolean> {
    let { holders } = slots;
    const answers: boolean[] = [];
    for (const { wanted, contact } of requests) {
      const next = await this.#with(holders, wanted.limit, contact);
      answers.push(next !== "full");
      if (typeof next !== "string") holders = next;
    }
    const { key, revision } = slots;
    const isSame = holders === slots.holders;
    if (
      !isSame &&
      !(await this.#context.store.putSlots({ slots: { key, holders, queue: [], revision: revision + 1 } }))
    )
      return false;
    for (const [index, { answer }] of requests.entries()) answer.resolve(answers[index] === true);
    return true;
  }

  /** Who holds a place once this one does; `held`: it does already. */
  async #with(holders: Holder[], limit: number, contact: Contact): Promise<Holder[] | "held" | "full"> {
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
