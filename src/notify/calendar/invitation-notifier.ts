/**
 * Events as invitations by mail, where no calendar is connected: the guests' own calendars take them in and answer the sender.
 * As with any mail, nobody can be asked afterwards whether it arrived (`none`).
 *
 * - I1. UID and Message-ID come from the effect's key (E1). Sent again on a person's word, it is the same event, moved (V2).
 * - I2. Nobody here knows who is free: the time is the first working one of all guests, and the mail says so.
 * - I3. One mail for all guests, so that there is one fate to know. Whom the server refused is named in the receipt.
 */
import type { CalendarEventEffect, Receipt } from "../../flow/effect.ts";
import { type Interval, officeHours, type WorkingTime } from "../../flow/working-time.ts";
import { createMailer, hashedName, type Mailer, type MailerOptions } from "../email/mailer.ts";
import type { Notifier } from "../notifier.ts";
import { list, zonedMoment } from "../slack/format.ts";
import { checkedEvent } from "./checked-event.ts";
import { invitationText, paragraphs, title } from "./invitation.ts";
import { eventTime } from "./event-time.ts";

/** Throws `FailureError` (`Input.Invalid`) when `from` names no mailbox. */
export function createInvitationNotifier(options: MailerOptions & { workingTime?: WorkingTime }): Notifier {
  const { workingTime = officeHours, ...mail } = options;
  const mailer = createMailer(mail);
  return {
    kinds: ["calendar_event"],
    idempotency: "none",
    perform: async ({ effect, ...call }) => invite(mailer, { ...call, effect: checkedEvent(effect), workingTime }),
  };
}

async function invite(
  mailer: Mailer,
  call: { key: string; effect: CalendarEventEffect; workingTime: WorkingTime; now: number; signal: AbortSignal },
): Promise<Receipt> {
  const { key, effect, workingTime, now, signal } = call;
  const { sender } = mailer;
  const slot = eventTime(effect, { workingTime, now, busy: [] });
  const { event, generation } = generations(key);
  const description = aboutEvent({ effect, answersTo: sender.address });
  const invitation = invitationText({
    uid: hashedName(event, sender),
    sequence: generation - 1,
    at: now,
    slot,
    title: effect.title,
    description,
    organizer: sender,
    attendees: effect.attendees,
  });
  const text = `${title(effect.title)}\n${when(effect, slot)}\nWith ${list(effect.attendees, "and")}\n\n${description}\n`;
  const mail = { to: effect.attendees, subject: `Invitation: ${title(effect.title)}`, text, invitation };
  const { messageId, refused } = await mailer.send({ key, mail, now, signal });
  return { id: messageId, summary: summary({ effect, slot, refused }), url: null };
}

/** I1: `…#2` is the second generation of the event whose key stands before it. */
function generations(key: string): { event: string; generation: number } {
  const [, event, number] = /^(.*)#(\d+)$/s.exec(key) ?? [];
  return event === undefined ? { event: key, generation: 1 } : { event, generation: Number(number) };
}

/** I2. */
function aboutEvent({ effect, answersTo }: { effect: CalendarEventEffect; answersTo: string }): string {
  const about = paragraphs(effect.description);
  const note = `Nobody has checked whether you are free: no calendar is connected to this app, so it took the first time within everybody's working hours. Accept it, decline it or propose another; your answer goes to ${answersTo}.`;
  return about === "" ? note : `${about}\n\n${note}`;
}

function summary(parts: { effect: CalendarEventEffect; slot: Interval; refused: readonly string[] }): string {
  const { effect, slot, refused } = parts;
  const taken = effect.attendees.filter((guest) => !refused.includes(guest));
  const but = refused.length === 0 ? "" : `, but the mail server refused ${list(refused, "and")}`;
  return `invitation for ${when(effect, slot)}, to ${list(taken, "and")}${but} — ${effect.title}`;
}

function when({ timezone, duration_minutes }: CalendarEventEffect, { from }: Interval): string {
  return `${zonedMoment({ at: from, timezone })}, ${duration_minutes} min`;
}
