/** An instant as an expression gives it: ISO 8601, with its offset, or as a local time or day in a zone. */
import { Temporal } from "temporal-polyfill";
import type { Json } from "./json.ts";

/**
 * Milliseconds since the epoch; null: it is none. Without an offset it is a local time of `timezone` (one that the clocks
 * skip is moved on, one that they repeat is the first); a day alone is its first instant.
 */
export function parseInstant({ value, timezone }: { value: Json; timezone: string }): number | null {
  if (typeof value !== "string") return null;
  const text = value.trim();
  return (
    attempt(() => Temporal.Instant.from(text).epochMilliseconds) ??
    (/^\d{4}-\d{2}-\d{2}/.test(text)
      ? attempt(() => Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds)
      : null)
  );
}

function attempt(parse: () => number): number | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
