/**
 * Recording what has already happened outside. An outage of the store must neither lose it nor make it happen again (E2):
 * the result is kept here and offered until it is recorded or the process stops; then it counts as lost, as after a kill.
 */
import type { RetryPolicy } from "../flow/flow.ts";
import { retryDelayMs } from "./backoff.ts";
import type { EngineContext } from "./context.ts";

const patience: RetryPolicy = {
  max_attempts: Infinity,
  interval_ms: 200,
  backoff_rate: 2,
  max_interval_ms: 30_000,
  jitter: "full",
  on: null,
};

/** Rejects with the last error once the engine is stopping, and not before. */
export async function persevere<T>(
  context: Pick<EngineContext, "logger" | "randomness" | "realTime">,
  { about, isStopping, record }: { about: string; isStopping: () => boolean; record: () => Promise<T> },
): Promise<T> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await record();
    } catch (error) {
      if (isStopping()) throw error;
      context.logger.error({ err: error, about, failed }, "could not be recorded, will be tried again");
      const cause = error instanceof Error ? error.message : String(error);
      const delay = retryDelayMs({
        policy: patience,
        failure: { error: "Agent.Unavailable", cause },
        failed,
        retryAfterMs: null,
        fraction: context.randomness.fraction(),
      });
      await context.realTime.pause(delay ?? patience.max_interval_ms);
    }
  }
}
