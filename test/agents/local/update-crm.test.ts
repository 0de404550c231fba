/** Is only planned what the flow may change, from what stands in the CRM now, in values that can be read again? */
import { describe, expect, it } from "vitest";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { type CrmWriting, updateCrm } from "../../../src/agents/local/execution/update-crm.ts";
import type { Customer, FieldValue } from "../../../src/flow/customer.ts";
import type { JsonObject } from "../../../src/flow/json.ts";
import { customerWith, failureOf, requestFor } from "../support.ts";

const acme = customerWith({
  csm_email: "lee@example.com",
  champion_status: "active",
  arr: 84_000,
  created_at: "2024-01-31T12:00:00Z",
});
const open: CrmWriting = {
  writable: ["name", "csm_email", "champion_status", "arr", "renewal_date", "auto_renew", "created_at", "timezone"],
  refusal: null,
};

function sourceWith(customer: Customer | null): CustomerSource {
  return {
    get: () => Promise.resolve(customer),
    find: () => Promise.resolve([]),
    all: async function* () {},
    records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
  };
}

function asked(
  fields: JsonObject,
  {
    now = acme,
    known = acme,
    writing = open,
  }: { now?: Customer | null; known?: Customer | null; writing?: CrmWriting } = {},
) {
  const parameters = { fields, reason: "The champion\nleft" };
  return updateCrm({ source: sourceWith(now), writing }).invoke(
    requestFor("update_crm", { customer: known, parameters }),
  );
}

it("plans one change of one customer, with what stands there now and not when the execution began", async () => {
  const now = { ...acme, csm_email: "ana@example.com" };
  const { output, effects } = await asked({ csm_email: "kim@example.com", champion_status: "left" }, { now });
  expect(effects).toEqual([
    {
      target: "crm:cust-1",
      effect: {
        kind: "crm_update",
        customer: { id: "cust-1", name: "Acme Robotics" },
        changes: [
          { field: "csm_email", from: "ana@example.com", to: "kim@example.com" },
          { field: "champion_status", from: "active", to: "left" },
        ],
        reason: "The champion left",
      },
    },
  ]);
  expect(output).toEqual({
    customer_id: "cust-1",
    before: { csm_email: "ana@example.com", champion_status: "active" },
    after: { csm_email: "kim@example.com", champion_status: "left" },
  });
});

it("plans nothing where everything stands as it is to be, and says so", async () => {
  const { output, effects } = await asked({ csm_email: "lee@example.com", created_at: "2024-01-31T13:00:00+01:00" });
  expect(effects).toEqual([]);
  expect(output).toMatchObject({ before: { csm_email: "lee@example.com" }, after: { csm_email: "lee@example.com" } });
});

it.each<[string, FieldValue, FieldValue]>([
  ["champion_status", " Left ", "left"],
  ["csm_email", null, null],
  ["csm_email", "  ", null],
  ["renewal_date", "2028-02-29", "2028-02-29"],
  ["arr", 0, 0],
  ["auto_renew", false, false],
  ["created_at", "2026-11-30", "2026-11-30T00:00:00Z"],
])("%s = %j is written as %j", async (field, value, to) => {
  const { effects } = await asked({ [field]: value });
  expect(effects[0]?.effect).toMatchObject({ changes: [{ field, to }] });
});

it.each<[string, JsonObject, string]>([
  ["not listed", { seats: 5 }, "fields: seats is unknown"],
  ["the id", { id: "cust-2" }, "fields: id is unknown"],
  ["no field at all", {}, "fields: names no field"],
  ["two addresses", { csm_email: "a@example.com, b@example.com" }, "is not one mail address"],
  ["no such word", { champion_status: "gone" }, '"gone" is not one of active, left, unknown'],
  ["no such day", { renewal_date: "2027-02-29" }, '"2027-02-29" is not a date'],
  ["a time without a zone", { created_at: "2026-11-30T09:00:00" }, "is not a time"],
  ["below zero", { arr: -1 }, '"-1" is not a number from 0'],
  ["a number as text", { arr: "84000" }, "expected number, received string"],
  ["true as text", { auto_renew: "true" }, "expected boolean, received string"],
  ["no zone", { timezone: "Mars/Olympus" }, "is not a time zone"],
  ["no name", { name: "" }, "is empty"],
  ["null for a name", { name: null }, "is empty"],
  ["a novel", { name: "x".repeat(1_001) }, "<=1000"],
])("%s fails by name", async (_what, fields, said) => {
  const failure = await failureOf(asked(fields));
  expect(failure.error).toBe("Input.Invalid");
  expect(failure.cause).toContain(said);
});

describe("where nothing can be written", () => {
  it.each<[string, CrmWriting, string]>([
    ["nothing is listed", { writable: [], refusal: null }, "revops.yml lists no field under crm.writable"],
    ["files are only read", { writable: ["csm_email"], refusal: "the customers come from files" }, "come from files"],
  ])("%s: told when a flow is loaded, and when one that runs comes to it", async (_what, writing, said) => {
    expect(updateCrm({ source: sourceWith(acme), writing }).description.unavailable).toContain(said);
    const failure = await failureOf(asked({ csm_email: "kim@example.com" }, { writing }));
    expect(failure).toMatchObject({ error: "Effect.Refused", cause: expect.stringContaining(said) });
  });

  it("the customer is nobody, or gone from the CRM", async () => {
    const fields = { csm_email: "kim@example.com" };
    expect((await failureOf(asked(fields, { known: null }))).cause).toContain("needs a customer");
    expect((await failureOf(asked(fields, { now: null }))).cause).toContain('There is no customer "cust-1"');
  });
});
