/** One account manager's week, from what is known of it: pure, so that every size of book can be tested. */
import { type Case, caseDay } from "../../../flow/case.ts";
import type { Customer } from "../../../flow/customer.ts";
import { addDays, daysBetween, localDate } from "../../../flow/zone.ts";
import { dayInWords, money } from "../phrase.ts";
import type { WaitingDecision } from "./digest-settings.ts";
import { pagesOf, type Section } from "./pages.ts";

const weekMs = 7 * 86_400_000;
/** Renewals so far ahead are named. */
const daysAhead = 28;

export interface Week {
  now: number;
  timezone: string;
  approvals: readonly WaitingDecision[];
  /** Of this owner: all that stand, and those that were closed. */
  open: readonly Case[];
  closed: readonly Case[];
  /** Of this owner, without those who have gone. */
  customers: readonly Customer[];
}

/** Empty where there is nothing to do and nothing has changed: nobody is told so. */
export function ownerDigest(week: Week): string[] {
  const today = localDate({ at: week.now, timezone: week.timezone });
  const sections = [approvals(week, today), cases(week), setAside(week, today), renewals(week, today), changes(week)];
  const isQuiet = [sections[0], sections[1], sections[3], sections[4]].every((section) => section?.rows.length === 0);
  if (isQuiet) return [];
  return pagesOf({ title: `Your week from ${dayInWords(today, today)}`, sections });
}

function approvals({ approvals: waiting, timezone }: Week, today: string): Section {
  const rows = waiting.map(({ about, flowId, riskScore, until }) => {
    const risk = riskScore === null ? "" : ` · risk ${riskScore.toFixed(2)}`;
    const end = until === null ? "" : ` · until ${dayInWords(localDate({ at: until, timezone }), today)}`;
    return `${about} · ${flowId}${risk}${end}`;
  });
  return { title: "Waiting for your decision", rows };
}

function cases(week: Week): Section {
  const open = week.open.filter(({ status }) => status === "open").toSorted((one, other) => stake(other) - stake(one));
  return { title: "Open cases, most at stake first", rows: open.map((record) => caseRow(record, week.now)) };
}

function caseRow({ customer, reason, score, opened_score, opened_at }: Case, now: number): string {
  const value = customer.arr === null ? "" : ` · ${money(customer.arr, customer.currency)}`;
  const then = score.toFixed(2) === opened_score.toFixed(2) ? "" : `, was ${opened_score.toFixed(2)}`;
  const day = caseDay({ since: opened_at, at: now });
  return `${customer.name}${value} · ${reason.replaceAll("_", " ")} ${score.toFixed(2)}${then} · day ${day}`;
}

/** Nobody acts on these; but what comes back this week is better known before. */
function setAside({ open, now, timezone }: Week, today: string): Section {
  const soon = open.filter(({ status, snooze }) => status === "snoozed" && (snooze?.until ?? Infinity) - now < weekMs);
  const rows = soon.map(({ customer, snooze }) => {
    const until = snooze === null ? today : localDate({ at: snooze.until, timezone });
    return `${customer.name} · until ${dayInWords(until, today)}: ${snooze?.reason ?? ""}`;
  });
  return { title: "Snoozes that end this week", rows };
}

function renewals({ customers }: Week, today: string): Section {
  const last = addDays({ date: today, days: daysAhead });
  const due = customers
    .flatMap((customer) => {
      const { renewal_date: date } = customer;
      return date !== null && date >= today && date <= last ? [{ customer, date }] : [];
    })
    .toSorted((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0));
  const rows = due.map(({ customer, date }) => {
    const value = customer.arr === null ? "" : ` · ${money(customer.arr, customer.currency)}`;
    const notice = customer.notice_date;
    const by = notice !== null && notice >= today ? `, notice by ${dayInWords(notice, today)}` : "";
    const days = daysBetween(today, date);
    return `${dayInWords(date, today)} (${days === 0 ? "today" : `in ${days} d`}${by}) · ${customer.name}${value}`;
  });
  return { title: "Renewals of the next four weeks", rows };
}

function changes({ open, closed, now }: Week): Section {
  const isNew = (at: number) => now - at < weekMs;
  const opened = open.filter(({ opened_at }) => isNew(opened_at));
  const worse = open.filter(
    (record) =>
      !isNew(record.opened_at) && record.findings.some(({ transition, at }) => transition === "worsened" && isNew(at)),
  );
  const over = closed.flatMap((record) =>
    record.closed !== null && isNew(record.closed.at) ? [{ record, end: record.closed }] : [],
  );
  const rows = [
    ...worse.map(({ customer, score }) => `worse: ${customer.name}, now ${score.toFixed(2)}`),
    ...opened.map(({ customer, opened_score }) => `new: ${customer.name}, ${opened_score.toFixed(2)}`),
    ...over.map(({ record, end }) => `${end.how}: ${record.customer.name}. ${end.note}`),
  ];
  return { title: "Changed in the last week", rows };
}

function stake({ score, customer }: Case): number {
  return score * (customer.arr ?? 0);
}
