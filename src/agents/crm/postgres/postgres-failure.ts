/**
 * What PostgreSQL and the network say, in our words: try again, or not (F1). No address, no password gets into a sentence (T3):
 * only the server's own message does, and errors aren't handed on as causes.
 */
import { FailureError, type Failure } from "../../../flow/failure.ts";

/** Cells, dates and sums that the server itself can't calculate with. */
export function isDataException(error: unknown): boolean {
  return codeOf(error).startsWith("22");
}

/** A table, a column or a right that was there when the tables were looked at. */
export function isShapeProblem(error: unknown): boolean {
  return /^(42|3F)/.test(codeOf(error));
}

const slow: ReadonlySet<string> = new Set(["57014", "55P03", "25P03", "25P04"]);

export function toFailure(error: unknown, doing: string): FailureError {
  if (error instanceof FailureError) return error;
  return new FailureError(failureOf(error, doing));
}

/** Of a write that came to nothing. What the server refuses it refuses again; only where it was slow, gone or disturbed by others it may do it. */
export function toWriteFailure(error: unknown, doing: string): FailureError {
  const code = codeOf(error);
  if (error instanceof FailureError || slow.has(code) || !/^(0A|22|23|25|42|44|55|P0)/.test(code))
    return toFailure(error, doing);
  const cause = `The customer database refused it ${doing} (${code}): ${messageOf(error)}. Nothing was written.`;
  return new FailureError({ error: "Effect.Refused", cause });
}

function failureOf(error: unknown, doing: string): Failure {
  const code = codeOf(error);
  const message = messageOf(error);
  if (slow.has(code) || /timeout|timed out/i.test(message))
    return { error: "Agent.Timeout", cause: `The customer database took too long ${doing}.` };
  if (code.startsWith("28"))
    return { error: "Agent.Unavailable", cause: `The customer database refused the user of REVOPS_CRM: ${message}.` };
  if (code === "42501")
    return { error: "Agent.Unavailable", cause: `The user of REVOPS_CRM may not read there, ${doing}: ${message}.` };
  if (/^[0-9A-Z]{5}$/.test(code) && !/^(08|53|57)/.test(code))
    return { error: "Agent.Unavailable", cause: `The customer database failed ${doing} (${code}): ${message}.` };
  return { error: "Agent.Unavailable", cause: `The customer database can't be reached ${doing}: ${message}.` };
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  return typeof code === "string" ? code : "";
}

/** Of several addresses that were tried, the first one's. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/[.\s]+$/, "");
}
