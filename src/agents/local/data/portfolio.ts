/** What `get_portfolio` gives: an account manager's customers, soonest renewal first, with the facts that a risk shows in. */
import { z } from "zod";
import { Gap } from "./gap.ts";

const number = z.number().nullable();
const text = z.string().nullable();
const isoDate = z.iso.date().nullable();

export const PortfolioCustomer = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: text,
  renewal_date: isoDate,
  days_to_renewal: number.describe("below zero: the date has passed"),
  notice_date: isoDate,
  auto_renew: z.boolean().nullable(),
  arr: number,
  currency: text,
  utilization: number.describe("active users of the last finished month by seats"),
  usage_month: text.describe("the month that utilization is of, as in 2026-10"),
  trend: number.describe("change of active users over three months: -0.4 is 40 % fewer"),
  open_tickets: number,
  urgent_tickets: number,
  oldest_urgent_days: number,
  overdue_invoices: number,
  oldest_overdue_days: number,
  champion_status: z.enum(["active", "left"]).nullable(),
  nps: number,
  missing: z.array(z.string()).describe("the facts above that aren't known"),
});
export type PortfolioCustomer = z.infer<typeof PortfolioCustomer>;

export const Portfolio = z.strictObject({
  as_of: z.iso.date().describe("the day that it was read, in the flow's zone"),
  account_manager_email: z.string(),
  account_manager_name: text,
  total: z.number().int().min(0).describe("how many customers the book has in the asked time"),
  is_complete: z.boolean().describe("false: there are more than are given"),
  value: z
    .array(z.strictObject({ currency: text, arr: z.number(), customers: z.number().int() }))
    .describe("the yearly value of all of them, for each currency; of whom no value is known counts in `missing`"),
  customers: z.array(PortfolioCustomer),
  missing: z.array(Gap).describe("the facts that aren't known, of how many of the given customers"),
});
export type Portfolio = z.infer<typeof Portfolio>;
