/** Google's `start` and `end`: a day, or an instant whose zone is in it or beside it. Pure. */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { GoogleError } from "./google-error.ts";

export const eventTime = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

export type EventTime = z.infer<typeof eventTime>;

/** Milliseconds; refuses what Google refuses. `side` names it in the refusal. */
export function instantOf(time: EventTime | null | undefined, side: "start" | "end"): number {
  if (!time || (!time.date && !time.dateTime)) throw new GoogleError(400, "required", `Missing ${side} time.`);
  if (time.timeZone && !isZone(time.timeZone)) {
    throw new GoogleError(400, "invalid", `Invalid time zone definition for ${side} time.`);
  }
  try {
    return time.dateTime ? dateTimeInstant(time.dateTime, time.timeZone ?? null, side) : dayInstant(time.date ?? "");
  } catch (error) {
    if (error instanceof GoogleError) throw error;
    throw new GoogleError(400, "invalid", `Invalid value for: Invalid format: "${time.dateTime ?? time.date}"`);
  }
}

function dateTimeInstant(dateTime: string, zone: string | null, side: string): number {
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(dateTime)) return Temporal.Instant.from(dateTime).epochMilliseconds;
  if (zone === null) throw new GoogleError(400, "required", `Missing time zone definition for ${side} time.`);
  return Temporal.PlainDateTime.from(dateTime).toZonedDateTime(zone).epochMilliseconds;
}

function dayInstant(date: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime("UTC").epochMilliseconds;
}

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}
