/** How mails and events leave: by what is set up for them, else by the next best way, and said at start which. */
import { createCalendarNotifier, type CalendarNotifierOptions } from "../notify/calendar/calendar-notifier.ts";
import { readServiceAccount } from "../notify/calendar/google-client.ts";
import { createInvitationNotifier } from "../notify/calendar/invitation-notifier.ts";
import { createEmailNotifier } from "../notify/email/email-notifier.ts";
import type { MailerOptions } from "../notify/email/mailer.ts";
import type { ContactRules } from "../engine/contact-rules.ts";
import type { Notifier } from "../notify/notifier.ts";
import { directMessageInstead } from "../notify/slack/direct-message-instead.ts";
import type { CalendarSettings } from "./delivery-settings.ts";

export interface Delivery {
  /** Null: a direct message instead. */
  smtp: MailerOptions | null;
  /** Null: an invitation by mail; without a mail server a direct message. */
  calendar: CalendarNotifierOptions | null;
}

/** What goes by no way has no notifier: its effects are refused by name. */
export function deliveryNotifiers(parameters: Delivery & { slack: Notifier; contacts: ContactRules }): Notifier[] {
  const { smtp, contacts, slack } = parameters;
  const instead = contacts.directMessages ? [directMessageInstead({ slack, kind: "email" })] : [];
  return [...(smtp === null ? instead : [createEmailNotifier(smtp)]), ...eventNotifiers(parameters)];
}

function eventNotifiers(parameters: Delivery & { slack: Notifier; contacts: ContactRules }): Notifier[] {
  const { smtp, calendar, slack, contacts } = parameters;
  const { workingTime } = contacts;
  if (calendar !== null) return [createCalendarNotifier({ ...calendar, workingTime })];
  if (smtp !== null) return [createInvitationNotifier({ ...smtp, workingTime })];
  return contacts.directMessages ? [directMessageInstead({ slack, kind: "calendar_event" })] : [];
}

export interface DeliveryLine {
  text: string;
  /** Not the way that was meant, but the next best. */
  instead: boolean;
}

/** One for mails, one for events; no address and no secret is in them (T3). */
export function deliveryLines(services: Services): DeliveryLine[] {
  const { smtp, directMessages } = services;
  const way = directMessages ? "mails go out as direct messages instead" : `mails go to nobody${unwanted}`;
  const mails =
    smtp === null
      ? { text: `SMTP_URL is not set: ${way}`, instead: true }
      : { text: "mails go out through the server of SMTP_URL", instead: false };
  return [mails, eventLine(services)];
}

type Services = { [Service in keyof Delivery]: object | null } & Pick<ContactRules, "directMessages">;

const unwanted = ", since revops.yml wants no direct messages";

function eventLine({ smtp, calendar, directMessages }: Services): DeliveryLine {
  if (calendar !== null) return { text: "events go into the calendar of GOOGLE_CALENDAR_ID", instead: false };
  const message = directMessages ? "out as direct messages instead" : `to nobody${unwanted}`;
  const way = smtp === null ? message : "out as invitations by mail instead";
  return { text: `GOOGLE_CALENDAR_ID is not set: events go ${way}`, instead: true };
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
