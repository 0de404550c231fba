/** `events.list` and `freeBusy`: what stands in a span of time. */
import { z } from "zod";
import type { Fields } from "../slack/problems.ts";
import type { CalendarCall, CalendarContext } from "./calendar-api.ts";
import { spanOf, type CalendarEvent } from "./calendar-event.ts";
import { instantOf } from "./event-time.ts";
import { GoogleError } from "./google-error.ts";

const FIRST = -8.64e15;
const LAST = 8.64e15;
const USUAL_PAGE = 250;
const LARGEST_PAGE = 2_500;
const MOST_CALENDARS = 50;

const freeBusyRequest = z.object({
  timeMin: z.string(),
  timeMax: z.string(),
  items: z.array(z.object({ id: z.string() })).default([]),
});

export function listEvents(call: CalendarCall, query: URLSearchParams, context: CalendarContext): Fields {
  const span = { from: boundary(query.get("timeMin"), FIRST), to: boundary(query.get("timeMax"), LAST) };
  const found = context.events.list(call.calendar, span).filter((event) => isWanted(event, query));
  const size = Math.min(Number(query.get("maxResults") ?? USUAL_PAGE) || USUAL_PAGE, LARGEST_PAGE);
  const start = Number(query.get("pageToken") ?? 0) || 0;
  const next = start + size < found.length ? { nextPageToken: String(start + size) } : {};
  const updated = new Date(context.now()).toISOString();
  const head = { kind: "calendar#events", summary: call.calendar, updated, timeZone: "UTC", accessRole: "owner" };
  return { ...head, items: found.slice(start, start + size), ...next };
}

function isWanted(event: CalendarEvent, query: URLSearchParams): boolean {
  if (event.status === "cancelled" && query.get("showDeleted") !== "true") return false;
  if (query.has("iCalUID") && event.iCalUID !== query.get("iCalUID")) return false;
  return query.getAll("privateExtendedProperty").every((pair) => {
    const [name = "", ...value] = pair.split("=");
    return event.extendedProperties?.private?.[name] === value.join("=");
  });
}

export function freeBusy(given: Fields, context: CalendarContext): Fields {
  const parsed = freeBusyRequest.safeParse(given);
  if (!parsed.success) throw new GoogleError(400, "required", "Missing timeMin, timeMax or items.");
  const { timeMin, timeMax, items } = parsed.data;
  const span = { from: boundary(timeMin, FIRST), to: boundary(timeMax, LAST) };
  if (span.to < span.from) throw new GoogleError(400, "timeRangeEmpty", "The specified time range is empty.");
  if (items.length > MOST_CALENDARS) {
    throw new GoogleError(
      400,
      "tooManyCalendarsRequested",
      `No more than ${MOST_CALENDARS} calendars may be requested.`,
    );
  }
  const calendars = Object.fromEntries(items.map(({ id }) => [id, busyOf(id, span, context)]));
  return { kind: "calendar#freeBusy", timeMin, timeMax, calendars };
}

/** A person is busy with what they were invited to, unless they declined. */
function busyOf(id: string, span: { from: number; to: number }, context: CalendarContext): Fields {
  if (!context.isCalendar(id)) return { errors: [{ domain: "global", reason: "notFound" }], busy: [] };
  const busy = context.events
    .listAll(span)
    .filter(({ calendar, event }) => isBusy(event) && (calendar === id || isInvited(event, id)))
    .map(({ event }) => spanOf(event))
    .map(({ startAt, endAt }) => ({ start: new Date(startAt).toISOString(), end: new Date(endAt).toISOString() }));
  return { busy };
}

function isBusy(event: CalendarEvent): boolean {
  return event.status !== "cancelled" && event.transparency !== "transparent";
}

function isInvited(event: CalendarEvent, id: string): boolean {
  const wanted = id.toLowerCase();
  if (event.organizer.email.toLowerCase() === wanted) return true;
  return (event.attendees ?? []).some(
    ({ email, responseStatus }) => email.toLowerCase() === wanted && responseStatus !== "declined",
  );
}

function boundary(text: string | null, usual: number): number {
  return text === null ? usual : instantOf({ dateTime: text, timeZone: null }, "start");
}
