/**
 * The cards that stand in Slack, kept equal to what the engine wants to be seen.
 *
 * Job: post a wanted card once, edit it in place while its facts change, one request a card at a time, posts of one channel in
 * their order. Non-job: no decision what is wanted.
 *
 * - B1. Where a card stands is recorded by `onPosted` before it is edited.
 * - B2. Changes that come while a request is under way are coalesced: only the newest is shown.
 * - B3. After a restart, or a lost answer, the channel is asked for the key first; only what isn't there is posted (E2).
 */
import { createHash } from "node:crypto";
import type { Card } from "../flow/card.ts";
import { FailureError, isRetryable } from "../flow/failure.ts";
import { canonicalJson, type Json } from "../flow/json.ts";
import { DoubtError, type CardPlace } from "../notify/notifier.ts";
import { defaultRetry, retryDelayMs } from "./backoff.ts";
import type { EngineContext } from "./context.ts";
import { persevere } from "./persevere.ts";

export interface Wanted {
  key: string;
  card: Card;
  channel: string;
  /** Null: not posted yet, as far as is recorded. */
  place: CardPlace | null;
  /** Key of the card in whose thread it stands; null: in the channel. */
  under: string | null;
  /** Posted with it, in its thread. */
  reply: { key: string; card: Card } | null;
  /** An earlier process may have posted it: ask before posting. */
  mayStand: boolean;
  since: number;
  onPosted: (place: CardPlace) => Promise<void>;
  /** Shortest real time between two edits of this card. */
  paceMs: number;
}

interface Slot {
  wanted: Wanted;
  place: CardPlace | null;
  shown: string | null;
  working: Promise<void> | null;
}

type Give = "shown" | "gave_up";

export class CardBoard {
  readonly #context: EngineContext;
  readonly #isStopping: () => boolean;
  readonly #slots = new Map<string, Slot>();
  readonly #channels = new Map<string, Promise<unknown>>();

  constructor(context: EngineContext, { isStopping }: { isStopping: () => boolean }) {
    this.#context = context;
    this.#isStopping = isStopping;
  }

  want(wanted: Wanted): void {
    if (this.#context.presenter.isAbsent === true) return;
    const slot = this.#slots.get(wanted.key) ?? { wanted, place: wanted.place, shown: null, working: null };
    slot.wanted = wanted;
    slot.place ??= wanted.place;
    this.#slots.set(wanted.key, slot);
    slot.working ??= this.#work(slot).finally(() => {
      slot.working = null;
    });
  }

  /** Resolves when these cards show what is wanted of them, or were given up. */
  async shown(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      for (let slot = this.#slots.get(key); slot?.working; slot = this.#slots.get(key)) await slot.working;
    }
  }

  forget(keys: readonly string[]): void {
    for (const key of keys) if (this.#slots.get(key)?.working === null) this.#slots.delete(key);
  }

  async idle(): Promise<void> {
    await this.shown([...this.#slots.keys()]);
  }

  async #work(slot: Slot): Promise<void> {
    for (;;) {
      const { wanted } = slot;
      const face = faceOf(wanted.card);
      if (face === slot.shown) return;
      const given = slot.place === null ? await this.#post(slot) : await this.#update(slot, slot.place);
      if (given === "gave_up") return;
      slot.shown = face;
      if (wanted.paceMs > 0 && faceOf(slot.wanted.card) !== face) await this.#context.realTime.pause(wanted.paceMs);
    }
  }

  /** In the channel's order: people read cards from top to bottom. */
  #post(slot: Slot): Promise<Give> {
    const { channel } = slot.wanted;
    const after = this.#channels.get(channel) ?? Promise.resolve();
    const posted = after.then(() => this.#postNow(slot));
    this.#channels.set(channel, posted);
    return posted;
  }

  async #postNow(slot: Slot): Promise<Give> {
    const { key, onPosted } = slot.wanted;
    const under = slot.wanted.under === null ? null : await this.#placeOf(slot.wanted.under);
    if (slot.wanted.under !== null && under === null) return "gave_up";
    const place = await this.#stand(slot, { key, card: slot.wanted.card, under });
    if (place === null) return "gave_up";
    const { reply } = slot.wanted;
    if (reply !== null) await this.#stand(slot, { ...reply, under: place });
    return this.#record(slot, place, onPosted);
  }

  /** Where the card stands once it does; null: it couldn't be posted. */
  async #placeOf(key: string): Promise<CardPlace | null> {
    await this.shown([key]);
    return this.#slots.get(key)?.place ?? null;
  }

  async #stand(slot: Slot, posted: { key: string; card: Card; under: CardPlace | null }): Promise<CardPlace | null> {
    const { channel, since } = slot.wanted;
    const { key, under } = posted;
    const { presenter } = this.#context;
    let mayStand = slot.wanted.mayStand;
    let place: CardPlace | null = null;
    await this.#persist(key, async () => {
      try {
        const standing = mayStand ? await presenter.findCard({ key, channel, under, since }) : null;
        place = standing ?? (await presenter.postCard({ ...posted, channel }));
      } catch (error) {
        if (error instanceof DoubtError) mayStand = true;
        throw error;
      }
    });
    return place;
  }

  async #record(slot: Slot, place: CardPlace, onPosted: Wanted["onPosted"]): Promise<Give> {
    slot.place = place;
    const about = `where the card ${slot.wanted.key} stands`;
    try {
      await persevere(this.#context, { about, isStopping: this.#isStopping, record: () => onPosted(place) });
      return "shown";
    } catch {
      // Stopping: the next process asks the channel for it (B3).
      return "gave_up";
    }
  }

  #update(slot: Slot, place: CardPlace): Promise<Give> {
    const { key, card } = slot.wanted;
    return this.#persist(key, () => this.#context.presenter.updateCard({ key, card, place }));
  }

  async #persist(key: string, work: () => Promise<void>): Promise<Give> {
    for (let failed = 1; ; failed += 1) {
      try {
        await work();
        return "shown";
      } catch (error) {
        const delay = this.#delayAfter(error, failed);
        if (delay === null) {
          this.#context.logger.error({ err: error, card: key }, "a card could not be shown");
          return "gave_up";
        }
        await this.#context.realTime.pause(delay);
      }
    }
  }

  #delayAfter(error: unknown, failed: number): number | null {
    const known = error instanceof FailureError;
    const failure = known ? error.failure : { error: "Agent.Unavailable" as const, cause: "" };
    if (known && !isRetryable(failure)) return null;
    const fraction = this.#context.randomness.fraction();
    const retryAfterMs = known ? error.retryAfterMs : null;
    return retryDelayMs({ policy: { ...defaultRetry, max_attempts: 8 }, failure, failed, retryAfterMs, fraction });
  }
}

/** What a reader would see changed; the instant at which it was drawn is no change. */
function faceOf(card: Card): string {
  const facts: Json = JSON.parse(JSON.stringify(card.kind === "approval" ? { ...card, now: 0 } : card));
  return createHash("sha256").update(canonicalJson(facts)).digest("hex");
}
