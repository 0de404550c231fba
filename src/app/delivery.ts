/** How mails and events leave: by what is set up for them, else by the next best way, and said at start which. */
import { createCalendarNotifier, type CalendarNotifierOptions } from "../notify/calendar/calendar-notifier.ts";
import { readServiceAccount } from "../notify/calendar/google-client.ts";
import { createInvitationNotifier } from "../notify/calendar/invitation-notifier.ts";
import { createEmailNotifier } from "../notify/email/email-notifier.ts";
import type { MailerOptions } from "../notify/email/mailer.ts";
import type { Notifier } from "../notify/notifier.ts";
import { directMessageInstead } from "../notify/slack/direct-message-instead.ts";
import type { CalendarSettings } from "./delivery-settings.ts";

export interface Delivery {
  /** Null: a direct message instead. */
  smtp: MailerOptions | null;
  /** Null: an invitation by mail; without a mail server a direct message. */
  calendar: CalendarNotifierOptions | null;
}

export function deliveryNotifiers({ smtp, calendar, slack }: Delivery & { slack: Notifier }): Notifier[] {
  return [
    smtp === null ? directMessageInstead({ slack, kind: "email" }) : createEmailNotifier(smtp),
    eventNotifier({ smtp, calendar, slack }),
  ];
}

function eventNotifier({ smtp, calendar, slack }: Delivery & { slack: Notifier }): Notifier {
  if (calendar !== null) return createCalendarNotifier(calendar);
  if (smtp !== null) return createInvitationNotifier(smtp);
  return directMessageInstead({ slack, kind: "calendar_event" });
}

export interface DeliveryLine {
  text: string;
  /** Not the way that was meant, but the next best. */
  instead: boolean;
}

/** One for mails, one for events; no address and no secret is in them (T3). */
export function deliveryLines({ smtp, calendar }: { [Service in keyof Delivery]: object | null }): DeliveryLine[] {
  const mails =
    smtp === null
      ? { text: "SMTP_URL is not set: mails go out as direct messages instead", instead: true }
      : { text: "mails go out through the server of SMTP_URL", instead: false };
  return [mails, eventLine({ smtp, calendar })];
}

function eventLine({ smtp, calendar }: { [Service in keyof Delivery]: object | null }): DeliveryLine {
  if (calendar !== null) return { text: "events go into the calendar of GOOGLE_CALENDAR_ID", instead: false };
  const way = smtp === null ? "direct messages" : "invitations by mail";
  return { text: `GOOGLE_CALENDAR_ID is not set: events go out as ${way} instead`, instead: true };
}

/** The key is read at start: a missing one shouldn't come to light with the first event. Throws `FailureError`. */
export async function googleCalendar(settings: CalendarSettings): Promise<CalendarNotifierOptions> {
  const { keyFile, calendarId, impersonate, rootUrl } = settings;
  return {
    credentials: await readServiceAccount(keyFile),
    calendarId,
    ...(impersonate === null ? {} : { subject: impersonate }),
    ...(rootUrl === null ? {} : { rootUrl }),
  };
}
