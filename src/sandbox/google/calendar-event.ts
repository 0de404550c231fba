/** A calendar event as Google keeps it: the client's fields, checked, and Google's own. Pure. */
import { z } from "zod";
import { isObject, type Fields } from "../slack/problems.ts";
import { eventTime, instantOf } from "./event-time.ts";
import { GoogleError } from "./google-error.ts";

/** base32hex: what Google takes as an id from a client. */
const CLIENT_ID = /^[a-v0-9]{5,1024}$/;
const MAIL = /^[^\s@<>,;]+@[^\s@<>,;]+$/;

export const calendarEvent = z.looseObject({
  id: z.string(),
  status: z.enum(["confirmed", "tentative", "cancelled"]),
  start: eventTime,
  end: eventTime,
  summary: z.string().optional(),
  description: z.string().optional(),
  sequence: z.number(),
  transparency: z.string().optional(),
  attendees: z.array(z.looseObject({ email: z.string(), responseStatus: z.string().optional() })).optional(),
  organizer: z.looseObject({ email: z.string() }),
  extendedProperties: z.looseObject({ private: z.record(z.string(), z.string()).optional() }).optional(),
  updated: z.string(),
  iCalUID: z.string(),
});

export type CalendarEvent = z.infer<typeof calendarEvent>;

/** Google decides these, whatever a client sends. */
const OWN_FIELDS = [
  "kind",
  "etag",
  "id",
  "htmlLink",
  "created",
  "updated",
  "creator",
  "organizer",
  "sequence",
  "iCalUID",
];

export function checkClientId(id: unknown): void {
  if (id !== undefined && id !== null && !(typeof id === "string" && CLIENT_ID.test(id))) {
    throw new GoogleError(400, "invalid", "Invalid resource id value.");
  }
}

export function newEvent(parameters: {
  given: Fields;
  id: string;
  organizer: string;
  htmlLink: string;
  now: number;
}): CalendarEvent {
  const { given, id, organizer, htmlLink, now } = parameters;
  const at = new Date(now).toISOString();
  return checked({
    eventType: "default",
    reminders: { useDefault: true },
    status: "confirmed",
    ...clientFields(given),
    kind: "calendar#event",
    etag: etag(now),
    id,
    htmlLink,
    created: at,
    updated: at,
    creator: { email: organizer, self: true },
    organizer: { email: organizer, self: true },
    iCalUID: `${id}@google.com`,
    sequence: 0,
  });
}

/** `patch`: what is given replaces field by field, null removes; else the client's fields are replaced as a whole. */
export function changedEvent(parameters: {
  stored: CalendarEvent;
  given: Fields;
  isPatch: boolean;
  now: number;
}): CalendarEvent {
  const { stored, given, isPatch, now } = parameters;
  const own = Object.fromEntries(OWN_FIELDS.map((name) => [name, stored[name]]));
  const before = isPatch ? stored : { status: stored.status, eventType: "default", reminders: { useDefault: true } };
  const merged = dropNull({ ...before, ...clientFields(given), ...own });
  const isMoved =
    JSON.stringify(merged["start"]) !== JSON.stringify(stored.start) ||
    JSON.stringify(merged["end"]) !== JSON.stringify(stored.end);
  const sequence = stored.sequence + (isMoved ? 1 : 0);
  return checked({ ...merged, sequence, updated: new Date(now).toISOString(), etag: etag(now) });
}

export function cancelledEvent(stored: CalendarEvent, now: number): CalendarEvent {
  return { ...stored, status: "cancelled", updated: new Date(now).toISOString(), etag: etag(now) };
}

export function spanOf(event: Pick<CalendarEvent, "start" | "end">): { startAt: number; endAt: number } {
  return { startAt: instantOf(event.start, "start"), endAt: instantOf(event.end, "end") };
}

function checked(fields: Fields): CalendarEvent {
  checkTimes(fields);
  checkAttendees(fields["attendees"]);
  const parsed = calendarEvent.safeParse(fields);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new GoogleError(400, "invalid", `Invalid value for: ${place}`);
}

function checkTimes(fields: Fields): void {
  const span = [fields["start"], fields["end"]].map((time, index) => {
    const parsed = eventTime.nullish().safeParse(time);
    const side = index === 0 ? "start" : "end";
    if (!parsed.success) throw new GoogleError(400, "invalid", `Invalid ${side} time.`);
    return { at: instantOf(parsed.data, side), isDay: Boolean(parsed.data?.date) };
  });
  const [start, end] = span;
  if (start === undefined || end === undefined) return;
  if (start.isDay !== end.isDay) {
    throw new GoogleError(400, "invalid", "Start and end times must either both be date or both be dateTime.");
  }
  if (end.at < start.at) throw new GoogleError(400, "timeRangeEmpty", "The specified time range is empty.");
}

function checkAttendees(attendees: unknown): void {
  if (attendees === undefined || attendees === null) return;
  const list: unknown[] = Array.isArray(attendees) ? attendees : [attendees];
  for (const attendee of list) {
    const email = isObject(attendee) ? attendee["email"] : undefined;
    if (typeof email !== "string" || !MAIL.test(email))
      throw new GoogleError(400, "invalid", "Invalid attendee email.");
  }
}

function clientFields(given: Fields): Fields {
  const fields = Object.fromEntries(Object.entries(given).filter(([name]) => !OWN_FIELDS.includes(name)));
  if (!Array.isArray(fields["attendees"])) return fields;
  const attendees: unknown[] = fields["attendees"];
  return {
    ...fields,
    attendees: attendees.map((attendee) =>
      isObject(attendee) ? { responseStatus: "needsAction", ...attendee } : attendee,
    ),
  };
}

function dropNull(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}

function etag(now: number): string {
  return `"${now * 2_000}"`;
}
