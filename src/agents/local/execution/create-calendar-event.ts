/**
 * `create_calendar_event`: plans one event at the next free working time. The rule is what an approval covers (A3); where it
 * would fall today is a forecast, so it stands in the effect alone and not in the output that dependents read.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { PlannedEffect } from "../../../flow/effect.ts";
import { addDays, isZone, localDate, startOfDay } from "../../../flow/zone.ts";
import type { ActionRequest } from "../../agent.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { asLine } from "./plain-text.ts";
import { RecipientParameter, recipients } from "./recipient.ts";
import { longestMeetingMinutes, nextWorkingTime } from "./working-time.ts";

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
  .describe("Plans one event at the next free working time.");

const Output = z.strictObject({
  title: z.string(),
  attendees: z.array(z.string()),
  duration_minutes: z.number(),
  timezone: z.string(),
});

export function createCalendarEvent(): LocalAction {
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
      const planned = plan({ ...parameters, title, attendees, timezone, now: request.context.now });
      return { output: { title, attendees, duration_minutes, timezone }, effects: [planned] };
    },
  });
}

/** The customer's working day, where their zone is known. */
function meetingZone({ customer, context }: ActionRequest): string {
  const own = customer?.timezone ?? null;
  return own !== null && isZone(own) ? own : context.timezone;
}

function plan(parameters: {
  title: string;
  description: string;
  attendees: string[];
  duration_minutes: number;
  days_ahead: number;
  timezone: string;
  now: number;
}): PlannedEffect {
  const { title, description, attendees, duration_minutes, days_ahead, timezone, now } = parameters;
  const notBefore = earliest({ now, daysAhead: days_ahead, timezone });
  const forecast = nextWorkingTime({ after: notBefore, minutes: duration_minutes, timezone });
  return {
    target: null,
    effect: {
      kind: "calendar_event",
      title,
      description,
      attendees,
      duration_minutes,
      timezone,
      slot: { rule: "next_free_working_time", not_before: inZone(notBefore, timezone), days: searchedDays },
      forecast_at: inZone(forecast, timezone),
    },
  };
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
