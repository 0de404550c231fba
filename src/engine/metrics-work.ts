/** What attempts, effects and approvals of a step or a flow came to: counted event by event, summed over executions. */
import type { EventOf, ExecutionEvent } from "../flow/event.ts";
import { withUsage, type Usage } from "../flow/usage.ts";
import { percentiles, type Percentiles } from "./metrics-percentiles.ts";

export interface WorkMetrics {
  /** Milliseconds; of those that ended by themselves. */
  duration_ms: Percentiles;
  /** Failed attempts after which another was to come. */
  retries: number;
  lost_attempts: number;
  /** `doubtful`: came into doubt, whatever was said about it afterwards. */
  effects: { performed: number; failed: number; doubtful: number };
  approvals: {
    count: number;
    approved: number;
    rejected: number;
    expired: number;
    withdrawn: number;
    waiting: number;
    /** Milliseconds from asked to approved or rejected. */
    decided_age_ms: Percentiles;
    /** Milliseconds since those that wait were asked. */
    waiting_age_ms: Percentiles;
  };
  /** Of models, by agent and model; empty: none was asked. */
  usage: Usage[];
}

export class WorkTally {
  readonly #durations: number[] = [];
  readonly #decidedAges: number[] = [];
  readonly #waitingAges: number[] = [];
  readonly #ended = { approved: 0, rejected: 0, expired: 0, withdrawn: 0 };
  readonly #effects = { performed: 0, failed: 0, doubtful: 0 };
  #asked = 0;
  #retries = 0;
  #lost = 0;
  #usage: readonly Usage[] = [];

  /** `askedAt`: when the step's approval was asked last. */
  count(event: ExecutionEvent, askedAt: number | null): void {
    if ("usage" in event && event.usage !== undefined) this.#usage = withUsage(this.#usage, event.usage);
    if (event.type === "attempt_failed" && event.retry_at !== null) this.#retries += 1;
    if (event.type === "attempt_lost") this.#lost += 1;
    if (event.type === "effect_performed") this.#effects.performed += 1;
    if (event.type === "doubt_resolved" && event.answer === "arrived") this.#effects.performed += 1;
    if (event.type === "effect_failed") this.#effects.failed += 1;
    if (event.type === "effect_doubted") this.#effects.doubtful += 1;
    if (event.type === "approval_requested") this.#asked += 1;
    if (event.type === "approval_ended") this.#endApproval(event, askedAt);
  }

  #endApproval({ status, at }: EventOf<"approval_ended">, askedAt: number | null): void {
    this.#ended[status] += 1;
    const isDecided = status === "approved" || status === "rejected";
    if (isDecided && askedAt !== null) this.#decidedAges.push(lasting(askedAt, at));
  }

  took(from: number, to: number): void {
    this.#durations.push(lasting(from, to));
  }

  waits(since: number, now: number): void {
    this.#waitingAges.push(lasting(since, now));
  }

  result(): WorkMetrics {
    return {
      duration_ms: percentiles(this.#durations),
      retries: this.#retries,
      lost_attempts: this.#lost,
      effects: { ...this.#effects },
      approvals: {
        count: this.#asked,
        ...this.#ended,
        waiting: this.#waitingAges.length,
        decided_age_ms: percentiles(this.#decidedAges),
        waiting_age_ms: percentiles(this.#waitingAges),
      },
      usage: [...this.#usage],
    };
  }
}

/** A clock that goes back makes nothing take less than no time. */
function lasting(from: number, to: number): number {
  return Math.max(0, to - from);
}
