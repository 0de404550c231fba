/**
 * The world that all processes share, as files: a line for each effect that arrived, in the order of arrival. One write of the
 * operating system, so a killed process has written it or it never will.
 */
import { appendFileSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EffectKind, Receipt } from "../../src/flow/effect.ts";
import { DoubtError, type Notifier, type Presenter } from "../../src/notify/notifier.ts";

/** On the way there and back: long enough for a kill to meet it. */
const onTheWayMs = 5;

export class Journal {
  readonly #file: string;
  readonly #events: string;

  constructor(folder: string) {
    this.#file = join(folder, "journal");
    this.#events = join(folder, "events");
    mkdirSync(this.#events, { recursive: true });
    appendFileSync(this.#file, "");
  }

  add(kind: string, key: string): void {
    appendFileSync(this.#file, `${kind} ${key}\n`);
  }

  /** As a calendar does that takes the event's id: what is there stays as it is. */
  addOnce(key: string): void {
    try {
      closeSync(openSync(join(this.#events, encodeURIComponent(key)), "wx"));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }

  has(kind: string, key: string): boolean {
    return readFileSync(this.#file, "utf8").includes(`${kind} ${key}\n`);
  }

  /** Keys of effects as they arrived. */
  effects(): string[] {
    const events = readdirSync(this.#events).map((name) => decodeURIComponent(name));
    return [...this.#lines().flatMap(([kind, key]) => (kind === "card" ? [] : [key ?? ""])), ...events];
  }

  cards(): string[] {
    return this.#lines().flatMap(([kind, key]) => (kind === "card" ? [key ?? ""] : []));
  }

  #lines(): string[][] {
    const lines = readFileSync(this.#file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => line.split(" "));
  }
}

/** A mail can't be asked for, a message can, an event's key is refused the second time. */
export function journalNotifiers(journal: Journal): Notifier[] {
  const find: NonNullable<Notifier["find"]> = async ({ key }) => {
    await pause(onTheWayMs);
    return journal.has("slack_message", key) ? receipt(key) : null;
  };
  return [
    notifier("email", "none", (key) => journal.add("email", key)),
    { ...notifier("slack_message", "lookup", (key) => journal.add("slack_message", key)), find },
    notifier("calendar_event", "native", (key) => journal.addOnce(key)),
  ];
}

function notifier(kind: EffectKind, idempotency: Notifier["idempotency"], arrive: (key: string) => void): Notifier {
  return {
    kinds: [kind],
    idempotency,
    perform: async ({ key, signal }) => {
      await pause(onTheWayMs);
      if (signal.aborted) throw new DoubtError("cut off");
      arrive(key);
      await pause(onTheWayMs);
      return receipt(key);
    },
  };
}

function receipt(key: string): Receipt {
  return { id: key, summary: "sent", url: null };
}

export function journalPresenter(journal: Journal): Presenter {
  return {
    postCard: async ({ key, channel }) => {
      await pause(onTheWayMs);
      journal.add("card", key);
      await pause(onTheWayMs);
      return { channel, ts: key };
    },
    updateCard: () => Promise.resolve(),
    findCard: ({ key, channel }) => Promise.resolve(journal.has("card", key) ? { channel, ts: key } : null),
  };
}
