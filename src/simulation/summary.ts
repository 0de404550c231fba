/** A report by day, by who is reached, and by reason: what its tables and its picture are made of. Pure. */
import { addDays, localDate } from "../flow/zone.ts";
import type { AssumedDecision, SimulatedEffect, SimulationReport, Withheld } from "./report.ts";

export const assumptionWords: Readonly<Record<AssumedDecision, string>> = {
  approve: "approvals approved two working hours after they are asked",
  reject: "approvals rejected two working hours after they are asked",
  expire: "nobody decides an approval",
};

export interface SimulatedDay {
  /** ISO, in the report's zone. */
  date: string;
  sent: number;
  asked: number;
  /** Held back, not sent, or failed. */
  held: number;
}

export interface Reached {
  /** A mail address, or a channel. */
  who: string;
  mails: number;
  messages: number;
  events: number;
  /** On the day on which it was most. */
  busiest: { date: string; count: number };
}

export interface Reason {
  kind: Withheld["kind"];
  why: string;
  times: number;
  customers: number;
}

/** Each day of the period, also those on which nothing happens. */
export function daysOf(report: SimulationReport): SimulatedDay[] {
  const { from, to, timezone } = report;
  const days = new Map<string, SimulatedDay>();
  const last = localDate({ at: to - 1, timezone });
  for (let date = localDate({ at: from, timezone }); date <= last; date = addDays({ date, days: 1 }))
    days.set(date, { date, sent: 0, asked: 0, held: 0 });
  const count = (at: number, what: "sent" | "asked" | "held") => {
    const day = days.get(localDate({ at, timezone }));
    if (day !== undefined) day[what] += 1;
  };
  for (const { at } of report.effects) count(at, "sent");
  for (const { at } of report.approvals) count(at, "asked");
  for (const { at, kind } of report.withheld) if (isHeld(kind)) count(at, "held");
  return [...days.values()];
}

/** What somebody would have got, had nothing stood against it. */
export function isHeld(kind: Withheld["kind"]): boolean {
  return kind === "held" || kind === "not_sent" || kind === "failed" || kind === "late";
}

/** Whoever gets most first. */
export function reachedBy({ effects, timezone }: SimulationReport): Reached[] {
  const all = new Map<string, { reached: Omit<Reached, "who" | "busiest">; days: Map<string, number> }>();
  for (const effect of effects) {
    const date = localDate({ at: effect.at, timezone });
    for (const who of effect.kind === "crm_update" ? [] : effect.to) {
      const found = all.get(who) ?? { reached: { mails: 0, messages: 0, events: 0 }, days: new Map<string, number>() };
      found.reached[columns[effect.kind]] += 1;
      found.days.set(date, (found.days.get(date) ?? 0) + 1);
      all.set(who, found);
    }
  }
  const rows = [...all].map(([who, { reached, days }]) => ({ who, ...reached, busiest: busiestOf(days) }));
  return rows.toSorted((one, other) => total(other) - total(one) || (one.who < other.who ? -1 : 1));
}

const columns = {
  email: "mails",
  slack_message: "messages",
  calendar_event: "events",
  crm_update: "messages",
} as const satisfies Record<SimulatedEffect["kind"], string>;

function total({ mails, messages, events }: Reached): number {
  return mails + messages + events;
}

function busiestOf(days: ReadonlyMap<string, number>): Reached["busiest"] {
  const [date, count] = [...days].reduce((most, day) => (day[1] > most[1] ? day : most), ["", 0]);
  return { date, count };
}

/** Those that are most frequent first; names of people and customers count as one reason. */
export function reasonsOf({ withheld }: SimulationReport): Reason[] {
  const all = new Map<string, { kind: Withheld["kind"]; why: string; times: number; customers: Set<string> }>();
  for (const { kind, why, customerId, customerName } of withheld) {
    const general = generalised(why, customerName);
    const key = `${kind} ${general}`;
    const found = all.get(key) ?? { kind, why: general, times: 0, customers: new Set<string>() };
    found.times += 1;
    if (customerId !== null) found.customers.add(customerId);
    all.set(key, found);
  }
  return [...all.values()]
    .map(({ customers, ...reason }) => ({ ...reason, customers: customers.size }))
    .toSorted((one, other) => other.times - one.times);
}

function generalised(why: string, customerName: string | null): string {
  const named = customerName === null || customerName === "" ? why : why.replaceAll(customerName, "the customer");
  return named.replace(/^(mail|message|event): .*?: (?=[^:]*$)/, "a $1: ").replaceAll(/[^\s:,]+@[^\s:,]+/g, "somebody");
}
