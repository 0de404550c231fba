/** When to try again (F1): exponential, capped, full jitter, never earlier than the far side asked. */
import type { RetryPolicy } from "../flow/flow.ts";
import { isRetryable, type Failure } from "../flow/failure.ts";

/** What an approval's asking, a card and a failure notice are tried again with. */
export const defaultRetry: RetryPolicy = {
  max_attempts: 4,
  interval_ms: 1_000,
  backoff_rate: 2,
  max_interval_ms: 60_000,
  jitter: "full",
  on: null,
};

/** Milliseconds to wait before the next attempt after `failed` failed ones; null: no further attempt. `fraction`: 0 ≤ x < 1. */
export function retryDelayMs(parameters: {
  policy: RetryPolicy;
  failure: Failure;
  failed: number;
  retryAfterMs: number | null;
  fraction: number;
}): number | null {
  const { policy, failure, failed, retryAfterMs, fraction } = parameters;
  if (!isRetryable(failure)) return null;
  if (policy.on !== null && !policy.on.includes(failure.error)) return null;
  if (failed >= policy.max_attempts) return null;
  const ceiling = Math.min(policy.max_interval_ms, policy.interval_ms * policy.backoff_rate ** (failed - 1));
  const drawn = policy.jitter === "full" ? ceiling * fraction : ceiling;
  return Math.round(Math.max(drawn, retryAfterMs ?? 0));
}
