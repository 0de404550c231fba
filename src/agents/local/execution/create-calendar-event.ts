/**
 * `create_calendar_event`: plans one event at the next free time that is working time for every guest. The rule is what an approval
 * covers (A3); where it would fall today is a forecast, so it stands in the effect alone and not in the output that dependents read.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { apartWords, commonTime, guestsOf, longestMeetingMinutes } from "../../../flow/common-time.ts";
import type { CalendarEventEffect } from "../../../flow/effect.ts";
import { FailureError } from "../../../flow/failure.ts";
import type { WorkingTime } from "../../../flow/working-time.ts";
import { addDays, isZone, localDate, startOfDay } from "../../../flow/zone.ts";
import type { ActionRequest } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { asLine } from "./plain-text.ts";
import { RecipientParameter, recipients } from "./recipient.ts";

/** How far a notifier may look for a free time. */
const searchedDays = 14;

const Parameters = z
  .strictObject({
    title: z.string().trim().min(1).max(300),
    attendees: z
      .union([z.array(RecipientParameter), RecipientParameter.transform((one) => [one])])
      .describe("mail addresses"),
    duration_minutes: z.number().int().min(5).max(longestMeetingMinutes).default(30),
    description: z.string().max(8_000).default(""),
    days_ahead: z
      .number()
      .int()
      .min(0)
      .max(365)
      .default(2)
      .describe("not before so many days from now, in the event's zone"),
  })
  .describe("Plans one event at the next free time that is working time for every guest, in the zone of each.");

const Output = z.strictObject({
  title: z.string(),
  attendees: z.array(z.string()),
  duration_minutes: z.number(),
  timezone: z.string(),
});

/** Null: nobody knows. */
export type ZoneOf = (email: string) => Promise<string | null>;

export function createCalendarEvent({
  zoneOf,
  workingTime,
}: {
  zoneOf: ZoneOf;
  workingTime: WorkingTime;
}): LocalAction {
  return defineAction({
    agent: "execution_agent",
    action: "create_calendar_event",
    parameters: Parameters,
    output: Output,
    reads: [],
    plansEffects: true,
    readsCustomer: false,
    run: async (parameters, request) => {
      const attendees = recipients(parameters.attendees, { what: "an attendee" });
      const title = asLine(parameters.title);
      const timezone = meetingZone(request);
      const { duration_minutes } = parameters;
      const { now } = request.context;
      const zones = await zonesElsewhere(attendees, { zoneOf, timezone });
      const event = eventOf({ ...parameters, title, attendees, timezone, zones, now });
      const effects = [{ target: null, effect: { ...event, forecast_at: forecast(event, workingTime) } }];
      return { output: { title, attendees, duration_minutes, timezone }, effects };
    },
  });
}

async function zonesElsewhere(
  attendees: readonly string[],
  { zoneOf, timezone }: { zoneOf: ZoneOf; timezone: string },
): Promise<Record<string, string>> {
  const known = await Promise.all(attendees.map(async (email) => [email, (await zoneOf(email)) ?? timezone] as const));
  return Object.fromEntries(known.filter(([, zone]) => zone !== timezone && isZone(zone)));
}

/** The customer's working day, where their zone is known. */
function meetingZone({ customer, context }: ActionRequest): string {
  const own = customer?.timezone ?? null;
  return own !== null && isZone(own) ? own : context.timezone;
}

type Event = Omit<CalendarEventEffect, "forecast_at">;

function eventOf(parameters: {
  title: string;
  description: string;
  attendees: string[];
  duration_minutes: number;
  days_ahead: number;
  timezone: string;
  zones: Record<string, string>;
  now: number;
}): Event {
  const { days_ahead, zones, now, ...event } = parameters;
  const { timezone } = event;
  const notBefore = earliest({ now, daysAhead: days_ahead, timezone });
  return {
    kind: "calendar_event",
    ...event,
    ...(Object.keys(zones).length === 0 ? {} : { guest_zones: zones }),
    slot: { rule: "next_free_working_time", not_before: inZone(notBefore, timezone), days: searchedDays },
  };
}

/** What nobody can attend in their working hours isn't planned. Throws `FailureError` (`Effect.Refused`). */
function forecast(event: Event, workingTime: WorkingTime): string {
  const { timezone, duration_minutes: minutes } = event;
  const from = Date.parse(event.slot.not_before);
  const meeting = { guests: guestsOf(event), timezone, from, days: searchedDays, minutes };
  const found = commonTime(workingTime, { ...meeting, busy: [] });
  if (found.kind === "found") return inZone(found.slot.from, timezone);
  const guests = found.kind === "apart" ? found.guests : meeting.guests;
  throw new FailureError({ error: "Effect.Refused", cause: apartWords(guests, meeting) });
}

/** Days ahead are calendar days of the zone: two days after Monday is Wednesday from its first minute. */
function earliest({ now, daysAhead, timezone }: { now: number; daysAhead: number; timezone: string }): number {
  const day = addDays({ date: localDate({ at: now, timezone }), days: daysAhead });
  return Math.max(now, startOfDay({ date: day, timezone }));
}

/** With the zone's own offset, so that the date in the text is the day that people there know. */
function inZone(at: number, timezone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone);
  return zoned.toString({ timeZoneName: "never", smallestUnit: "second" });
}
