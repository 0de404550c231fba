/** Working time: Monday to Friday, 10:00 to 17:00 in a zone. Where the next meeting would fall, holidays and calendars aside. */
import { addDays, instantOf, isWeekend, localDate } from "../../../flow/zone.ts";

const opens = 10;
const closes = 17;
/** Meetings start on the half hour. */
const stepMs = 30 * 60_000;

/** A meeting must end within the same working day, so it can't be longer than one. */
export const longestMeetingMinutes = (closes - opens) * 60;

export function nextWorkingTime(parameters: { after: number; minutes: number; timezone: string }): number {
  const { after, minutes, timezone } = parameters;
  const rounded = Math.ceil(after / stepMs) * stepMs;
  for (let date = localDate({ at: rounded, timezone }); ; date = addDays({ date, days: 1 })) {
    if (isWeekend(date)) continue;
    const start = Math.max(rounded, hourOf({ date, hour: opens, timezone }));
    if (start + minutes * 60_000 <= hourOf({ date, hour: closes, timezone })) return start;
  }
}

/** No zone skips ten or seventeen o'clock but where it skips a whole day; such a day has no room. */
function hourOf({ date, hour, timezone }: { date: string; hour: number; timezone: string }): number {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const at = instantOf({ local: { year, month, day, hour, minute: 0, second: 0 }, timezone });
  return at ?? (hour === opens ? Infinity : -Infinity);
}
