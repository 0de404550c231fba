/**
 * How often Slack lets itself be asked, on real time. In memory, as what it counts is forgotten within minutes.
 *
 * 1. A refused call uses nothing up: who waits as long as it is told gets through.
 * 2. Slack promises about a message a second for each channel and tolerates short bursts, without a figure: a handful here.
 */

/** A bucket of `burst` calls that fills again at `perMinute`. */
export interface Rate {
  perMinute: number;
  burst: number;
}

export interface Rates {
  /** `chat.postMessage`, for each channel. */
  post: Rate;
  /** `chat.update` in the whole workspace: Slack's Tier 3, which is 50 and more a minute. */
  update: Rate;
  /** `views.publish` in the whole workspace: Tier 4, 100 and more. */
  publish: Rate;
}

export const slackRates: Rates = {
  post: { perMinute: 60, burst: 8 },
  update: { perMinute: 100, burst: 200 },
  publish: { perMinute: 200, burst: 200 },
};

interface Bucket {
  calls: number;
  filledAt: number;
}

export class RateLimits {
  readonly #rates: Rates;
  readonly #realNow: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(parameters: { rates: Rates; realNow: () => number }) {
    this.#rates = parameters.rates;
    this.#realNow = parameters.realNow;
  }

  /** Null: the call may go on, and is counted. Else how many whole seconds it has to wait, at least one. */
  secondsToWait(kind: keyof Rates, place: string): number | null {
    const { perMinute, burst } = this.#rates[kind];
    const perMs = perMinute / 60_000;
    const now = this.#realNow();
    const { calls, filledAt } = this.#buckets.get(`${kind} ${place}`) ?? { calls: burst, filledAt: now };
    const filled = Math.min(burst, calls + Math.max(0, now - filledAt) * perMs);
    if (filled < 1) return Math.max(1, Math.ceil((1 - filled) / perMs / 1_000));
    this.#buckets.set(`${kind} ${place}`, { calls: filled - 1, filledAt: now });
    return null;
  }
}
