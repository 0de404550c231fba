/** Customers: whether there are any, which columns nobody has filled, and how fresh their figures are. */
import type { Customer } from "../../flow/customer.ts";
import { customerFields } from "../../flow/customer.ts";
import { ok, problem, warning, type Check } from "../../flow/check-up.ts";
import { localDate } from "../../flow/zone.ts";
import type { CustomerSource } from "../../agents/crm/customer-source.ts";

/** Enough to see a column that is empty throughout. */
const mostCustomers = 1_000;
/** Each is a query of its own. */
const mostRecords = 20;
/** Usage of a month is there in the month after it. */
const staleAfterMonths = 2;

interface Asked {
  source: Pick<CustomerSource, "all" | "records">;
  now: number;
  timezone: string;
}

export async function customersCheck({ source, now, timezone }: Asked): Promise<Check[]> {
  const customers: Customer[] = [];
  for await (const page of source.all()) {
    customers.push(...page);
    if (customers.length >= mostCustomers) break;
  }
  const [first] = customers;
  if (first === undefined)
    return [
      problem("customers", "the customer source has none", "Look at REVOPS_CRM, and at its customers.csv or table."),
    ];
  const count =
    customers.length >= mostCustomers ? `more than ${mostCustomers.toLocaleString("en-US")}` : String(customers.length);
  const empty = Object.keys(customerFields).filter((field) => customers.every((one) => valueOf(one, field) === null));
  return [
    empty.length === 0
      ? ok("customers", `${count} can be read`)
      : warning(
          "customers",
          `${count} can be read; nobody has ${empty.join(", ")}`,
          "Flows that rest on these find nothing: fill them, or leave them out of filters.",
        ),
    ...(await freshness({ source, now, timezone, customers: customers.slice(0, mostRecords) })),
  ];
}

function valueOf(customer: Customer, field: string): unknown {
  return Object.entries(customer).find(([name]) => name === field)?.[1] ?? null;
}

async function freshness({
  source,
  now,
  timezone,
  customers,
}: Asked & { customers: readonly Customer[] }): Promise<Check[]> {
  const months: string[] = [];
  for (const { id } of customers) {
    const { usage } = await source.records({ customerId: id });
    months.push(...(usage ?? []).map(({ month }) => month));
  }
  const newest = months.toSorted().at(-1);
  if (newest === undefined)
    return [warning("usage", "none is known", "Risk is scored without it: see the columns of usage.csv.")];
  const today = localDate({ at: now, timezone });
  const age = monthsOf(today) - monthsOf(newest);
  if (age <= staleAfterMonths) return [ok("usage", `the newest is of ${newest}`)];
  return [
    warning(
      "usage",
      `the newest is of ${newest}, ${age} months ago`,
      "Look whether what fills the customer source still runs.",
    ),
  ];
}

/** Of `2026-11` and `2026-11-23`. */
function monthsOf(date: string): number {
  const [year = 0, month = 0] = date.split("-").map(Number);
  return year * 12 + month;
}
