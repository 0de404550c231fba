/**
 * Answers in Slack that wait out a short rate limit. Of a 429 alone Slack says that it did nothing, so it alone is repeated;
 * the client's own way would hold up every other answer meanwhile.
 */
import type { FetchFunction } from "@slack/web-api";

const mostWaits = 2;
/** Whoever asked is still looking; after longer the sentence that it didn't work is worth more. */
const longestWaitMs = 3_000;

export function patientFetch(parts: { fetch: FetchFunction; pause: (ms: number) => Promise<unknown> }): FetchFunction {
  return async (input, init) => {
    for (let waits = 0; ; waits += 1) {
      const response = await parts.fetch(input, init);
      const seconds = Number(response.headers.get("retry-after") ?? "1");
      const isShort = response.status === 429 && seconds * 1000 <= longestWaitMs;
      if (!isShort || waits >= mostWaits) return response;
      await parts.pause(seconds * 1000);
    }
  };
}
