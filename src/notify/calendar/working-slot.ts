/** The first free working time: Monday to Friday, 10:00 to 17:00 in the event's zone, on the half hour. Pure. */
import { addDays, instantOf, isWeekend, localDate, type LocalTime } from "../../flow/zone.ts";

/** The hours that the planner's forecast counts with. */
const opensAt = 10;
const closesAt = 17;
const stepMinutes = 30;
const minuteMs = 60_000;

export interface Interval {
  from: number;
  to: number;
}

/** Null: nothing is free from `from` until the start of the last of `days` days. */
export function firstFreeSlot(parameters: {
  from: number;
  days: number;
  durationMinutes: number;
  timezone: string;
  busy: readonly Interval[];
}): Interval | null {
  const { from, days, durationMinutes, timezone, busy } = parameters;
  let date = localDate({ at: from, timezone });
  for (let day = 0; day <= days; day += 1, date = addDays({ date, days: 1 })) {
    for (const start of startsOn(date, { durationMinutes, timezone })) {
      const slot = { from: start, to: start + durationMinutes * minuteMs };
      if (slot.from >= from && !busy.some((other) => other.from < slot.to && slot.from < other.to)) return slot;
    }
  }
  return null;
}

function startsOn(
  date: string,
  { durationMinutes, timezone }: { durationMinutes: number; timezone: string },
): number[] {
  if (isWeekend(date)) return [];
  const starts: number[] = [];
  for (let minute = opensAt * 60; minute + durationMinutes <= closesAt * 60; minute += stepMinutes) {
    const at = instantOf({ local: localAt(date, minute), timezone });
    if (at !== null) starts.push(at);
  }
  return starts;
}

function localAt(date: string, minuteOfDay: number): LocalTime {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return { year, month, day, hour: Math.floor(minuteOfDay / 60), minute: minuteOfDay % 60, second: 0 };
}
