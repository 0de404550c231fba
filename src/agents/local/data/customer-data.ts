/** What `retrieve_customer_data` gives. Every part and field may be missing: null or absent both mean "not known". */
import { z } from "zod";

const fact = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
const number = fact(z.number());
const text = fact(z.string());
const isoDate = fact(z.iso.date());
/** `2026-10` */
const isoMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

export const ContractDetails = z.strictObject({
  contract_start: isoDate,
  renewal_date: isoDate,
  notice_date: isoDate,
  auto_renew: fact(z.boolean()),
  term_months: number,
  seats: number,
  arr: number,
  currency: text,
  status: text,
});

export const UsageMetrics = z.strictObject({
  utilization: number.describe("active users of the last finished month by seats; above 1 where more people use it than were bought for"),
  active_users: number,
  seats: number,
  month: fact(isoMonth).describe("the month that utilization is of"),
  trend: number.describe("change of active users since `trend_since`: -0.4 is 40 % fewer"),
  trend_since: fact(isoMonth),
  months: fact(z.array(z.strictObject({ month: isoMonth, active_users: number, events: number }))),
});

export const OpenTicket = z.strictObject({
  id: z.string(),
  priority: text,
  subject: text,
  opened_at: fact(z.union([z.iso.date(), z.iso.datetime({ offset: true })])),
});

export const SupportHistory = z.strictObject({
  open_tickets: number,
  urgent_tickets: number,
  oldest_open_days: number,
  oldest_urgent_days: number,
  csat: number.describe("mean of the answers of the last 180 days, 1 to 5"),
  csat_answers: number,
  tickets: fact(z.array(OpenTicket)).describe("the open ones, urgent first, then oldest"),
});

export const InvoiceSummary = z.strictObject({
  overdue: number,
  overdue_amount: number,
  oldest_overdue_days: number,
  oldest_due_date: isoDate,
});

export const ContactSummary = z.strictObject({
  champion: fact(z.strictObject({ name: z.string(), email: text, left_at: isoDate })).describe("the one who spoke for the product: still there, or the last to leave"),
  contacts: fact(z.array(z.strictObject({ name: z.string(), email: text, role: text, left_at: isoDate }))),
});

export const CustomerData = z.strictObject({
  as_of: isoDate.describe("the day it was read, in the flow's zone"),
  contract_details: fact(ContractDetails),
  usage_metrics: fact(UsageMetrics),
  support_history: fact(SupportHistory),
  invoices: fact(InvoiceSummary),
  contacts: fact(ContactSummary),
  champion_status: fact(z.enum(["active", "left", "unknown"])).describe("the CRM's own word, beside what the contacts say"),
  nps: number.describe("-100 to 100"),
  missing: fact(z.array(z.string())).describe("the parts that were asked for and of which nothing is known"),
});
export type CustomerData = z.infer<typeof CustomerData>;

/** The parts that `include_fields` names. */
export const dataParts = [
  "contract_details",
  "usage_metrics",
  "support_history",
  "invoices",
  "contacts",
  "nps",
] as const;
export type DataPart = (typeof dataParts)[number];
