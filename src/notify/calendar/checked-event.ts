/** What any calendar asks of an event before it is made: one address a guest, a zone, an instant. */
import type { CalendarEventEffect, Effect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import { isZone } from "../../flow/zone.ts";
import { isMailAddress } from "../../flow/mail-address.ts";

/** Throws `FailureError`: `Effect.Refused` for another kind of effect, `Input.Invalid` for an event that can't be made. */
export function checkedEvent(effect: Effect): CalendarEventEffect {
  if (effect.kind !== "calendar_event")
    throw new FailureError({ error: "Effect.Refused", cause: `A calendar takes no ${effect.kind}.` });
  const wrong = effect.attendees.find((address) => !isMailAddress(address));
  if (wrong !== undefined) throw invalid(`${wrong} is not one mail address.`);
  const strange = [effect.timezone, ...Object.values(effect.guest_zones ?? {})].find((zone) => !isZone(zone));
  if (strange !== undefined) throw invalid(`${strange} is no time zone.`);
  if (Number.isNaN(Date.parse(effect.slot.not_before))) throw invalid(`${effect.slot.not_before} is no instant.`);
  return effect;
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause });
}
