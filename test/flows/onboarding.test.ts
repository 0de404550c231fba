/** The onboarding flow by each of its paths, on a clock that moves over two months. */
import { describe, expect, it } from "vitest";
import { FlowTestCase, type FlowResult } from "revops-flows/testing";
import { OnboardingPlan } from "../../src/agents/local/onboarding/onboarding-plan.ts";
import type { CustomerRecords } from "../../src/agents/crm/customer-source.ts";

/** A Wednesday; seven days on is one too, and in Sydney it is Thursday already. */
const now = "2026-11-25T20:00:00Z";
const customer = {
  id: "cust-new",
  name: "Acme Robotics",
  timezone: "Australia/Sydney",
  account_manager_email: "dana@example.com",
  csm_email: "leah@example.com",
  seats: 100,
  status: "onboarding",
};
const champion = { name: "Ruth", email: "ruth@acme.example", role: "Champion", left_at: null };
const usage = (active_users: number) => [
  { month: "2026-11", active_users, events: null },
  { month: "2026-12", active_users, events: null },
];
const urgent = {
  id: "T-1",
  opened_at: "2026-11-28",
  closed_at: null,
  priority: "urgent",
  csat: null,
  subject: "Nobody can log in",
} as const;

function started(records: Partial<CustomerRecords>, fields: Partial<typeof customer> = {}): FlowTestCase {
  const test = new FlowTestCase({ flows: "flows/standard/onboarding.yml", now });
  test.mockCustomer({ ...customer, ...fields }, { tickets: [], invoices: [], contacts: [champion], ...records });
  return test;
}

async function begin(test: FlowTestCase): Promise<FlowResult> {
  const [result] = await test.sendEvent({ event: "customer.created", input: { customer_id: "cust-new" } });
  if (result === undefined) throw new Error("the event started nothing");
  return result;
}

const mailsTo = ({ performedEffects }: FlowResult, stepId: string) =>
  performedEffects.flatMap((one) => (one.stepId === stepId && one.kind === "email" ? [one.to] : []));

describe("does a new customer get a plan in their own time?", () => {
  it("has dates of the customer's zone on working days, owners, an invitation and a mail to both owners", async () => {
    const test = started({ usage: usage(60) });
    const result = await begin(test);
    const plan = OnboardingPlan.parse(result.stepOutputs["plan_onboarding"]);
    expect(plan).toMatchObject({ starts_on: "2026-11-26", timezone: "Australia/Sydney", missing: [] });
    expect(plan.milestones.map(({ due_at, owner_email }) => [due_at, owner_email])).toEqual([
      ["2026-12-03T09:00:00+11:00", "leah@example.com"],
      ["2026-12-28T09:00:00+11:00", "leah@example.com"],
      ["2027-01-25T09:00:00+11:00", "dana@example.com"],
    ]);
    expect(mailsTo(result, "tell_owners")).toEqual(["leah@example.com", "dana@example.com"]);
    const invitation = result.performedEffects.find(({ kind }) => kind === "calendar_event");
    expect(invitation).toMatchObject({
      title: "Kick-off - Acme Robotics",
      attendees: ["leah@example.com", "dana@example.com"],
    });
    expect(result.waitingFor.map(({ until }) => until)).toEqual(
      plan.milestones.map(({ due_at }) => Date.parse(due_at)),
    );
    await test.close();
  });

  it("starts once for one event, and not again while it runs", async () => {
    const test = started({ usage: usage(60) });
    await begin(test);
    const again = await test.sendEvent({
      event: "customer.created",
      input: { customer_id: "cust-new" },
      eventId: "other",
    });
    expect(again).toEqual([]);
    expect(await test.results()).toHaveLength(1);
    await test.close();
  });
});

describe("is nobody disturbed where all goes well?", () => {
  it("ends after day 60 with three checks on track and nothing sent after the first day", async () => {
    const test = started({ usage: usage(60) });
    const first = await begin(test);
    const result = await test.advance("P61D");
    expect(result).toMatchObject({ status: "succeeded", failedSteps: [] });
    for (const step of ["check_day_7", "check_day_30", "check_day_60"])
      expect(result?.stepOutputs[step]).toMatchObject({ state: "on_track", open: [], unknown: [] });
    expect(result?.performedEffects).toHaveLength(first.performedEffects.length);
    await test.close();
  });
});

describe("is a stall escalated, and silence no progress?", () => {
  it("asks the owner and tells account manager and admin, each milestone by itself", async () => {
    const test = started({ usage: usage(5), tickets: [urgent] });
    await begin(test);
    const week = await test.advance({ to: "2026-12-04T00:00:00Z" });
    expect(week?.stepOutputs["check_day_7"]).toMatchObject({
      state: "stalled",
      open: ["No urgent ticket is open"],
      holds: ["Somebody speaks for the product there"],
    });
    expect(week && mailsTo(week, "escalate_day_7")).toEqual(["dana@example.com", "admin@example.com"]);
    const asked = week?.performedEffects.find(({ stepId }) => stepId === "ask_about_day_7");
    expect(asked).toMatchObject({ kind: "slack_message", to: { kind: "person", email: "leah@example.com" } });
    const month = await test.advance({ to: "2026-12-29T00:00:00Z" });
    expect(month?.stepOutputs["check_day_30"]).toMatchObject({
      state: "stalled",
      open: ["A quarter of the seats is used", "No urgent ticket is open"],
    });
    expect(month?.status).toBe("running");
    await test.close();
  });

  it("asks the owner to look where the usage never arrived, and doesn't call it stuck", async () => {
    const test = started({ usage: [] });
    await begin(test);
    const result = await test.advance({ to: "2026-12-29T00:00:00Z" });
    expect(result?.stepOutputs["check_day_30"]).toMatchObject({
      state: "unknown",
      unknown: ["A quarter of the seats is used"],
    });
    expect(result?.completedSteps).toContain("ask_about_day_30");
    expect(result?.skippedSteps["escalate_day_30"]).toBe("condition");
    await test.close();
  });

  it("goes on without a calendar", async () => {
    const test = started({ usage: usage(60) });
    test.failEffect({ kind: "calendar_event", fault: { kind: "refused" } });
    await begin(test);
    const result = await test.advance("P61D");
    expect(result?.status).toBe("succeeded");
    expect(result?.completedSteps).toContain("check_day_60");
    await test.close();
  });

  it("gives everything to the account manager where there is no customer success manager", async () => {
    const test = new FlowTestCase({ flows: "flows/standard/onboarding.yml", now });
    test.mockCustomer({ id: "cust-new", account_manager_email: "dana@example.com", timezone: "Mars/Olympus" });
    const [result] = await test.sendEvent({ event: "customer.created", input: { customer_id: "cust-new" } });
    const plan = OnboardingPlan.parse(result?.stepOutputs["plan_onboarding"]);
    expect(plan.timezone).toBe("UTC");
    expect(new Set(plan.milestones.map(({ owner_email }) => owner_email))).toEqual(new Set(["dana@example.com"]));
    expect(plan.missing).toEqual(["where the customer is (no such time zone)", "the customer success manager"]);
    await test.close();
  });
});
