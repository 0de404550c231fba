/**
 * The notifier port: how effects leave, how cards stand in Slack, and who people are.
 *
 * Job: perform one effect, once, and say what is known of it afterwards (E2). Show cards that are edited in place.
 * Non-job: no decision to send, no retry, no record: the engine holds those.
 */
import type { Card } from "../flow/card.ts";
import type { Effect, EffectKind, Receipt } from "../flow/effect.ts";
import type { Person } from "../flow/person.ts";

export interface Notifier {
  readonly kinds: readonly EffectKind[];
  /**
   * `native`: the service takes the key and refuses a repeat (Google Calendar); performing again is harmless.
   * `lookup`: it can be asked for the key afterwards (Slack's history by metadata).
   * `none`: it can't (SMTP).
   */
  readonly idempotency: "native" | "lookup" | "none";
  /**
   * Throws `FailureError` when the effect certainly did not happen (refused, 4xx, never sent) and `DoubtError` when nobody
   * can know. `deadline` is on the engine's word; the notifier aborts then.
   */
  perform(parameters: { key: string; effect: Effect; now: number; signal: AbortSignal }): Promise<Receipt>;
  /** For `lookup`: the receipt of an earlier attempt, null where there is none. `since`: when that attempt began. */
  find?(parameters: { key: string; effect: Effect; since: number; signal: AbortSignal }): Promise<Receipt | null>;
}

/** The request may have arrived and no answer tells. */
export class DoubtError extends Error {
  override readonly name = "DoubtError";
}

/** Where a card stands. */
export interface CardPlace {
  channel: string;
  ts: string;
}

export interface Presenter {
  /** There is no Slack: nothing is shown, nor recorded as shown, and a process that has one shows it when it takes over. */
  readonly isAbsent?: boolean;
  /**
   * Posts under `key` (in the message's metadata) and says where; a `DoubtError` means ask `findCard` first.
   * `under`: the message in whose thread it goes; null: the channel itself.
   */
  postCard(parameters: { key: string; card: Card; channel: string; under: CardPlace | null }): Promise<CardPlace>;
  /** Edits in place; a card that is gone is no error. */
  updateCard(parameters: { key: string; card: Card; place: CardPlace }): Promise<void>;
  findCard(parameters: {
    key: string;
    channel: string;
    under: CardPlace | null;
    since: number;
  }): Promise<CardPlace | null>;
}

/** People, groups and roles, resolved through Slack and `revops.yml`. */
export interface People {
  /** Null: nobody of that mail address or user id in the workspace. */
  find(parameters: { email: string } | { userId: string }): Promise<Person | null>;
  /** The people behind an approver reference; empty where there are none. Throws for a reference that can't be read. */
  resolve(parameters: { reference: string }): Promise<Person[]>;
  /** A reference in words: "Dana Reyes", "a RevOps lead", "the group csm". */
  label(parameters: { reference: string }): Promise<string>;
  /** The IANA zone of their profile; null: it shows none, or there is no such person. Left out: nobody's is known. */
  zoneOf?(parameters: { email: string }): Promise<string | null>;
}

/** Where cards go: the flow's channel, else alerts; digests, progress and failures: default. */
export interface Channels {
  default: string;
  alerts: string;
  flows: Record<string, string>;
}
