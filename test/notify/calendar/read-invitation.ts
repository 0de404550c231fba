/** An invitation as another's parser reads it (ical.js): what a guest's calendar will hold. */
import ICAL from "ical.js";

export interface ReadInvitation {
  method: unknown;
  /** Names of all properties of the one event, in their order. */
  properties: string[];
  uid: unknown;
  sequence: unknown;
  stamp: string;
  start: string;
  end: string;
  summary: unknown;
  description: unknown;
  organizer: { value: unknown; name: unknown };
  attendees: { value: unknown; rsvp: unknown; partstat: unknown }[];
}

/** Throws where there is not exactly one event and nothing else. */
export function readInvitation(text: string): ReadInvitation {
  const calendar = ICAL.Component.fromString(text);
  const [event, ...others] = calendar.getAllSubcomponents();
  if (event?.name !== "vevent" || others.length > 0 || event.getAllSubcomponents().length > 0)
    throw new Error(`not one event: ${text}`);
  const organizer = event.getFirstProperty("organizer");
  return {
    method: calendar.getFirstPropertyValue("method"),
    properties: event.getAllProperties().map(({ name }) => name),
    uid: event.getFirstPropertyValue("uid"),
    sequence: event.getFirstPropertyValue("sequence"),
    stamp: instant(event, "dtstamp"),
    start: instant(event, "dtstart"),
    end: instant(event, "dtend"),
    summary: event.getFirstPropertyValue("summary"),
    description: event.getFirstPropertyValue("description"),
    organizer: { value: organizer?.getFirstValue(), name: organizer?.getParameter("cn") },
    attendees: event.getAllProperties("attendee").map((attendee) => ({
      value: String(attendee.getFirstValue()).toLowerCase(),
      rsvp: attendee.getParameter("rsvp"),
      partstat: attendee.getParameter("partstat"),
    })),
  };
}

function instant(event: InstanceType<typeof ICAL.Component>, name: string): string {
  const value = event.getFirstPropertyValue(name);
  if (!(value instanceof ICAL.Time)) throw new Error(`${name} is no time`);
  return value.toJSDate().toISOString();
}
