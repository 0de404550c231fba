/** What a failed call of Google Calendar means (F1). Nothing is a doubt: the event's id makes a repeat harmless. */
import { z } from "zod";
import { FailureError, type ErrorName } from "../../flow/failure.ts";

const GoogleError = z.object({
  message: z.string().catch(""),
  errors: z.array(z.object({ reason: z.string().catch("") })).catch([]),
});

const Shape = z.object({
  status: z.number().optional().catch(undefined),
  code: z.union([z.string(), z.number()]).optional().catch(undefined),
  response: z
    .object({
      status: z.number().optional().catch(undefined),
      headers: z.unknown(),
      /** The token endpoint gives a word where the API gives an object. */
      data: z
        .object({ error: z.union([z.string(), GoogleError]) })
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const busyReasons: ReadonlySet<string> = new Set(["userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded"]);

export function statusOf(error: unknown): number | null {
  const read = Shape.safeParse(error);
  return read.success ? (read.data.response?.status ?? read.data.status ?? null) : null;
}

export function googleFailure(error: unknown, signal: AbortSignal): FailureError {
  if (error instanceof FailureError) return error;
  if (signal.aborted) return failed("Agent.Timeout", "Google Calendar took too long to answer.", error);
  const read = Shape.safeParse(error);
  const response = read.success ? read.data.response : undefined;
  const status = statusOf(error);
  const answer = response?.data?.error;
  if (typeof answer === "string") return failed("Effect.Refused", keyAdvice(answer), error);
  const reason = answer?.errors[0]?.reason ?? "";
  if (status === 429 || (status === 403 && busyReasons.has(reason))) return throttled(response?.headers, error);
  if (status === null || status >= 500 || status === 408)
    return failed("Agent.Unavailable", "Google Calendar can't be reached, or has trouble of its own.", error);
  return failed("Effect.Refused", advice({ status, reason, message: answer?.message ?? "" }), error);
}

function advice({ status, reason, message }: { status: number; reason: string; message: string }): string {
  if (reason === "forbiddenForServiceAccounts")
    return "A service account alone may not invite anybody. Give it domain-wide delegation and set GOOGLE_IMPERSONATE.";
  if (status === 401)
    return "Google doesn't accept the key. Check GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_IMPERSONATE.";
  if (status === 403)
    return "The app may not write to this calendar. Share it with the account, or check GOOGLE_IMPERSONATE.";
  if (status === 404) return "Google knows no such calendar. Check GOOGLE_CALENDAR_ID.";
  return `Google Calendar refused the event${message === "" ? "" : `: ${message.slice(0, 200)}`}.`;
}

function keyAdvice(word: string): string {
  const shown = /^[a-z_]{1,60}$/.test(word) ? ` (${word})` : "";
  return `Google gives no token for this key${shown}. Check GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_IMPERSONATE.`;
}

function throttled(headers: unknown, cause: unknown): FailureError {
  const seconds = headers instanceof Headers ? Number(headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  const failure = { error: "Agent.Throttled", cause: "Google Calendar asks to wait." } as const;
  return new FailureError(failure, { cause, ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) });
}

function failed(error: ErrorName, sentence: string, cause: unknown): FailureError {
  return new FailureError({ error, cause: sentence }, { cause });
}
