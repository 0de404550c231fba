/**
 * Refused requests in the log: the first of a kind at once, then a line a minute with how many there were. Whoever floods
 * the address fills no disk, and nothing of what they sent is kept (T3).
 */
import type { RefusedSignature } from "./http-signature.ts";
import type { BotLogger } from "./services.ts";

export type RefusalReason = RefusedSignature | "method" | "media_type" | "too_long" | "slow" | "unreadable";

const quietMs = 60_000;

export class HttpRefusals {
  readonly #logger: BotLogger;
  readonly #now: () => number;
  readonly #message: string;
  readonly #last = new Map<RefusalReason, { at: number; unsaid: number }>();

  /** `now`: real time, in milliseconds. */
  constructor(parameters: { logger: BotLogger; now: () => number; message?: string }) {
    const { logger, now, message = "a request for Slack's address was refused" } = parameters;
    this.#logger = logger;
    this.#now = now;
    this.#message = message;
  }

  note(reason: RefusalReason, fields: { remote: string | undefined; off_by_seconds?: number }): void {
    const at = this.#now();
    const last = this.#last.get(reason);
    if (last !== undefined && at - last.at < quietMs) {
      last.unsaid += 1;
      return;
    }
    this.#last.set(reason, { at, unsaid: 0 });
    this.#logger.warn({ reason, ...fields, unsaid_before: last?.unsaid ?? 0 }, this.#message);
  }
}
