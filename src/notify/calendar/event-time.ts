/** When an event is held: the first time that suits every guest, never in the past. Pure. */
import { apartWords, commonTime, guestsOf } from "../../flow/common-time.ts";
import type { CalendarEventEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Interval, WorkingTime } from "../../flow/working-time.ts";
import { list } from "../slack/format.ts";

/** Throws `FailureError` (`Effect.Refused`) that says whose hours, or calendars, leave no room. */
export function eventTime(
  effect: CalendarEventEffect,
  { workingTime, now, busy }: { workingTime: WorkingTime; now: number; busy: readonly Interval[] },
): Interval {
  const { timezone, duration_minutes: minutes, slot } = effect;
  const from = Math.max(now, Date.parse(slot.not_before));
  const meeting = { guests: guestsOf(effect), timezone, from, days: slot.days, minutes };
  const found = commonTime(workingTime, { ...meeting, busy });
  switch (found.kind) {
    case "found":
      return found.slot;
    case "apart":
      throw refused(apartWords(found.guests, meeting));
    case "busy": {
      const guests = list(effect.attendees, "and");
      throw refused(`${guests} have no common free ${minutes} min in ${slot.days} days. Book it by hand.`);
    }
    default:
      return found satisfies never;
  }
}

function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}
