/** What went wrong and whether to try again (F1): a stable error name, a sentence, and a word on retrying. */
import { z } from "zod";
import type { Usage } from "./usage.ts";

export const errorNames = [
  "Agent.Throttled",
  "Agent.Timeout",
  "Agent.Unavailable",
  "Agent.InvalidOutput",
  "Input.Invalid",
  "Expression.Undefined",
  "Expression.Failed",
  "Recipient.Missing",
  "Approval.NoApprover",
  "Effect.Refused",
  "Step.Timeout",
  "Step.Lost",
  "Flow.Failed",
] as const;

export const ErrorName = z.enum(errorNames);
export type ErrorName = z.infer<typeof ErrorName>;

export const Failure = z.strictObject({ error: ErrorName, cause: z.string() });
export type Failure = z.infer<typeof Failure>;

/** Only these may be retried; `retry.on` narrows them, never widens. */
const retryable: ReadonlySet<ErrorName> = new Set([
  "Agent.Throttled",
  "Agent.Timeout",
  "Agent.Unavailable",
  "Step.Timeout",
]);

export function isRetryable(failure: Failure): boolean {
  return retryable.has(failure.error);
}

/** Thrown by agents, notifiers and the engine; anything else thrown by an agent counts as `Agent.Unavailable`. */
export class FailureError extends Error {
  readonly failure: Failure;
  /** The far side's own word on when to try again, in milliseconds from now. */
  readonly retryAfterMs: number | null;
  /** What it took to fail, where a model was asked. */
  readonly usage: Usage | null;

  constructor(failure: Failure, options: { retryAfterMs?: number | null; usage?: Usage | null; cause?: unknown } = {}) {
    super(`${failure.error}: ${failure.cause}`, { cause: options.cause });
    this.name = failure.error;
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.usage = options.usage ?? null;
  }
}
