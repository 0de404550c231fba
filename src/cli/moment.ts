/** Instants: for people in a zone, for programs in ISO 8601 with that zone's offset, and as people type them. */
import { Temporal } from "temporal-polyfill";

/** `2026-12-04 09:00`, or an empty cell. */
export function moment(at: number | null, timezone: string): string {
  return at === null ? "" : local(at, timezone, "minute");
}

/** To the second: steps of one execution may all lie within a minute. */
export function exactMoment(at: number | null, timezone: string): string {
  return at === null ? "" : local(at, timezone, "second");
}

function local(at: number, timezone: string, smallestUnit: "minute" | "second"): string {
  const there = zoned(at, timezone);
  return `${there.toPlainDate().toString()} ${there.toPlainTime().toString({ smallestUnit })}`;
}

export function iso(at: number, timezone: string): string {
  const smallestUnit = at % 1000 === 0 ? "second" : "millisecond";
  return zoned(at, timezone).toString({ timeZoneName: "never", smallestUnit });
}

export function isoOrNull(at: number | null, timezone: string): string | null {
  return at === null ? null : iso(at, timezone);
}

function zoned(at: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
}

/** ISO 8601 with an offset, a local time in the zone, or a day, which is its first instant; null: none of these. */
export function readInstant(text: string, timezone: string): number | null {
  const written = text.trim().replace(/^(\d{4}-\d{2}-\d{2}) (?=\d)/, "$1T");
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(written))
      return Temporal.PlainDate.from(written).toZonedDateTime(timezone).epochMilliseconds;
    if (!/^\d{4}-\d{2}-\d{2}T\d/.test(written)) return null;
    if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(written)) return Temporal.Instant.from(written).epochMilliseconds;
    return Temporal.PlainDateTime.from(written).toZonedDateTime(timezone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** `Fri 2026-12-04 09:00:00 -05:00`: where a schedule fires, the weekday and the offset are what is looked for. */
export function firingMoment(at: number, timezone: string): string {
  const there = zoned(at, timezone);
  return `${weekdays[there.dayOfWeek - 1] ?? ""} ${local(at, timezone, "second")} ${there.offset}`;
}
