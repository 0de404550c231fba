/** Events of all calendars. A deleted one stays, cancelled, and keeps its id, as it does for Google. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { PageCalendarEvent } from "../page-api.ts";
import type { PageFeed } from "../page-server/page-feed.ts";
import { calendarEvent, spanOf, type CalendarEvent } from "./calendar-event.ts";

const eventRow = z.object({ event: z.string() }).transform((row) => calendarEvent.parse(JSON.parse(row.event)));

export class CalendarStore {
  readonly #database: DatabaseSync;
  readonly #feed: PageFeed;

  constructor(parameters: { database: DatabaseSync; feed: PageFeed }) {
    this.#database = parameters.database;
    this.#feed = parameters.feed;
  }

  find(calendar: string, id: string): CalendarEvent | null {
    const row = this.#database
      .prepare("SELECT event FROM calendar_events WHERE calendar = ? AND id = ?")
      .get(calendar, id);
    return row === undefined ? null : eventRow.parse(row);
  }

  put(calendar: string, event: CalendarEvent): void {
    const { startAt, endAt } = spanOf(event);
    this.#database
      .prepare(
        `INSERT INTO calendar_events (calendar, id, status, start_at, end_at, event) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (calendar, id) DO UPDATE SET status = excluded.status, start_at = excluded.start_at,
           end_at = excluded.end_at, event = excluded.event`,
      )
      .run(calendar, event.id, event.status, startAt, endAt, JSON.stringify(event));
    this.#feed.publish({ type: "calendar_event", event: asPageEvent(event) });
  }

  /** By start; the span's ends are Google's: an event that ends after `from` and starts before `to`. */
  list(calendar: string, { from, to }: { from: number; to: number }): CalendarEvent[] {
    return this.#database
      .prepare(
        "SELECT event FROM calendar_events WHERE calendar = ? AND end_at > ? AND start_at < ? ORDER BY start_at, id",
      )
      .all(calendar, from, to)
      .map((row) => eventRow.parse(row));
  }

  /** Everything in a span, whoever's calendar it is. */
  listAll({ from, to }: { from: number; to: number }): { calendar: string; event: CalendarEvent }[] {
    return this.#database
      .prepare("SELECT calendar, event FROM calendar_events WHERE end_at > ? AND start_at < ? ORDER BY start_at, id")
      .all(from, to)
      .map((row) => ({ calendar: String(row["calendar"]), event: eventRow.parse(row) }));
  }

  forPage(): PageCalendarEvent[] {
    return this.#database
      .prepare("SELECT event FROM calendar_events ORDER BY start_at, id")
      .all()
      .map((row) => asPageEvent(eventRow.parse(row)));
  }
}

function asPageEvent(event: CalendarEvent): PageCalendarEvent {
  const { startAt, endAt } = spanOf(event);
  return {
    id: event.id,
    status: event.status,
    summary: event.summary ?? "",
    description: event.description ?? "",
    start: new Date(startAt).toISOString(),
    end: new Date(endAt).toISOString(),
    timezone: event.start.timeZone ?? "UTC",
    attendees: (event.attendees ?? []).map(({ email }) => email),
    organizer: event.organizer.email,
  };
}
