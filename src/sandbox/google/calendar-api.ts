/** Calendar v3: events of one calendar. Pure of HTTP; refusals are thrown. */
import type { Fields } from "../slack/problems.ts";
import { cancelledEvent, changedEvent, checkClientId, newEvent, type CalendarEvent } from "./calendar-event.ts";
import type { CalendarStore } from "./calendar-store.ts";
import { GoogleError, notFound } from "./google-error.ts";

export interface CalendarContext {
  events: CalendarStore;
  /** Whether there is such a calendar; people's addresses are theirs. */
  isCalendar: (id: string) => boolean;
  now: () => number;
  randomHex: (bytes: number) => string;
  url: () => string;
}

/** Whose calendar, in whose name. */
export interface CalendarCall {
  calendar: string;
  subject: string;
}

export function insertEvent(call: CalendarCall, given: Fields, context: CalendarContext): CalendarEvent {
  checkClientId(given["id"]);
  const id = typeof given["id"] === "string" ? given["id"] : context.randomHex(13);
  const event = newEvent({
    given,
    id,
    organizer: call.subject,
    htmlLink: `${context.url()}/#/calendar`,
    now: context.now(),
  });
  if (context.events.find(call.calendar, id) !== null) {
    throw new GoogleError(409, "duplicate", "The requested identifier already exists.");
  }
  context.events.put(call.calendar, event);
  return event;
}

/** A deleted event is still shown to who asks by id. */
export function getEvent(call: CalendarCall, id: string, { events }: CalendarContext): CalendarEvent {
  const event = events.find(call.calendar, id);
  if (event === null) throw notFound();
  return event;
}

export function changeEvent(
  call: CalendarCall,
  { id, given, isPatch }: { id: string; given: Fields; isPatch: boolean },
  context: CalendarContext,
): CalendarEvent {
  const stored = getEvent(call, id, context);
  const event = changedEvent({ stored, given, isPatch, now: context.now() });
  context.events.put(call.calendar, event);
  return event;
}

export function deleteEvent(call: CalendarCall, id: string, context: CalendarContext): void {
  const stored = getEvent(call, id, context);
  if (stored.status === "cancelled") throw new GoogleError(410, "deleted", "Resource has been deleted");
  context.events.put(call.calendar, cancelledEvent(stored, context.now()));
}
