/** Mail and calendar: whether the servers take us, without sending anything. */
import { createGoogleClient } from "../../notify/calendar/google-client.ts";
import { smtpAnswers } from "../../notify/email/mailer.ts";
import { ok, problem, warning, type Check } from "../../flow/check-up.ts";
import type { Delivery } from "../delivery.ts";
import type { Configuration } from "../configuration.ts";

type Asked = Delivery & { slack: object | null; configuration: Configuration; realNow: () => number };

export async function mailCheck({ slack, smtp, configuration }: Asked): Promise<Check> {
  if (smtp === null && slack === null) return ok("mail", "no mail server is set up: the sandbox has its own");
  if (smtp === null) {
    const instead = configuration.people.directMessages ? "mails go out as direct messages" : "mails go to nobody";
    return warning("mail", `no mail server is set up: ${instead}`, "Set SMTP_URL and MAIL_FROM.");
  }
  const refusal = await smtpAnswers(smtp);
  if (refusal === null) return ok("mail", "the server of SMTP_URL takes us");
  return problem("mail", refusal, "Look at SMTP_URL: server, port, user and password.");
}

export async function calendarCheck({ slack, calendar, smtp, realNow }: Asked): Promise<Check> {
  if (calendar === null && slack === null) return ok("calendar", "no calendar is set up: the sandbox has its own");
  if (calendar === null) {
    const instead = smtp === null ? "direct messages" : "invitations by mail";
    return warning(
      "calendar",
      `no calendar is set up: events go out as ${instead}`,
      "Set GOOGLE_CALENDAR_ID and GOOGLE_APPLICATION_CREDENTIALS.",
    );
  }
  const { calendarId } = calendar;
  const client = await createGoogleClient(calendar);
  const now = realNow();
  const [timeMin, timeMax] = [now, now + 3_600_000].map((at) => new Date(at).toISOString());
  const { data } = await client.freebusy.query({
    requestBody: { ...(timeMin && { timeMin }), ...(timeMax && { timeMax }), items: [{ id: calendarId }] },
  });
  const refused = data.calendars?.[calendarId]?.errors?.[0]?.reason ?? null;
  if (refused === null) return ok("calendar", "the calendar of GOOGLE_CALENDAR_ID can be read");
  return problem(
    "calendar",
    `the calendar of GOOGLE_CALENDAR_ID can't be read: ${refused}`,
    "Share it with the service account, or set GOOGLE_IMPERSONATE.",
  );
}
