/**
 * Trigger ids: the right to open a view because a person just did something. Three seconds of real time, one use.
 * In memory: a right that dies within seconds need not outlive the process.
 */
import { SlackError } from "./slack-error.ts";

const LIFE_MS = 3_000;
/** An old id is still told apart from a made-up one. */
const REMEMBERED_MS = 60_000;

interface Trigger {
  userId: string;
  expiresAt: number;
  used: boolean;
}

export class TriggerIds {
  readonly #triggers = new Map<string, Trigger>();
  readonly #realNow: () => number;
  readonly #randomHex: (bytes: number) => string;

  constructor(parameters: { realNow: () => number; randomHex: (bytes: number) => string }) {
    this.#realNow = parameters.realNow;
    this.#randomHex = parameters.randomHex;
  }

  make(userId: string): string {
    const now = this.#realNow();
    for (const [id, trigger] of this.#triggers) {
      if (trigger.expiresAt + REMEMBERED_MS > now) break;
      this.#triggers.delete(id);
    }
    const id = `${now}.${this.#triggers.size}.${this.#randomHex(16)}`;
    this.#triggers.set(id, { userId, expiresAt: now + LIFE_MS, used: false });
    return id;
  }

  /** Whose it is, if it may be used now; throws in Slack's words. Doesn't use it up. */
  check(id: string): string {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) throw new SlackError("invalid_trigger_id");
    if (trigger.used) throw new SlackError("exchanged_trigger_id");
    if (this.#realNow() > trigger.expiresAt) throw new SlackError("expired_trigger_id");
    return trigger.userId;
  }

  use(id: string): void {
    const trigger = this.#triggers.get(id);
    if (trigger !== undefined) trigger.used = true;
  }
}
