/** `get_portfolio`: an account manager's book. No score: that is the decision agent's, here are the facts that it would look at. */
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import type { Filter } from "../../../flow/filter.ts";
import { daysBetween, localDate } from "../../../flow/zone.ts";
import type { ActionRequest } from "../../agent.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { filterOf } from "./filter-parameter.ts";
import { recipient, RecipientParameter } from "../execution/recipient.ts";
import { Portfolio, type PortfolioCustomer } from "./portfolio.ts";
import { portfolioCustomer } from "./portfolio-customer.ts";

const Parameters = z
  .strictObject({
    account_manager_email: RecipientParameter.describe("whose book it is"),
    renews_within_days: z
      .number()
      .int()
      .min(0)
      .max(3_650)
      .optional()
      .describe("only renewals from today to so many days ahead; left out: the whole book"),
    limit: z.number().int().min(1).max(200).default(50).describe("how many customers are given at most"),
  })
  .describe("An account manager's customers, soonest renewal first, with value and the facts that a risk shows in.");

export function getPortfolio({ source }: { source: CustomerSource }): LocalAction {
  return defineAction({
    agent: "data_agent",
    action: "get_portfolio",
    parameters: Parameters,
    output: Portfolio,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
    run: async ({ account_manager_email, renews_within_days, limit }, request) => {
      const { now, timezone } = request.context;
      const today = localDate({ at: now, timezone });
      const manager = recipient(account_manager_email, { what: "account_manager_email" });
      const own = await bookOf({ source, manager, request });
      const book = own.filter((customer) => isAsked(customer, { today, within: renews_within_days ?? null }));
      const customers: PortfolioCustomer[] = [];
      for (const customer of book.slice(0, limit)) {
        request.signal.throwIfAborted();
        const records = await source.records({ customerId: customer.id, signal: request.signal });
        customers.push(portfolioCustomer({ customer, records, day: { today, timezone } }));
      }
      return {
        output: {
          as_of: today,
          account_manager_email: manager,
          account_manager_name: own.find(({ account_manager_name: name }) => name !== null)?.account_manager_name ?? null,
          total: book.length,
          is_complete: customers.length === book.length,
          value: valueOf(book),
          customers,
          missing: gapsOf(customers),
        },
      };
    },
  });
}

/** Addresses are compared without regard to case, as mail servers do; a source that can leaves out who is somebody else's. */
async function bookOf(parameters: {
  source: CustomerSource;
  manager: string;
  request: ActionRequest;
}): Promise<Customer[]> {
  const { source, manager, request } = parameters;
  const { now, timezone } = request.context;
  const book: Customer[] = [];
  for await (const page of source.all({ hint: { filter: ofManager(manager), now, timezone }, signal: request.signal })) {
    book.push(...page.filter(({ account_manager_email: email }) => email?.trim().toLowerCase() === manager));
  }
  return book.toSorted(soonestFirst);
}

function ofManager(address: string): Filter {
  return filterOf(`lower(customer.account_manager_email) = '${address.replaceAll("'", "''")}'`);
}

/** Who has no renewal date comes last: that is a gap, not a far renewal. */
function soonestFirst(a: Customer, b: Customer): number {
  const [first, second] = [a.renewal_date ?? "9999", b.renewal_date ?? "9999"];
  return first < second ? -1 : first > second ? 1 : a.id < b.id ? -1 : 1;
}

function isAsked({ renewal_date }: Customer, { today, within }: { today: string; within: number | null }): boolean {
  if (within === null) return true;
  if (renewal_date === null) return false;
  const days = daysBetween(today, renewal_date);
  return days >= 0 && days <= within;
}

function gapsOf(customers: readonly PortfolioCustomer[]): Portfolio["missing"] {
  const counts = new Map<string, number>();
  for (const field of customers.flatMap(({ missing }) => missing)) counts.set(field, (counts.get(field) ?? 0) + 1);
  return [...counts].map(([field, number]) => ({ field, customers: number })).toSorted((a, b) => b.customers - a.customers);
}

/** Sums of different currencies say nothing, so each has its own. */
function valueOf(book: readonly Customer[]): Portfolio["value"] {
  const sums = new Map<string | null, { arr: number; customers: number }>();
  for (const { arr, currency } of book) {
    if (arr === null) continue;
    const sum = sums.get(currency) ?? { arr: 0, customers: 0 };
    sums.set(currency, { arr: sum.arr + arr, customers: sum.customers + 1 });
  }
  return [...sums].map(([currency, sum]) => ({ currency, ...sum })).toSorted((a, b) => b.arr - a.arr);
}
