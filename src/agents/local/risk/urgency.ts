/** How soon something must be done, and how much is at stake: both apart from how likely it is (the score). */
import { z } from "zod";
import { daysBetween } from "../../../flow/zone.ts";
import type { Sources } from "./risk-evidence.ts";

export const Urgency = z.strictObject({
  level: z
    .enum(["passed", "now", "soon", "later", "unknown"])
    .describe("to the day for notice while it lies ahead, else to the renewal: up to 14 days now, up to 45 soon"),
  days_to_renewal: z.number().int().nullable().describe("below zero: the date has passed"),
  days_to_notice: z.number().int().nullable().describe("below zero: the day for notice has passed"),
});
export type Urgency = z.infer<typeof Urgency>;

export const Priority = z.strictObject({
  revenue_at_risk: z.number().nullable().describe("risk times yearly revenue; null where the revenue isn't known"),
  currency: z.string().nullable(),
});
export type Priority = z.infer<typeof Priority>;

const nowDays = 14;
const soonDays = 45;

export function urgencyOf({ data, customer, today }: Sources): Urgency {
  const contract = data?.contract_details ?? null;
  const days = (date: string | null) => (date === null ? null : daysBetween(today, date));
  const days_to_renewal = days(contract?.renewal_date ?? customer?.renewal_date ?? null);
  const days_to_notice = days(contract?.notice_date ?? customer?.notice_date ?? null);
  return { level: levelOf({ days_to_renewal, days_to_notice }), days_to_renewal, days_to_notice };
}

function levelOf({ days_to_renewal, days_to_notice }: Omit<Urgency, "level">): Urgency["level"] {
  if (days_to_renewal === null) return "unknown";
  if (days_to_renewal < 0) return "passed";
  const isNoticeAhead = days_to_notice !== null && days_to_notice >= 0;
  const days = isNoticeAhead ? Math.min(days_to_notice, days_to_renewal) : days_to_renewal;
  return days <= nowDays ? "now" : days <= soonDays ? "soon" : "later";
}

export function arrOf({ data, customer }: Sources): number | null {
  return data?.contract_details?.arr ?? customer?.arr ?? null;
}

export function priorityOf(sources: Sources, score: number): Priority {
  const { data, customer } = sources;
  const arr = arrOf(sources);
  return {
    revenue_at_risk: arr === null ? null : Math.round(arr * score),
    currency: data?.contract_details?.currency ?? customer?.currency ?? null,
  };
}
