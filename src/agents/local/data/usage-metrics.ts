/** How much a customer uses what they pay for, from monthly figures. */
import type { z } from "zod";
import type { UsageMonth } from "../../crm/customer-source.ts";
import { monthsBetween } from "../phrase.ts";
import type { UsageMetrics } from "./customer-data.ts";

/** The trend looks back this far, or as far as there are figures within it. */
const trendMonths = 3;
/** The output is recorded with each execution; a year and a month is enough to compare. */
const monthsShown = 13;

interface Counted {
  month: string;
  active_users: number;
}

/** Null: nothing is known of the usage. The running month is left out: it always looks like a fall. */
export function usageMetrics(parameters: {
  usage: readonly UsageMonth[];
  seats: number | null;
  today: string;
}): z.infer<typeof UsageMetrics> | null {
  const { usage, seats, today } = parameters;
  const finished = usage
    .filter(({ month }) => month < today.slice(0, 7))
    .toSorted((a, b) => (a.month < b.month ? -1 : 1));
  const counted = finished.filter((month): month is UsageMonth & Counted => month.active_users !== null);
  const last = counted.at(-1);
  if (last === undefined) return null;
  const before = counted.find(({ month }) => month < last.month && monthsBetween(month, last.month) <= trendMonths);
  const comparable = before !== undefined && before.active_users > 0;
  return {
    utilization: seats === null || seats === 0 ? null : last.active_users / seats,
    active_users: last.active_users,
    seats,
    month: last.month,
    trend: comparable ? (last.active_users - before.active_users) / before.active_users : null,
    trend_since: comparable ? before.month : null,
    months: finished.slice(-monthsShown),
  };
}
