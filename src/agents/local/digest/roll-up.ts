/** All renewals of the next weeks: how many, worth what, how much of it at risk, and what that was a week ago. Pure. */
import { z } from "zod";
import type { Case } from "../../../flow/case.ts";
import type { Customer } from "../../../flow/customer.ts";
import { addDays, localDate } from "../../../flow/zone.ts";
import { dayInWords, money, plural } from "../phrase.ts";
import { pagesOf } from "./pages.ts";

const count = z.number().int().min(0);
const Value = z.strictObject({ currency: z.string().nullable(), arr: z.number() });

export const RollUpWeek = z.strictObject({
  week_of: z.iso.date().describe("its Monday"),
  renewals: count,
  value: z.array(Value).describe("sums of the yearly value, for each currency"),
  at_risk: count.describe("of them with an open case"),
  value_at_risk: z.array(Value),
});
export type RollUpWeek = z.infer<typeof RollUpWeek>;

export interface RollUpFacts {
  now: number;
  timezone: string;
  /** How many weeks ahead, this one included. */
  weeks: number;
  /** Without those who have gone. */
  customers: readonly Customer[];
  open: readonly Case[];
  /** As they were told last time; null: never. */
  before: readonly RollUpWeek[] | null;
}

export function rollUp(facts: RollUpFacts): { weeks: RollUpWeek[]; pages: string[] } {
  const weeks = weeksOf(facts);
  const today = localDate({ at: facts.now, timezone: facts.timezone });
  const rows = weeks
    .filter(({ renewals }, index) => renewals > 0 || index === 0)
    .map((week) => row(week, { facts, today }));
  const isEmpty = weeks.every(({ renewals }) => renewals === 0);
  const pages = isEmpty
    ? []
    : pagesOf({
        title: `Renewals of the next ${facts.weeks} weeks`,
        sections: [{ title: "By week", rows, total: rows.length }],
      });
  return { weeks, pages };
}

function weeksOf({ now, timezone, weeks, customers, open }: RollUpFacts): RollUpWeek[] {
  const today = localDate({ at: now, timezone });
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  const monday = addDays({ date: today, days: -((weekday + 6) % 7) });
  const risky = new Set(open.filter(({ status }) => status !== "dismissed").map(({ customer }) => customer.id));
  return Array.from({ length: weeks }, (_, index) => {
    const week_of = addDays({ date: monday, days: index * 7 });
    const next = addDays({ date: week_of, days: 7 });
    const due = customers.filter(({ renewal_date: date }) => date !== null && date >= week_of && date < next);
    const atRisk = due.filter(({ id }) => risky.has(id));
    return {
      week_of,
      renewals: due.length,
      value: sums(due),
      at_risk: atRisk.length,
      value_at_risk: sums(atRisk),
    };
  });
}

/** Sums of different currencies say nothing, so each has its own. */
function sums(customers: readonly Customer[]): RollUpWeek["value"] {
  const by = new Map<string | null, number>();
  for (const { arr, currency } of customers) if (arr !== null) by.set(currency, (by.get(currency) ?? 0) + arr);
  return [...by].map(([currency, arr]) => ({ currency, arr })).toSorted((one, other) => other.arr - one.arr);
}

function row(week: RollUpWeek, { facts, today }: { facts: RollUpFacts; today: string }): string {
  const before = facts.before?.find(({ week_of }) => week_of === week.week_of) ?? null;
  const value = amounts(week.value);
  const risk = week.at_risk === 0 ? "none at risk" : `${week.at_risk} at risk${worth(week.value_at_risk)}`;
  const said = `${dayInWords(week.week_of, today)} · ${plural(week.renewals, "renewal")}${value === "" ? "" : `, ${value}`} · ${risk}`;
  return before === null ? said : `${said}${changed(week, before)}`;
}

function worth(value: RollUpWeek["value"]): string {
  const said = amounts(value);
  return said === "" ? "" : ` (${said})`;
}

function amounts(value: RollUpWeek["value"]): string {
  return value.map(({ arr, currency }) => money(arr, currency)).join(" + ");
}

/** Nothing where all is as it was told. */
function changed(week: RollUpWeek, before: RollUpWeek): string {
  const parts = [
    ...(week.renewals === before.renewals ? [] : [`${before.renewals} renewals`]),
    ...(amounts(week.value) === amounts(before.value) ? [] : [amounts(before.value) || "no value"]),
    ...(week.at_risk === before.at_risk ? [] : [`${before.at_risk} at risk`]),
  ];
  return parts.length === 0 ? "" : ` · last week: ${parts.join(", ")}`;
}
