/** Calendar events by day, as they stand in the agenda. Pure. */
import type { PageCalendarEvent } from "../page-api.ts";
import { dayKey, dayName, format, type Reader } from "./dates.ts";

export interface AgendaDay {
  key: string;
  name: string;
  past: boolean;
  events: AgendaEvent[];
}

export interface AgendaEvent {
  event: PageCalendarEvent;
  /** In the event's own zone, which is also the zone of its day. */
  time: string;
  zone: string;
  /** What the reader's clock says then, where it differs. */
  readerTime: string | null;
  cancelled: boolean;
}

export function agenda(events: PageCalendarEvent[], reader: Reader): AgendaDay[] {
  const sorted = events.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const today = dayKey(reader.now, reader.zone);
  const days = Map.groupBy(sorted, (event) => dayKey(Date.parse(event.start), event.timezone));
  return Array.from(days, ([key, onDay]) => ({
    key,
    name: dayName(Date.parse(onDay[0]?.start ?? ""), { zone: onDay[0]?.timezone ?? reader.zone, now: reader.now }),
    past: key < today,
    events: onDay.map((event) => agendaEvent(event, reader)),
  })).toSorted((a, b) => a.key.localeCompare(b.key));
}

function agendaEvent(event: PageCalendarEvent, reader: Reader): AgendaEvent {
  const [start, end] = [Date.parse(event.start), Date.parse(event.end)];
  const own = span(start, end, event.timezone);
  const theirs = span(start, end, reader.zone);
  return {
    event,
    time: own,
    zone: event.timezone.replaceAll("_", " "),
    readerTime: own === theirs ? null : theirs,
    cancelled: event.status === "cancelled",
  };
}

function span(start: number, end: number, zone: string): string {
  return `${format(start, "time", zone)}–${format(end, "time", zone)}`;
}
