/** Where mails and calendar events go, as the environment says. */
import { readSender } from "../notify/email/mailbox.ts";
import type { SettingsReader } from "./environment.ts";

export interface MailSettings {
  url: string;
  from: string;
}

export interface CalendarSettings {
  keyFile: string;
  calendarId: string;
  impersonate: string | null;
  rootUrl: string | null;
}

export function readMailSettings(reader: SettingsReader): MailSettings | null {
  const values = reader.group({ needed: ["SMTP_URL", "MAIL_FROM"] });
  if (values === null) return null;
  const { SMTP_URL: url = "", MAIL_FROM: from = "" } = Object.fromEntries(values);
  // The address may hold a password, so it isn't shown (T3).
  if (!/^smtps?:/.test(url) || !URL.canParse(url) || new URL(url).hostname === "")
    reader.problems.push("SMTP_URL must be an address such as smtp://user:password@host:587.");
  if (readSender(from) === null)
    reader.problems.push(`MAIL_FROM must be a mail address, or Name <address>, not ${from}.`);
  return { url, from };
}

export function readCalendarSettings(reader: SettingsReader): CalendarSettings | null {
  const values = reader.group({
    needed: ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CALENDAR_ID"],
    others: ["GOOGLE_IMPERSONATE", "GOOGLE_API_URL"],
  });
  if (values === null) return null;
  const rootUrl = values.get("GOOGLE_API_URL") ?? null;
  if (rootUrl !== null && !(/^https?:\/\/[^@]+$/.test(rootUrl) && URL.canParse(rootUrl)))
    reader.problems.push("GOOGLE_API_URL must be an address such as https://www.googleapis.com/.");
  return {
    keyFile: values.get("GOOGLE_APPLICATION_CREDENTIALS") ?? "",
    calendarId: values.get("GOOGLE_CALENDAR_ID") ?? "",
    impersonate: values.get("GOOGLE_IMPERSONATE") ?? null,
    rootUrl,
  };
}
