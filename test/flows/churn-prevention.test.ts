/** The churn-prevention flow by each of its paths: who is asked about, what follows, and what two weeks have changed. */
import { describe, expect, it } from "vitest";
import { FlowTestCase } from "revops-flows/testing";
import type { CustomerRecords } from "../../src/agents/crm/customer-source.ts";
import type { Customer } from "../../src/flow/customer.ts";

/** A Monday; the flow fires at nine. */
const now = "2026-11-23T08:00:00Z";
const customer = {
  id: "cust-1",
  name: "Acme Robotics",
  status: "active",
  account_manager_email: "dana@example.com",
  csm_email: "leah@example.com",
  renewal_date: "2027-06-30",
  arr: 84_000,
  currency: "USD",
  seats: 100,
  nps: -40,
};

const month = (name: string, active_users: number) => ({ month: name, active_users, events: null });
const falling = [month("2026-07", 90), month("2026-08", 80), month("2026-09", 60), month("2026-10", 35)];
const steady = [month("2026-07", 90), month("2026-08", 90), month("2026-09", 90), month("2026-10", 90)];
const left = { name: "Ruth", email: "ruth@acme.example", role: "Champion", left_at: "2026-11-03" };
const here = { ...left, left_at: null };
const unpaid = { due_date: "2026-09-15", paid_date: null, amount: 4_000 };

const troubled: Partial<CustomerRecords> = { usage: falling, tickets: [], invoices: [unpaid], contacts: [left] };
const content: Partial<CustomerRecords> = { usage: steady, tickets: [], invoices: [], contacts: [here] };

function testOf(records: Partial<CustomerRecords>, fields: Partial<Customer> = {}): FlowTestCase {
  const test = new FlowTestCase({ flows: "flows/standard/churn_prevention.yml", now, fireSchedules: true });
  test.mockCustomer({ ...customer, ...fields }, records);
  return test;
}

async function fired(test: FlowTestCase) {
  await test.advance("PT2H");
  return test.results();
}

describe("who is asked about?", () => {
  it("somebody whose usage falls, who is a detractor, whose champion left and who doesn't pay", async () => {
    const test = testOf(troubled);
    const [result] = await fired(test);
    expect(result?.stepOutputs["assess_churn_risk"]).toMatchObject({
      model: "churn_risk_v1",
      over_threshold: true,
      confidence: "high",
      signs: ["usage_fall", "detractor", "champion_gone", "unpaid_invoices"],
    });
    expect(result?.waitingFor.map(({ step_id }) => step_id)).toEqual(["approve_play"]);
    expect(result?.performedEffects).toEqual([]);
    expect(result?.plannedEffects.map(({ stepId }) => stepId)).toContain("tell_owners");
    await test.close();
  });

  it.each<[string, number, Partial<CustomerRecords>, Partial<Customer>]>([
    ["nobody who is content", 1, content, { nps: 40 }],
    ["nobody of whom nothing is known", 1, { usage: [], tickets: null, invoices: null, contacts: null }, { nps: null }],
    ["nobody who is in the window of renewal_management", 0, troubled, { renewal_date: "2026-12-20" }],
    ["nobody who has left", 0, troubled, { status: "churned" }],
  ])("%s", async (_, looked, records, fields) => {
    const test = testOf(records, fields);
    const results = await fired(test);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: looked }, () => "nothing_to_do"));
    expect(results.flatMap(({ waitingFor, performedEffects }) => [...waitingFor, ...performedEffects])).toEqual([]);
    await test.close();
  });

  it("nobody twice for the same, day after day", async () => {
    const test = testOf(troubled);
    await fired(test);
    await test.advance("P3D");
    const results = await test.results();
    expect(results.length).toBe(4);
    expect(results.filter(({ waitingFor }) => waitingFor.length > 0)).toHaveLength(1);
    await test.close();
  });

  it("nobody on a weekend", async () => {
    const test = new FlowTestCase({
      flows: "flows/standard/churn_prevention.yml",
      now: "2026-11-28T08:00:00Z",
      fireSchedules: true,
    });
    test.mockCustomer(customer, troubled);
    await test.advance("P1D");
    expect(await test.results()).toEqual([]);
    await test.close();
  });
});

async function approved(): Promise<{ test: FlowTestCase; executionId: string }> {
  const test = new FlowTestCase({ flows: "flows/standard/churn_prevention.yml", now });
  test.mockCustomer(customer, troubled);
  await test.executeFlow({ flowId: "churn_prevention", inputParameters: { customer_id: "cust-1" } });
  const { executionId } = await test.approve({ by: "leah@example.com" });
  return { test, executionId };
}

describe("what follows an answer?", () => {
  it("tells both owners the play at once, what works soonest first, and waits for 14 days", async () => {
    const { test, executionId } = await approved();
    const result = await test.result(executionId);
    const mails = result.performedEffects.filter(({ kind }) => kind === "email");
    expect(mails.map((mail) => mail.kind === "email" && mail.to)).toEqual(["leah@example.com", "dana@example.com"]);
    expect(mails[0]).toMatchObject({
      subject: expect.stringMatching(/^Acme Robotics: churn risk 0\.\d\d, what to do now$/),
    });
    expect(result.stepOutputs["choose_play"]).toMatchObject({ strategy: "retention_first" });
    expect(result.waitingFor.map(({ until }) => until)).toEqual([Date.parse("2026-12-07T08:00:00Z")]);
    await test.close();
  });

  it("a rejection ends it, and nothing leaves", async () => {
    const test = new FlowTestCase({ flows: "flows/standard/churn_prevention.yml", now });
    test.mockCustomer(customer, troubled);
    await test.executeFlow({ flowId: "churn_prevention", inputParameters: { customer_id: "cust-1" } });
    const result = await test.reject({ by: "leah@example.com", reason: "They have told us why, and stay" });
    expect(result).toMatchObject({ status: "succeeded", outcome: "rejected", performedEffects: [] });
    await test.close();
  });

  it("no answer is none: after five days it ends and nothing has left", async () => {
    const test = new FlowTestCase({ flows: "flows/standard/churn_prevention.yml", now });
    test.mockCustomer(customer, troubled);
    await test.executeFlow({ flowId: "churn_prevention", inputParameters: { customer_id: "cust-1" } });
    expect(await test.expire()).toMatchObject({ outcome: "expired", performedEffects: [] });
    expect(test.clock.now()).toBe(Date.parse("2026-11-28T08:00:00Z"));
    await test.close();
  });
});

const outcome = async (records: Partial<CustomerRecords>, fields: Partial<Customer> = {}) => {
  const { test, executionId } = await approved();
  test.mockCustomer({ ...customer, ...fields }, records);
  await test.advance("P14D");
  const result = await test.result(executionId);
  const told = result.performedEffects.find(({ stepId }) => stepId === "tell_outcome");
  await test.close();
  return { result, recorded: result.stepOutputs["record_outcome"], told };
};

describe("what have two weeks changed?", () => {
  it("recovered: what was wrong isn't any more", async () => {
    const { result, recorded, told } = await outcome(content);
    expect(result).toMatchObject({ status: "succeeded", outcome: "completed" });
    expect(recorded).toMatchObject({
      outcome: "recovered",
      signs_gone: ["usage_fall", "champion_gone", "unpaid_invoices"],
      signs_left: ["detractor"],
    });
    expect(told).toMatchObject({
      kind: "slack_message",
      to: { kind: "person", email: "leah@example.com" },
      text: expect.stringMatching(
        /^Acme Robotics, two weeks after the play: recovered, risk 0\.\d\d then and 0\.\d\d now/,
      ),
    });
  });

  it("believes what the CRM says now, not what it said when the play was chosen", async () => {
    const { recorded } = await outcome(content, { nps: 45, champion_status: "active" });
    expect(recorded).toMatchObject({
      outcome: "recovered",
      signs_left: [],
      summary: expect.stringMatching(/; no sign is left\.$/),
    });
  });

  it("unchanged: the same as before", async () => {
    expect((await outcome(troubled)).recorded).toMatchObject({ outcome: "unchanged", signs_gone: [] });
  });

  it("unknown where the figures stopped coming: silence is no recovery", async () => {
    const silent = { usage: [], tickets: null, invoices: null, contacts: null };
    expect((await outcome(silent)).recorded).toMatchObject({ outcome: "unknown" });
  });
});
