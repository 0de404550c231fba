/** One customer of a book: the same facts that the risk of their renewal is made of, so that the two never contradict each other. */
import type { Customer } from "../../../flow/customer.ts";
import { daysBetween } from "../../../flow/zone.ts";
import type { CustomerRecords } from "../../crm/customer-source.ts";
import { gatherEvidence } from "../risk/risk-evidence.ts";
import { dataParts } from "./customer-data.ts";
import type { PortfolioCustomer } from "./portfolio.ts";
import { collect } from "./retrieve-customer-data.ts";

interface Known {
  customer: Customer;
  records: CustomerRecords;
  day: { today: string; timezone: string };
}

export function portfolioCustomer(known: Known): PortfolioCustomer {
  const { id, name } = known.customer;
  const facts = { ...contractFacts(known), ...riskFacts(known) };
  return { id, name, ...facts, missing: missingOf(facts) };
}

function contractFacts({ customer, day }: Known) {
  const { status, renewal_date, notice_date, auto_renew, arr, currency } = customer;
  const days_to_renewal = renewal_date === null ? null : daysBetween(day.today, renewal_date);
  return { status, renewal_date, days_to_renewal, notice_date, auto_renew, arr, currency };
}

function riskFacts(known: Known) {
  const data = collect({ ...known, parts: dataParts });
  const evidence = gatherEvidence({ data, customer: known.customer, today: known.day.today });
  const { usage, tickets, invoices, champion, nps } = evidence;
  return {
    utilization: usage.utilization,
    usage_month: usage.month,
    trend: usage.change,
    open_tickets: tickets.open,
    urgent_tickets: tickets.urgent,
    oldest_urgent_days: tickets.oldestUrgentDays,
    overdue_invoices: invoices.overdue,
    oldest_overdue_days: invoices.oldestDays,
    champion_status: champion.status,
    nps,
  };
}

/** What follows from another fact, or belongs to what isn't there, is no gap of its own. */
const derived: ReadonlySet<string> = new Set([
  "days_to_renewal",
  "usage_month",
  "oldest_urgent_days",
  "oldest_overdue_days",
]);

function missingOf(facts: Omit<PortfolioCustomer, "id" | "name" | "missing">): string[] {
  return Object.entries(facts)
    .filter(([name, value]) => value === null && !derived.has(name))
    .map(([name]) => name);
}
