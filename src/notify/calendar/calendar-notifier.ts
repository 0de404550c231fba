/**
 * Events in Google Calendar, which takes our id and refuses a repeat (`native`).
 *
 * - C1. The id comes from the effect's key (E1). 409 means that it is done, if the event carries our key.
 * - C2. An event that a person has deleted stays deleted: it keeps its id, and that is respected.
 * - C3. The slot is found when the event is made: the plan's rule is what was approved, its time only a forecast (A3).
 */
import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import type { CalendarEventEffect, Receipt } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import { type Interval, officeHours, type WorkingTime } from "../../flow/working-time.ts";
import type { Notifier } from "../notifier.ts";
import { list, zonedMoment } from "../slack/format.ts";
import { checkedEvent } from "./checked-event.ts";
import { eventId } from "./event-id.ts";
import { eventTime } from "./event-time.ts";
import { createGoogleClient, type GoogleClientOptions } from "./google-client.ts";
import { googleFailure, statusOf } from "./google-failure.ts";

export interface CalendarNotifierOptions extends GoogleClientOptions {
  calendarId: string;
  /** Left out: nine to five, without holidays. */
  workingTime?: WorkingTime;
}

interface Call {
  client: calendar_v3.Calendar;
  calendarId: string;
  workingTime: WorkingTime;
  key: string;
  effect: CalendarEventEffect;
  now: number;
  signal: AbortSignal;
}

const dayMs = 86_400_000;
/** Google's own limit for one question. */
const mostCalendars = 50;
const keyProperty = "revops_key";

export function createCalendarNotifier(options: CalendarNotifierOptions): Notifier {
  let client: Promise<calendar_v3.Calendar> | null = null;
  return {
    kinds: ["calendar_event"],
    idempotency: "native",
    async perform({ key, effect, now, signal }) {
      const event = checkedEvent(effect);
      client ??= createGoogleClient(options);
      try {
        const { calendarId, workingTime = officeHours } = options;
        const call = { client: await client, calendarId, workingTime, key, effect: event, now, signal };
        return await until(signal, book(call));
      } catch (error) {
        // A key file that was mended is read again at the next try.
        if (error instanceof FailureError) client = null;
        throw googleFailure(error, signal);
      }
    },
  };
}

/** The library fetches its token without our signal. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function book(call: Call): Promise<Receipt> {
  const slot = await freeSlot(call);
  const { client, calendarId, effect, key, signal } = call;
  const requestBody = {
    id: eventId(key),
    summary: effect.title,
    description: plainText(effect.description),
    start: { dateTime: new Date(slot.from).toISOString(), timeZone: effect.timezone },
    end: { dateTime: new Date(slot.to).toISOString(), timeZone: effect.timezone },
    attendees: effect.attendees.map((email) => ({ email })),
    extendedProperties: { private: { [keyProperty]: key } },
  };
  try {
    const { data } = await client.events.insert(
      { calendarId, sendUpdates: "all", requestBody },
      { signal, retry: false },
    );
    return receipt(call, { from: slot.from, url: data.htmlLink ?? null });
  } catch (error) {
    if (statusOf(error) === 409) return standing(call);
    throw error;
  }
}

/** C1, C2. */
async function standing(call: Call): Promise<Receipt> {
  const { client, calendarId, effect, key, signal } = call;
  const { data } = await client.events.get({ calendarId, eventId: eventId(key) }, { signal, retry: false });
  if (data.extendedProperties?.private?.[keyProperty] !== key) throw refused("Another event has this event's id.");
  if (data.status === "cancelled") {
    return { id: eventId(key), summary: `event "${effect.title}", deleted in the calendar since`, url: null };
  }
  const from = Date.parse(data.start?.dateTime ?? "");
  return receipt(call, { from: Number.isNaN(from) ? null : from, url: data.htmlLink ?? null });
}

async function freeSlot(call: Call): Promise<Interval> {
  const { effect, workingTime, now } = call;
  const from = Math.max(now, Date.parse(effect.slot.not_before));
  const busy = await busyTimes(call, { from, to: from + (effect.slot.days + 2) * dayMs });
  return eventTime(effect, { workingTime, now, busy });
}

/** A guest whose calendar isn't open to us counts as free: they answer the invitation themselves. */
async function busyTimes(call: Call, { from, to }: Interval): Promise<Interval[]> {
  const { client, calendarId, effect, signal } = call;
  const items = [...new Set([calendarId, ...effect.attendees])].slice(0, mostCalendars).map((id) => ({ id }));
  const requestBody = { timeMin: new Date(from).toISOString(), timeMax: new Date(to).toISOString(), items };
  const { data } = await client.freebusy.query({ requestBody }, { signal, retry: false });
  return Object.values(data.calendars ?? {}).flatMap(({ busy }) => (busy ?? []).flatMap((period) => interval(period)));
}

function interval({ start, end }: calendar_v3.Schema$TimePeriod): Interval[] {
  const read = { from: Date.parse(start ?? ""), to: Date.parse(end ?? "") };
  return Number.isNaN(read.from) || Number.isNaN(read.to) ? [] : [read];
}

function receipt({ key, effect }: Call, { from, url }: { from: number | null; url: string | null }): Receipt {
  const when = from === null ? "" : ` on ${zonedMoment({ at: from, timezone: effect.timezone })}`;
  const summary = `event${when}, ${effect.duration_minutes} min, with ${list(effect.attendees, "and")} — ${effect.title}`;
  return { id: eventId(key), summary, url };
}

/** T2: Google shows a description as HTML. */
function plainText(text: string): string {
  return text.replaceAll("<", "‹").replaceAll(">", "›");
}

function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}
