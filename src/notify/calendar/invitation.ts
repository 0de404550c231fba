/**
 * An invitation as iCalendar text (RFC 5545, RFC 5546), for mail clients that put it into a calendar. Pure.
 *
 * - V1. Times are UTC: each client shows them in its reader's zone, and no zone's rules have to be sent along.
 * - V2. The same `uid` with a higher `sequence` moves the event; with another `uid` it would stand twice.
 * - V3. What comes from outside is text of a property, never a line or a parameter of its own (T2).
 */
import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { Interval } from "../../flow/working-time.ts";
import type { Mailbox } from "../email/mailbox.ts";
import { oneLine } from "../slack/escape.ts";

export interface Invitation {
  uid: string;
  /** From 0. */
  sequence: number;
  /** When it was written, in milliseconds since the epoch. */
  at: number;
  slot: Interval;
  title: string;
  description: string;
  organizer: Mailbox;
  attendees: readonly string[];
}

const longestTitle = 300;
const longestLine = 4000;

export function invitationText(invitation: Invitation): string {
  const calendar = ical({
    prodId: { company: "RevOps Flows", product: "RevOps Flows", language: "EN" },
    method: ICalCalendarMethod.REQUEST,
  });
  calendar.createEvent({
    id: invitation.uid,
    sequence: invitation.sequence,
    stamp: new Date(invitation.at),
    start: new Date(invitation.slot.from),
    end: new Date(invitation.slot.to),
    summary: title(invitation.title),
    description: { plain: paragraphs(invitation.description) },
    organizer: organizer(invitation.organizer),
    attendees: invitation.attendees.map((email) => ({
      email,
      rsvp: true,
      role: ICalAttendeeRole.REQ,
      status: ICalAttendeeStatus.NEEDSACTION,
    })),
    status: ICalEventStatus.CONFIRMED,
  });
  // The library leaves out the last line's end.
  return `${calendar.toString()}\r\n`;
}

/** One line, as it may stand in a calendar and in a mail's subject. */
export function title(text: string): string {
  return oneLine(text, longestTitle);
}

/** Lines end wherever any reader of text would end them. */
export function paragraphs(text: string): string {
  return text
    .trim()
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => oneLine(line, longestLine))
    .join("\n");
}

/** Within the quotes of a parameter, neither a quote nor a backslash has an escape that every reader knows. */
function organizer({ name, address }: Mailbox): { name: string; email: string } {
  const shown = oneLine(name).replaceAll(/["\\]/g, "'");
  return { name: shown === "" ? address : shown, email: address };
}
