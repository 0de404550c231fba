/** Where a person lives, as Slack knows it. */
import { FailureError, isRetryable } from "../flow/failure.ts";
import type { People } from "../notify/notifier.ts";

/** Null: nobody knows. Throws `FailureError` only where trying again may help. */
export async function knownZone(people: People, email: string): Promise<string | null> {
  try {
    return (await people.zoneOf?.({ email })) ?? null;
  } catch (error) {
    if (error instanceof FailureError && isRetryable(error.failure)) throw error;
    return null;
  }
}
