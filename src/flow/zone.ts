/**
 * Time zones: where a local date or time lies on the line of instants. The zone is always named by the caller, never the
 * process's own. Instants are milliseconds since the epoch, dates are ISO (`2026-11-01`).
 *
 * Z1. A local time that the clocks skip is no instant (null); one that they repeat is its first pass.
 * Z2. A day begins at its first instant, which isn't midnight where the clocks skip it.
 */
import { Temporal } from "temporal-polyfill";

export interface LocalTime {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Asking the runtime takes tens of microseconds, and thousands of customers live in few zones. */
const knownZones = new Set<string>();

/** An IANA name; bare offsets such as +02:00 know nothing of summer time and are refused. */
export function isZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    if (new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone === "") return false;
  } catch {
    return false;
  }
  knownZones.add(name);
  return true;
}

/** The calendar day of an instant. */
export function localDate({ at, timezone }: { at: number; timezone: string }): string {
  return zoned(at, timezone).toPlainDate().toString();
}

export function localTime({ at, timezone }: { at: number; timezone: string }): LocalTime {
  const { year, month, day, hour, minute, second } = zoned(at, timezone);
  return { year, month, day, hour, minute, second };
}

/** The first instant of a calendar day (Z2). */
export function startOfDay({ date, timezone }: { date: string; timezone: string }): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds;
}

/** The instant of a local time (Z1). */
export function instantOf({ local, timezone }: { local: LocalTime; timezone: string }): number | null {
  const plain = Temporal.PlainDateTime.from(local, { overflow: "reject" });
  const found = plain.toZonedDateTime(timezone, { disambiguation: "earlier" });
  return found.toPlainDateTime().equals(plain) ? found.epochMilliseconds : null;
}

/** Calendar days from one date to the other; negative when the second is earlier. */
export function daysBetween(fromIsoDate: string, toIsoDate: string): number {
  return Temporal.PlainDate.from(fromIsoDate).until(Temporal.PlainDate.from(toIsoDate), { largestUnit: "day" }).days;
}

/** Saturday or Sunday. */
export function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

export function addDays({ date, days }: { date: string; days: number }): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

function zoned(at: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
}
