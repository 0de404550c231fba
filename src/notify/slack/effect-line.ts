/** What an effect is, in one line that a person can check: who gets what, and when. */
import { valueInWords } from "../../flow/crm-change.ts";
import type { CrmChange, CrmUpdateEffect, Effect } from "../../flow/effect.ts";
import { piece } from "./escape.ts";
import { day, list, zonedMoment } from "./format.ts";

/** mrkdwn, escaped. */
export function effectLine(effect: Effect): string {
  switch (effect.kind) {
    case "email":
      return `mail to ${piece(effect.to)} — ${piece(effect.subject)}`;
    case "slack_message":
      return `message to ${piece(effect.to.kind === "person" ? effect.to.email : effect.to.channel)}`;
    case "calendar_event":
      return `event on ${eventWords(effect)} — ${piece(effect.title)}`;
    case "crm_update":
      return `${updateHead(effect)} — ${effect.changes.map((change) => changeLine(change, 60)).join(", ")}`;
    default:
      return effect satisfies never;
  }
}

export function updateHead({ customer }: CrmUpdateEffect): string {
  return `CRM update of ${piece(customer.name)}`;
}

/** Each value is cut by itself, so that a long one never hides the other. */
export function changeLine({ field, from, to }: CrmChange, maxLength: number): string {
  return `${field.replaceAll("_", " ")} ${piece(valueInWords(from), maxLength)} → ${piece(valueInWords(to), maxLength)}`;
}

/** A slot is a forecast (A3): said as one, with the rule that decides it. */
export function slotLine(effect: Effect & { kind: "calendar_event" }): string {
  const from = day(effect.slot.not_before.slice(0, 10), effect.forecast_at);
  return `the time is a forecast: the first free working time from ${piece(from)}, looked for over ${effect.slot.days} days`;
}

function eventWords(effect: Effect & { kind: "calendar_event" }): string {
  const guests = list(
    effect.attendees.map((guest) => piece(guest)),
    "and",
  );
  return `${forecast(effect)}, ${effect.duration_minutes} min, with ${guests}`;
}

function forecast({ forecast_at, timezone }: { forecast_at: string; timezone: string }): string {
  const at = Date.parse(forecast_at);
  if (Number.isNaN(at)) return "the next free working time";
  try {
    return zonedMoment({ at, timezone });
  } catch {
    return zonedMoment({ at, timezone: "UTC" });
  }
}
