/** What a customer owes and since when. */
import type { z } from "zod";
import { daysBetween } from "../../../flow/zone.ts";
import type { Invoice } from "../../crm/customer-source.ts";
import type { InvoiceSummary } from "./customer-data.ts";

/** Overdue from the day after the due date; a payment that lies ahead hasn't been made. */
export function invoiceSummary(
  invoices: readonly Invoice[],
  { today }: { today: string },
): z.infer<typeof InvoiceSummary> {
  const overdue = invoices.filter(
    ({ due_date, paid_date }) => due_date < today && (paid_date === null || paid_date > today),
  );
  const amounts = overdue.flatMap(({ amount }) => (amount === null ? [] : [amount]));
  const oldest = overdue.map(({ due_date }) => due_date).toSorted()[0] ?? null;
  return {
    overdue: overdue.length,
    overdue_amount: amounts.length < overdue.length ? null : amounts.reduce((sum, amount) => sum + amount, 0),
    oldest_overdue_days: oldest === null ? null : daysBetween(oldest, today),
    oldest_due_date: oldest,
  };
}
