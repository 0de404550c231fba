/**
 * When a week's digest is due. A week begins on Sunday at 09:00 UTC, when its flow fires: before any Monday morning on earth. So
 * whatever is late by up to a week, each week has one instant in each zone.
 */
import { addDays, instantOf, isZone, localTime } from "../../../flow/zone.ts";
import type { DigestDay, DigestSettings } from "./digest-settings.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** 4 January 1970 was a Sunday. */
const firstWeek = 3 * dayMs + 9 * hourMs;

export function weekStart(now: number): number {
  return firstWeek + Math.floor((now - firstWeek) / weekMs) * weekMs;
}

const weekdays: Readonly<Record<DigestDay, number>> = { monday: 1, tuesday: 2, wednesday: 3, thursday: 4, friday: 5 };

/** The week's chosen day and hour there; an hour that a clock change skips is the next one. */
export function digestTime(parameters: {
  now: number;
  timezone: string;
  settings: Pick<DigestSettings, "day" | "hour">;
}): number {
  const { now, settings } = parameters;
  const timezone = isZone(parameters.timezone) ? parameters.timezone : "UTC";
  const start = weekStart(now);
  const sunday = new Date(start).toISOString().slice(0, 10);
  const date = addDays({ date: sunday, days: weekdays[settings.day] });
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  for (let hour = settings.hour; hour < 24; hour += 1) {
    const at = instantOf({
      local: { ...localTime({ at: start, timezone }), year, month, day, hour, minute: 0, second: 0 },
      timezone,
    });
    if (at !== null) return at;
  }
  return start + weekdays[settings.day] * dayMs;
}
