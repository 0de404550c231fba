/** Is a manager's book the manager's, whole, and honest about what it doesn't know? */
import { describe, expect, it } from "vitest";
import type { CustomerRecords, CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { Portfolio } from "../../../src/agents/local/data/portfolio.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import type { JsonObject } from "../../../src/flow/json.ts";
import { customerWith, echoTemplates, failureOf, requestFor } from "../support.ts";

const nothing: CustomerRecords = { usage: null, tickets: null, invoices: null, contacts: null };
const dana = "dana.reyes@example.com";

function agentOver(customers: Customer[], records: Record<string, CustomerRecords> = {}) {
  const source: CustomerSource = {
    get: () => Promise.resolve(null),
    find: () => Promise.resolve([]),
    all: async function* () {
      yield customers;
    },
    records: ({ customerId }) => Promise.resolve(records[customerId] ?? nothing),
  };
  return createLocalAgents({ source, templates: echoTemplates }).agents.data_agent;
}

async function portfolio(
  customers: Customer[],
  parameters: JsonObject = {},
  records: Record<string, CustomerRecords> = {},
): Promise<Portfolio> {
  const request = requestFor("get_portfolio", { parameters: { account_manager_email: dana, ...parameters } });
  return Portfolio.parse((await agentOver(customers, records).invoke(request)).output);
}

const danas = (fields: Partial<Customer>) => customerWith({ account_manager_email: dana, ...fields });

describe("whose customers are in a book?", () => {
  it("the manager's, however the address is written, and nobody else's", async () => {
    const { customers } = await portfolio(
      [
        danas({ id: "a", account_manager_email: " Dana.Reyes@Example.com" }),
        danas({ id: "b", account_manager_email: "dana.reyes@example.com.evil.example" }),
        danas({ id: "c", account_manager_email: null }),
        danas({ id: "d" }),
      ],
      { account_manager_email: "DANA.REYES@example.com" },
    );
    expect(customers.map(({ id }) => id)).toEqual(["a", "d"]);
  });

  it("soonest renewal first; one without a date comes last and is a gap", async () => {
    const book = await portfolio([
      danas({ id: "none" }),
      danas({ id: "late", renewal_date: "2027-03-01" }),
      danas({ id: "past", renewal_date: "2026-11-20" }),
    ]);
    expect(book.customers.map(({ id, days_to_renewal }) => [id, days_to_renewal])).toEqual([
      ["past", -3],
      ["late", 98],
      ["none", null],
    ]);
    expect(book.customers[2]?.missing).toContain("renewal_date");
    expect(book.missing).toContainEqual({ field: "renewal_date", customers: 1 });
    expect(book.as_of).toBe("2026-11-23");
  });

  it("only the coming renewals where days are asked for, both ends counted", async () => {
    const { customers } = await portfolio(
      [
        danas({ id: "yesterday", renewal_date: "2026-11-22" }),
        danas({ id: "today", renewal_date: "2026-11-23" }),
        danas({ id: "edge", renewal_date: "2026-12-23" }),
        danas({ id: "beyond", renewal_date: "2026-12-24" }),
        danas({ id: "none" }),
      ],
      { renews_within_days: 30 },
    );
    expect(customers.map(({ id }) => id)).toEqual(["today", "edge"]);
  });

  it("counts those beyond the limit, in total and value", async () => {
    const all = ["a", "b", "c"].map((id) => danas({ id, arr: 10, currency: "USD" }));
    const { customers, total, is_complete, value } = await portfolio(all, { limit: 2 });
    expect(customers.map(({ id }) => id)).toEqual(["a", "b"]);
    expect({ total, is_complete }).toEqual({ total: 3, is_complete: false });
    expect(value).toEqual([{ currency: "USD", arr: 30, customers: 3 }]);
  });

  it("is empty, and no failure, for somebody without customers", async () => {
    expect(await portfolio([])).toMatchObject({ total: 0, is_complete: true, customers: [], value: [], missing: [] });
  });
});

describe("what does a book say of a customer?", () => {
  const records: CustomerRecords = {
    usage: ["2026-07", "2026-08", "2026-09", "2026-10"].map((month, index) => ({
      month,
      active_users: 100 - 20 * index,
      events: 1,
    })),
    tickets: [
      { id: "T1", opened_at: "2026-11-14", closed_at: null, priority: "urgent", csat: null, subject: null },
      { id: "T2", opened_at: "2026-11-20", closed_at: null, priority: "low", csat: null, subject: null },
    ],
    invoices: [{ due_date: "2026-11-13", paid_date: null, amount: 5 }],
    contacts: [{ name: "Ann Field", email: null, role: "champion", left_at: "2026-11-03" }],
  };

  it("the facts that a risk shows in, as the risk model sees them", async () => {
    const customer = danas({ id: "a", seats: 100, champion_status: "active", nps: 9 });
    const [entry] = (await portfolio([customer], {}, { a: records })).customers;
    expect(entry).toMatchObject({
      utilization: 0.4,
      usage_month: "2026-10",
      trend: -0.6,
      open_tickets: 2,
      urgent_tickets: 1,
      oldest_urgent_days: 9,
      overdue_invoices: 1,
      oldest_overdue_days: 10,
      champion_status: "left",
      nps: 9,
    });
  });

  it("no invoices is knowledge, no list of invoices is a gap", async () => {
    const none = { ...nothing, invoices: [] };
    const { customers } = await portfolio([danas({ id: "a" }), danas({ id: "b" })], {}, { a: none });
    expect(customers[0]).toMatchObject({ id: "a", overdue_invoices: 0 });
    expect(customers[0]?.missing).not.toContain("overdue_invoices");
    expect(customers[1]?.missing).toContain("overdue_invoices");
    expect(customers[1]?.missing).not.toContain("oldest_overdue_days");
  });

  it("never adds dollars to euros, nor takes an unknown value for none", async () => {
    const { value, missing } = await portfolio([
      danas({ id: "a", arr: 10, currency: "USD" }),
      danas({ id: "b", arr: 20, currency: "EUR" }),
      danas({ id: "c", arr: 5, currency: "USD" }),
      danas({ id: "d", currency: "USD" }),
    ]);
    expect(value).toEqual([
      { currency: "EUR", arr: 20, customers: 1 },
      { currency: "USD", arr: 15, customers: 2 },
    ]);
    expect(missing).toContainEqual({ field: "arr", customers: 1 });
  });
});

it.each<[JsonObject, string]>([
  [{ account_manager_email: null }, "Recipient.Missing"],
  [{ account_manager_email: "dana" }, "Input.Invalid"],
  [{ renews_within_days: -1 }, "Input.Invalid"],
  [{ limit: 201 }, "Input.Invalid"],
])("%j fails as %s", async (parameters, error) => {
  const request = requestFor("get_portfolio", { parameters: { account_manager_email: dana, ...parameters } });
  expect((await failureOf(agentOver([]).invoke(request))).error).toBe(error);
});
