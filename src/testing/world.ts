/**
 * The world outside an engine, which outlives its process: mails that arrived, messages and cards that stand, events booked.
 * A process is a view on it that can die; what a dead one still calls does nothing and says nothing. Faults are injected here.
 */
import type { Card } from "../flow/card.ts";
import type { Effect, EffectKind, Receipt } from "../flow/effect.ts";
import { FailureError } from "../flow/failure.ts";
import { DoubtError, type CardPlace, type Notifier, type Presenter } from "../notify/notifier.ts";

export class World {
  readonly effects: { key: string; effect: Effect }[] = [];
  readonly cards = new Map<string, { place: CardPlace; card: Card; edits: number }>();
  /** Keys of what was posted in channels, and of what was posted in threads. */
  readonly posts: string[] = [];
  readonly replies: string[] = [];
  /** Of each card by its key, the ts of the message under which it stands; null: in the channel. */
  readonly threads = new Map<string, string | null>();
  /** Asked before each effect: how it goes wrong, if it does. */
  fault: (effect: { key: string; effect: Effect; times: number }) => Fault | null = () => null;
  /** Asked before an effect reaches the world: what it waits for, if anything. */
  hold: (kind: EffectKind) => Promise<void> | null = () => null;
  /** Told of each effect that has arrived. */
  arrived: (effect: Effect) => void = () => {};
  #nextTs = 1;

  count(key: string): number {
    return this.effects.filter((effect) => effect.key === key).length;
  }

  ofKind(kind: EffectKind): { key: string; effect: Effect }[] {
    return this.effects.filter(({ effect }) => effect.kind === kind);
  }

  card<K extends Card["kind"]>(kind: K): Extract<Card, { kind: K }>[] {
    return [...this.cards.values()].flatMap(({ card }) => (isKind(card, kind) ? [card] : []));
  }

  nextPlace(channel: string): CardPlace {
    const ts = `${this.#nextTs}.0`;
    this.#nextTs += 1;
    return { channel, ts };
  }
}

function isKind<K extends Card["kind"]>(card: Card, kind: K): card is Extract<Card, { kind: K }> {
  return card.kind === kind;
}

export type Fault =
  | { kind: "throttled"; retryAfterMs?: number }
  | { kind: "refused" }
  /** It arrived, and nobody heard. */
  | { kind: "answer_lost" }
  /** It did not arrive, and nobody heard. */
  | { kind: "request_lost" };

export interface Process {
  alive: boolean;
  /** Called before and after each effect or card reaches the world: may kill the process. */
  step: (name: string, when: "before" | "after") => void;
}

const never = (): Promise<never> => new Promise(() => {});

/** The ports through which that process reaches the world. */
export function recordingPorts(world: World, process: Process): { notifiers: Notifier[]; presenter: Presenter } {
  const guarded = async <T>(name: string, work: () => T): Promise<T> => {
    if (!process.alive) return never();
    process.step(name, "before");
    if (!process.alive) return never();
    const result = work();
    process.step(name, "after");
    return process.alive ? result : never();
  };
  return {
    notifiers: [
      notifier({ world, guarded, kind: "email", idempotency: "none" }),
      notifier({ world, guarded, kind: "slack_message", idempotency: "lookup" }),
      notifier({ world, guarded, kind: "calendar_event", idempotency: "native" }),
      notifier({ world, guarded, kind: "crm_update", idempotency: "native" }),
    ],
    presenter: presenter(world, guarded),
  };
}

type Guarded = <T>(name: string, work: () => T) => Promise<T>;

function notifier(parameters: {
  world: World;
  guarded: Guarded;
  kind: EffectKind;
  idempotency: Notifier["idempotency"];
}): Notifier {
  const { world, guarded, kind, idempotency } = parameters;
  const times = new Map<string, number>();
  const perform: Notifier["perform"] = async ({ key, effect }) => {
    await world.hold(kind);
    times.set(key, (times.get(key) ?? 0) + 1);
    const fault = world.fault({ key, effect, times: times.get(key) ?? 1 });
    if (fault?.kind === "throttled") {
      const options = fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs };
      throw new FailureError({ error: "Agent.Throttled", cause: "too fast" }, options);
    }
    if (fault?.kind === "refused") {
      throw new FailureError({ error: "Effect.Refused", cause: "550 no such user" });
    }
    return guarded(`perform ${kind}`, () => {
      const arrived = fault?.kind !== "request_lost" && !(idempotency === "native" && world.count(key) > 0);
      if (arrived) {
        world.effects.push({ key, effect });
        world.arrived(effect);
      }
      if (fault !== null) throw new DoubtError("no answer");
      return receipt(key, kind);
    });
  };
  const find: NonNullable<Notifier["find"]> = ({ key }) =>
    guarded(`find ${kind}`, () => (world.count(key) > 0 ? receipt(key, kind) : null));
  return { kinds: [kind], idempotency, perform, ...(idempotency === "lookup" ? { find } : {}) };
}

function receipt(key: string, kind: string): Receipt {
  return { id: key, summary: `${kind} sent`, url: null };
}

function presenter(world: World, guarded: Guarded): Presenter {
  return {
    postCard: ({ key, card, channel, under }) =>
      guarded("post card", () => {
        const place = world.nextPlace(channel);
        world.threads.set(key, under?.ts ?? null);
        world.cards.set(key, { place, card, edits: 0 });
        (under === null ? world.posts : world.replies).push(key);
        return place;
      }),
    updateCard: ({ key, card, place }) =>
      guarded("update card", () => {
        world.cards.set(key, { place, card, edits: (world.cards.get(key)?.edits ?? 0) + 1 });
      }),
    findCard: ({ key }) => guarded("find card", () => world.cards.get(key)?.place ?? null),
  };
}
