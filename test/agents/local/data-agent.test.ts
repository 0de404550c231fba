import { describe, expect, it } from "vitest";
import type { CustomerRecords, CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
import { supportHistory } from "../../../src/agents/local/data/support-history.ts";
import { usageMetrics } from "../../../src/agents/local/data/usage-metrics.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { customerWith, echoTemplates, failureOf, requestFor } from "../support.ts";

const noRecords: CustomerRecords = { usage: null, tickets: null, invoices: null, contacts: null };

function sourceOf(customers: Customer[], records: CustomerRecords = noRecords): CustomerSource {
  return {
    get: async ({ customerId }) => customers.find(({ id }) => id === customerId) ?? null,
    find: async () => [],
    all: async function* () {
      yield customers;
    },
    records: async () => records,
  };
}

const agentOver = (customers: Customer[], records?: CustomerRecords) =>
  createLocalAgents({ source: sourceOf(customers, records), templates: echoTemplates }).agents.data_agent;

const months = (...active: (number | null)[]) =>
  active.map((active_users, index) => ({
    month: `2026-${String(index + 1).padStart(2, "0")}`,
    active_users,
    events: 1,
  }));

describe("does usage say how it is now?", () => {
  it("takes the last finished month and compares it with three months before", () => {
    expect(usageMetrics({ usage: months(90, 80, 70, 60, 50, 5), seats: 100, today: "2026-06-15" })).toMatchObject({
      utilization: 0.5,
      active_users: 50,
      month: "2026-05",
      trend: 50 / 80 - 1,
      trend_since: "2026-02",
    });
  });

  it("passes over months without figures, and needs one to compare with", () => {
    expect(usageMetrics({ usage: months(null, 40, null), seats: 50, today: "2026-06-15" })).toMatchObject({
      utilization: 0.8,
      month: "2026-02",
      trend: null,
      trend_since: null,
    });
    expect(usageMetrics({ usage: months(0, 40), seats: 50, today: "2026-06-15" })).toMatchObject({ trend: null });
  });

  it.each([
    ["nothing", months(), 10],
    ["the running month alone", [{ month: "2026-06", active_users: 5, events: 1 }], 10],
    ["months to come", [{ month: "2026-09", active_users: 5, events: 1 }], 10],
  ])("knows nothing from %s", (_what, usage, seats) => {
    expect(usageMetrics({ usage, seats, today: "2026-06-15" })).toBeNull();
  });

  it("has no utilization without seats", () => {
    expect(usageMetrics({ usage: months(5), seats: 0, today: "2026-06-15" })?.utilization).toBeNull();
    expect(usageMetrics({ usage: months(5), seats: null, today: "2026-06-15" })?.utilization).toBeNull();
  });
});

describe("does support stand as it stood on the day?", () => {
  const day = { today: "2026-11-23", timezone: "America/New_York" };
  const ticket = {
    id: "T",
    opened_at: "2026-11-14",
    closed_at: null,
    priority: "urgent" as const,
    csat: null,
    subject: null,
  };

  it("ignores what is opened later and counts as open what is closed later", () => {
    const tickets = [ticket, { ...ticket, opened_at: "2026-11-24" }, { ...ticket, closed_at: "2026-11-24" }];
    expect(supportHistory(tickets, day)).toMatchObject({ open_tickets: 2, urgent_tickets: 2, oldest_urgent_days: 9 });
    expect(supportHistory([{ ...ticket, closed_at: "2026-11-23" }], day)).toMatchObject({ open_tickets: 0 });
  });

  it("counts days in the flow's zone", () => {
    const tickets = [{ ...ticket, opened_at: "2026-11-15T03:00:00Z" }];
    expect(supportHistory(tickets, day).oldest_urgent_days).toBe(9);
    expect(supportHistory(tickets, { ...day, timezone: "UTC" }).oldest_urgent_days).toBe(8);
  });

  it("forgets answers after half a year, and has no CSAT without one", () => {
    const answered = { ...ticket, opened_at: "2026-01-01", closed_at: "2026-11-01", csat: 4 };
    const old = { ...answered, closed_at: "2026-05-01", csat: 1 };
    expect(supportHistory([answered, old], day)).toMatchObject({ csat: 4, csat_answers: 1 });
    expect(supportHistory([old], day)).toMatchObject({ csat: null, csat_answers: 0 });
  });

  it("lists the urgent ones first, then the oldest", () => {
    const tickets = [
      { ...ticket, id: "new", opened_at: "2026-11-20" },
      { ...ticket, id: "low", priority: "low" as const, opened_at: "2026-01-01" },
      { ...ticket, id: "old" },
    ];
    expect(supportHistory(tickets, day).tickets?.map(({ id }) => id)).toEqual(["old", "new", "low"]);
  });
});

describe("does the data agent give what is asked, and no more?", () => {
  const customer = customerWith({ id: "c-1", seats: 10, nps: 20, renewal_date: "2026-12-14" });
  const records: CustomerRecords = {
    usage: months(5, 5, 5, 5),
    tickets: [],
    invoices: [
      { due_date: "2026-11-01", paid_date: null, amount: 70 },
      { due_date: "2026-10-01", paid_date: "2026-10-02", amount: 50 },
      { due_date: "2026-11-23", paid_date: null, amount: 50 },
    ],
    contacts: [
      { name: "Old", email: null, role: "Champion", left_at: "2026-06-01" },
      { name: "New", email: null, role: "project champion", left_at: "2027-01-01" },
    ],
  };

  it("keeps to include_fields", async () => {
    const parameters = { include_fields: ["usage_metrics", "nps"] };
    const { output, effects } = await agentOver([customer], records).invoke(
      requestFor("retrieve_customer_data", { customer, parameters }),
    );
    expect(Object.keys(CustomerData.parse(output))).toEqual(["as_of", "usage_metrics", "nps", "missing"]);
    expect(effects).toEqual([]);
  });

  it("gives every part without it", async () => {
    const { output } = await agentOver([customer], records).invoke(requestFor("retrieve_customer_data", { customer }));
    expect(output).toMatchObject({
      as_of: "2026-11-23",
      contract_details: { renewal_date: "2026-12-14" },
      usage_metrics: { utilization: 0.5 },
      support_history: { open_tickets: 0 },
      invoices: { overdue: 1, overdue_amount: 70, oldest_overdue_days: 22, oldest_due_date: "2026-11-01" },
      contacts: { champion: { name: "New", left_at: null } },
      nps: 20,
    });
  });

  it("says null for what the source doesn't keep, also of a customer that it doesn't know", async () => {
    const { output } = await agentOver([]).invoke(requestFor("retrieve_customer_data", { customer }));
    expect(output).toMatchObject({ usage_metrics: null, support_history: null, invoices: null, contacts: null });
  });

  it("says how the execution's own customer stands now, and of one who is gone as they were recorded", async () => {
    const changed = { ...customer, seats: 1_000, nps: 55, champion_status: "active" as const };
    const { output } = await agentOver([changed], records).invoke(requestFor("retrieve_customer_data", { customer }));
    expect(output).toMatchObject({ usage_metrics: { seats: 1_000 }, nps: 55, champion_status: "active" });
    const gone = await agentOver([], records).invoke(requestFor("retrieve_customer_data", { customer }));
    expect(gone.output).toMatchObject({ usage_metrics: { seats: 10 } });
  });

  it("gets a customer by id, and refuses an unknown one by name", async () => {
    const agent = agentOver([customer]);
    const got = await agent.invoke(requestFor("get_customer", { parameters: { customer_id: "c-1" } }));
    expect(got.output).toEqual(customer);
    expect(await failureOf(agent.invoke(requestFor("get_customer", { parameters: { customer_id: "c-9" } })))).toEqual({
      error: "Input.Invalid",
      cause: 'There is no customer "c-9" in the customer source.',
    });
    expect((await failureOf(agent.invoke(requestFor("retrieve_customer_data")))).cause).toContain("needs a customer");
  });

  it.each([
    [{ include_field: ["nps"] }, /include_field is unknown, did you mean include_fields/],
    [{ include_fields: ["usage"] }, /include_fields\.0: invalid option/],
    [{ include_fields: "nps" }, /include_fields: invalid input: expected array/],
  ])("refuses %j by name", async (parameters, cause) => {
    const failure = await failureOf(
      agentOver([customer]).invoke(requestFor("retrieve_customer_data", { customer, parameters })),
    );
    expect(failure.error).toBe("Input.Invalid");
    expect(failure.cause).toMatch(cause);
  });

  it("names the nearest action for one that it doesn't have", async () => {
    const failure = await failureOf(agentOver([]).invoke(requestFor("retrive_customer_data")));
    expect(failure).toEqual({
      error: "Input.Invalid",
      cause: 'data_agent has no action "retrive_customer_data". Did you mean retrieve_customer_data?',
    });
  });

  it("does nothing for a request that is already given up", async () => {
    const signal = AbortSignal.abort();
    await expect(agentOver([customer]).invoke(requestFor("get_customer", { customer, signal }))).rejects.toThrow(
      /abort/i,
    );
  });
});
