/** What stands open in support, and how content people were with the answers. */
import type { z } from "zod";
import { daysBetween, localDate } from "../../../flow/zone.ts";
import type { Ticket } from "../../crm/customer-source.ts";
import type { SupportHistory } from "./customer-data.ts";

/** Older answers say little about today. */
const csatDays = 180;
const ticketsShown = 20;

interface Day {
  today: string;
  timezone: string;
}

/** As it stood on that day: what is opened later isn't there yet, what is closed later is open. */
export function supportHistory(tickets: readonly Ticket[], day: Day): z.infer<typeof SupportHistory> {
  const known = tickets.filter(({ opened_at }) => opened_at === null || dayOf(opened_at, day) <= day.today);
  const open = known.filter(({ closed_at }) => closed_at === null || dayOf(closed_at, day) > day.today);
  const urgent = open.filter(({ priority }) => priority === "urgent");
  const answers = known.filter((ticket) => isRecent(ticket, day)).flatMap(({ csat }) => (csat === null ? [] : [csat]));
  return {
    open_tickets: open.length,
    urgent_tickets: urgent.length,
    oldest_open_days: oldestDays(open, day),
    oldest_urgent_days: oldestDays(urgent, day),
    csat: answers.length === 0 ? null : answers.toSorted((a, b) => a - b).reduce((sum, one) => sum + one, 0) / answers.length,
    csat_answers: answers.length,
    tickets: open
      .toSorted(byUrgencyAndAge)
      .slice(0, ticketsShown)
      .map(({ id, priority, subject, opened_at }) => ({ id, priority, subject, opened_at })),
  };
}

function oldestDays(tickets: readonly Ticket[], day: Day): number | null {
  const ages = tickets.flatMap(({ opened_at }) =>
    opened_at === null ? [] : [daysBetween(dayOf(opened_at, day), day.today)],
  );
  return ages.length === 0 ? null : Math.max(...ages);
}

/** By the day that it was closed; while open, by the day that it was opened. */
function isRecent({ opened_at, closed_at }: Ticket, day: Day): boolean {
  const at = closed_at ?? opened_at;
  return at !== null && daysBetween(dayOf(at, day), day.today) <= csatDays;
}

/** A bare date is itself; an instant falls on a day of the zone. */
function dayOf(at: string, { timezone }: Day): string {
  return at.includes("T") ? localDate({ at: Date.parse(at), timezone }) : at;
}

function byUrgencyAndAge(a: Ticket, b: Ticket): number {
  const urgency = Number(b.priority === "urgent") - Number(a.priority === "urgent");
  if (urgency !== 0) return urgency;
  const [first, second] = [a.opened_at ?? "9", b.opened_at ?? "9"];
  return first < second ? -1 : first > second ? 1 : a.id < b.id ? -1 : 1;
}
