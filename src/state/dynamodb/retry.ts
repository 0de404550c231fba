/**
 * Trying again where trying again may help: throttling, servers that fail, answers that don't come. The delay doubles, with
 * full jitter. The SDK's own retries are off, so that this alone knows whether an earlier try may have been applied.
 */
const mostAttempts = 10;
const firstDelayMs = 50;
const longestDelayMs = 2_000;

export interface Pacing {
  pause: (ms: number) => Promise<void>;
  /** 0 ≤ x < 1. */
  fraction: () => number;
}

const throttling = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "Throttling",
  "RequestLimitExceeded",
  "LimitExceededException",
  "TooManyRequestsException",
]);
const broken = new Set(["InternalServerError", "ServiceUnavailable", "ServiceUnavailableException", "TimeoutError"]);
const network = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ERR_SOCKET_CLOSED",
]);

export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (throttling.has(error.name) || broken.has(error.name)) return true;
  const status = statusOf(error);
  return (status !== null && (status >= 500 || status === 429)) || network.has(codeOf(error));
}

export function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function statusOf(error: Error): number | null {
  const metadata: unknown = "$metadata" in error ? error.$metadata : null;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return null;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
}

/** `call` is told which try it is, from 1. Rejects with the last error. */
export async function withRetries<T>({ pause, fraction }: Pacing, call: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      if (attempt >= mostAttempts || !isRetryable(error)) throw error;
      await pause(delayMs({ attempt, fraction }));
    }
  }
}

export function delayMs({ attempt, fraction }: { attempt: number; fraction: () => number }): number {
  return fraction() * Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
}
