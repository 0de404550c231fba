/** `/revops customer`: does it say how likely, why, how soon and how much, as of now and as it was, whatever the CRM holds? */
import { describe, expect, it } from "vitest";
import { shownCustomerRisk, customerRiskMessage } from "../../src/bot/views/customer-risk.ts";
import type { CustomerRisk } from "../../src/engine/customer-risk.ts";
import { Json } from "../../src/flow/json.ts";
import { assess } from "../../src/agents/local/risk/assess.ts";
import { checkBlocks } from "../../src/notify/slack/check-blocks.ts";
import { parseCommandLine } from "../../src/bot/listeners/commands/command-line.ts";
import { customerWith, modelNamed } from "../agents/support.ts";

const at = Date.parse("2026-11-23T12:00:00Z");
const customer = customerWith({ arr: 84_000, currency: "USD", renewal_date: "2026-12-14", notice_date: "2026-12-04" });

function assessment(utilization: number, today: string, model = "renewal_risk_v2") {
  const data = { usage_metrics: { utilization, active_users: utilization * 100, seats: 100 } };
  const output = Json.parse(JSON.parse(JSON.stringify(assess({ model: modelNamed(model), data, customer, today }))));
  return { stepId: "assess", agent: "decision_agent" as const, action: "assess_renewal_risk", output };
}

const earlier = (days: number, utilization: number, model?: string) => ({
  at: at - days * 86_400_000,
  executionId: `exec-${days}`,
  flowId: "renewal_management",
  output: assessment(utilization, "2026-11-01", model),
});

const found = (fields: Partial<CustomerRisk> = {}): CustomerRisk => ({
  customer,
  at,
  now: [assessment(0.2, "2026-11-23")],
  past: [earlier(30, 0.6), earlier(2, 0.3)],
  ...fields,
});

const textOf = (given: CustomerRisk) => JSON.stringify(customerRiskMessage(given, "UTC").blocks);

describe("a customer's risk", () => {
  it("says risk, change, urgency, priority, reasons with what they were, and gaps", () => {
    const text = textOf(found());
    expect(text).toContain("*Acme Robotics* · renews in 21 days, notice by 4 Dec · $84,000");
    expect(text).toMatch(/Risk \*0\.\d\d\* · confidence low · level high · was 0\.\d\d on 24 Oct/);
    expect(text).toContain("Urgent: two weeks or less to act · about $66,000 a year at risk");
    expect(text).toContain("Seat use 20 % of 100 (was +0.15)");
    expect(text).toContain("Not known: usage trend");
    expect(checkBlocks(customerRiskMessage(found(), "UTC").blocks ?? [])).toEqual([]);
  });

  it("says no score twice, where it was assessed today already", () => {
    const again = { ...earlier(0, 0.2), at: at - 3_600_000, output: assessment(0.2, "2026-11-23") };
    expect(textOf(found({ past: [again] }))).not.toContain("was 0.");
  });

  it("falls back on the last assessment where the source can't be read, and says of when", () => {
    const shown = shownCustomerRisk(found({ now: null }));
    expect(shown?.assessedAt).toBe(at - 2 * 86_400_000);
    expect(textOf(found({ now: null }))).toContain("assessed 21 Nov");
  });

  it("says so where nothing was ever assessed", () => {
    expect(textOf(found({ now: null, past: [] }))).toContain("no execution has assessed it");
  });

  it("holds nothing against another model's figures", () => {
    expect(shownCustomerRisk(found({ past: [earlier(30, 0.6, "renewal_risk_v1")] }))?.history).toBeNull();
  });

  it("pings nobody by a customer's name", () => {
    const loud = { ...customer, name: "<!channel> & Co" };
    expect(textOf(found({ customer: loud }))).not.toContain("<!channel>");
  });
});

describe("the word", () => {
  it.each([
    ["customer Acme Robotics", { kind: "customer", customer: "Acme Robotics" }],
    ['customer "Acme Robotics"', { kind: "customer", customer: "Acme Robotics" }],
    ["CUSTOMER cust-1", { kind: "customer", customer: "cust-1" }],
    ["customer", { kind: "problem", message: "Which customer? /revops customer NAME" }],
    ["custmer Acme", { kind: "unknown", word: "custmer", suggestion: "customer" }],
  ])("%s", (line, expected) => {
    expect(parseCommandLine(line)).toEqual(expected);
  });
});
