/**
 * How a Slack WebClient must be set up here: it retries nothing by itself (a repeated post is a second message), says at once
 * that it was throttled instead of holding up every other request, and ends with the signal of who asked.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { WebClientOptions } from "@slack/web-api";

/** The engine's deadline for one effect is thirty seconds; two requests fit in. */
const timeoutMs = 12_000;

const asked = new AsyncLocalStorage<AbortSignal>();

/** `apiUrl`: the Web API's base, ending in `/api/`; null: Slack's own. */
export function slackClientOptions({ apiUrl }: { apiUrl: string | null }) {
  return {
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    // A request that waited in the client's queue would start in another's signal.
    maxRequestConcurrency: Infinity,
    fetch: (input: string | URL | Request, init?: RequestInit) => fetch(input, withSignal(init)),
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
  } satisfies WebClientOptions;
}

/** The client takes no signal a call, so it travels with the call. */
export function callWithSignal<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  return asked.run(signal, call);
}

function withSignal(init: RequestInit = {}): RequestInit {
  const signals = [asked.getStore(), init.signal].filter((signal) => signal !== undefined && signal !== null);
  return signals.length === 0 ? init : { ...init, signal: AbortSignal.any(signals) };
}
