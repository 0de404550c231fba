/** The hours in which people are at work: Monday to Friday, nine to five, in their own zone. */
import { addDays, instantOf, isWeekend, localDate, localTime } from "./zone.ts";

const opens = 9;
const closes = 17;
/** A working day is never further away. */
const daysAhead = 4;

/** The first instant, from `at` on, that lies in them. */
export function nextWorkingInstant({ at, timezone }: { at: number; timezone: string }): number {
  const { hour } = localTime({ at, timezone });
  const today = localDate({ at, timezone });
  if (!isWeekend(today) && hour >= opens && hour < closes) return at;
  for (let days = hour < opens ? 0 : 1; days <= daysAhead; days += 1) {
    const date = addDays({ date: today, days });
    const opening = isWeekend(date) ? null : openingOf(date, timezone);
    if (opening !== null) return opening;
  }
  return at;
}

function openingOf(date: string, timezone: string): number | null {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  return instantOf({ local: { year, month, day, hour: opens, minute: 0, second: 0 }, timezone });
}
