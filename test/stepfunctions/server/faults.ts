/** What can go wrong between a caller and the service, on order: throttling, missing permissions, lost answers. */
import { ApiError } from "./api-error.ts";

export interface Upcoming {
  /** Of every action by default. */
  action?: string;
  /** How many calls. */
  next: number;
  /** Whole seconds, as a proxy before the service says it. */
  retryAfter?: number;
}

export class Faults {
  readonly #throttled: Upcoming[] = [];
  readonly #lost: Upcoming[] = [];
  readonly #unavailable: Upcoming[] = [];
  readonly #denied = new Set<string>();

  /** ThrottlingException; the call does nothing. */
  throttle(upcoming: Upcoming): void {
    this.#throttled.push({ ...upcoming });
  }

  /** HTTP 503; the call does nothing. */
  failService(upcoming: Upcoming): void {
    this.#unavailable.push({ ...upcoming });
  }

  /** The call does what it should, and the connection breaks before the answer. */
  loseAnswers(upcoming: Upcoming): void {
    this.#lost.push({ ...upcoming });
  }

  /** AccessDeniedException until `allow`. */
  deny(action: string): void {
    this.#denied.add(action);
  }

  allow(action: string): void {
    this.#denied.delete(action);
  }

  /** What was throttled or away works again. */
  recover(): void {
    this.#throttled.length = 0;
    this.#unavailable.length = 0;
  }

  /** Throws before the action does anything. */
  before(action: string): void {
    if (this.#denied.has(action)) {
      throw new ApiError("AccessDeniedException", `User: bot is not authorized to perform: states:${action}`);
    }
    const throttled = take(this.#throttled, action);
    if (throttled !== null) {
      throw new ApiError("ThrottlingException", "Rate exceeded", 400, throttled.retryAfter);
    }
    const unavailable = take(this.#unavailable, action);
    if (unavailable !== null) {
      throw new ApiError("ServiceUnavailable", "Service is unavailable", 503, unavailable.retryAfter);
    }
  }

  /** Is this answer to be lost? */
  loses(action: string): boolean {
    return take(this.#lost, action) !== null;
  }
}

function take(orders: Upcoming[], action: string): Upcoming | null {
  const order = orders.find((one) => one.next > 0 && (one.action === undefined || one.action === action));
  if (order === undefined) return null;
  order.next -= 1;
  return order;
}
