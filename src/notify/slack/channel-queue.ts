/**
 * Slack's pace: about a message a second in each channel, short bursts allowed, and a Retry-After when that was too much.
 *
 * - Q1. Posts of one channel go out in the order in which they were asked for, at the pace of a bucket that refills.
 * - Q2. Throttled, a channel waits as long as Slack asks; other channels, and methods other than the throttled one, go on.
 * - Q3. Only a throttled call is repeated here: of it alone Slack says that it did nothing.
 *
 * It holds no record: after a restart the engine wants the same cards again (B3), so nothing that waited here is lost.
 */
import { FailureError } from "../../flow/failure.ts";

/** How many may go out at once after a quiet time; Slack promises none, and tolerates a few. */
const burst = 6;
const refillMs = 1_000;
const mostWaits = 5;
const waitWithoutWordMs = 1_000;
/** Longer than that is for the caller to plan. */
const longestWaitMs = 60_000;

export interface ChannelQueueOptions {
  /** Milliseconds on a clock that only goes forward; real time, since Slack's side runs on it. */
  now: () => number;
  pause: (ms: number) => Promise<void>;
}

interface Lane {
  tail: Promise<unknown>;
  tokens: number;
  filledAt: number;
}

export class ChannelQueue {
  readonly #options: ChannelQueueOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #heldUntil = new Map<string, number>();

  constructor(options: ChannelQueueOptions) {
    this.#options = options;
  }

  /** A new message in `channel` (an id or a name). `waits`: how often it is repeated here; 0 where the caller plans it. */
  post<T>(channel: string, call: () => Promise<T>, { waits = mostWaits }: { waits?: number } = {}): Promise<T> {
    const lane = this.#laneOf(channel);
    const posted = lane.tail.then(async () => {
      await this.#takeToken(lane);
      return this.#patiently(`post ${channel}`, call, waits);
    });
    lane.tail = posted.catch(() => undefined);
    return posted;
  }

  /** Anything else, such as an edit: together with others of its method it is held only when Slack says so. */
  call<T>(method: string, call: () => Promise<T>): Promise<T> {
    return this.#patiently(method, call, mostWaits);
  }

  #laneOf(channel: string): Lane {
    const lane = this.#lanes.get(channel) ?? { tail: Promise.resolve(), tokens: burst, filledAt: this.#options.now() };
    this.#lanes.set(channel, lane);
    return lane;
  }

  async #takeToken(lane: Lane): Promise<void> {
    this.#refill(lane);
    if (lane.tokens < 1) {
      await this.#options.pause(Math.ceil((1 - lane.tokens) * refillMs));
      this.#refill(lane);
    }
    lane.tokens -= 1;
  }

  #refill(lane: Lane): void {
    const now = this.#options.now();
    lane.tokens = Math.min(burst, lane.tokens + (now - lane.filledAt) / refillMs);
    lane.filledAt = now;
  }

  async #patiently<T>(what: string, call: () => Promise<T>, allowed: number): Promise<T> {
    for (let waits = 0; ; waits += 1) {
      await this.#untilFree(what);
      try {
        return await call();
      } catch (error) {
        const wait = waitAfter(error);
        if (wait !== null) this.#heldUntil.set(what, this.#options.now() + wait);
        if (wait === null || waits >= allowed) throw error;
      }
    }
  }

  async #untilFree(what: string): Promise<void> {
    const wait = (this.#heldUntil.get(what) ?? 0) - this.#options.now();
    if (wait > 0) await this.#options.pause(wait);
  }
}

function waitAfter(error: unknown): number | null {
  if (!(error instanceof FailureError) || error.failure.error !== "Agent.Throttled") return null;
  const wait = error.retryAfterMs ?? waitWithoutWordMs;
  return wait > longestWaitMs ? null : wait;
}
