/** "Acme Robotics · renews in 21 days, notice by 4 Dec · $84,000": what is at stake, in one line. */
import type { ApprovalCard } from "../../flow/card.ts";
import type { Customer } from "../../flow/customer.ts";
import { localDate } from "../../flow/zone.ts";
import { piece } from "./escape.ts";
import { day, daysUntil, dotted, inDays, money } from "./format.ts";

type Facts = Pick<ApprovalCard, "customer" | "flowId" | "flowDescription" | "now" | "timezone">;

/** mrkdwn, escaped; the name alone is bold. */
export function headline(card: Facts): string {
  const { customer } = card;
  if (customer === null) return dotted([bold(card.flowId), piece(card.flowDescription ?? "")]);
  const value = customer.arr === null ? null : piece(money(customer.arr, customer.currency));
  return dotted([bold(customer.name.trim() === "" ? customer.id : customer.name), renewal(customer, card), value]);
}

/** The same without marks, for notifications. */
export function plainHeadline(card: Facts): string {
  return headline(card).replaceAll("*", "");
}

function renewal(customer: Customer, { now, timezone }: Facts): string | null {
  const { renewal_date, notice_date } = customer;
  if (renewal_date === null) return null;
  const days = daysUntil({ date: renewal_date, now, timezone });
  if (days === null) return null;
  const renews = days < 0 ? `renewal was ${inDays(days)}` : `renews ${inDays(days)}`;
  const notice = notice_date === null ? null : noticeWords(notice_date, { now, timezone });
  return notice === null ? renews : `${renews}, ${notice}`;
}

function noticeWords(date: string, { now, timezone }: { now: number; timezone: string }): string | null {
  const days = daysUntil({ date, now, timezone });
  if (days === null) return null;
  const shown = day(date, localDate({ at: now, timezone }));
  return days < 0 ? `notice was due ${shown}` : `notice by ${shown}`;
}

function bold(text: string): string {
  return `*${piece(text, 150)}*`;
}
