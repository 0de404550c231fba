/** Does data that can't be right show: as a gap, a lower confidence, an error with its place, never as a healthy score? */
import { describe, expect, it } from "vitest";
import type { UsageMonth } from "../../../src/agents/crm/customer-source.ts";
import type { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
import { usageMetrics } from "../../../src/agents/local/data/usage-metrics.ts";
import { onboardingPlan } from "../../../src/agents/local/onboarding/plan-onboarding.ts";
import { recommend } from "../../../src/agents/local/recommendations/recommend.ts";
import { signsIn } from "../../../src/agents/local/risk/assess-churn-risk.ts";
import { assess } from "../../../src/agents/local/risk/assess.ts";
import { readModel } from "../../../src/agents/local/risk/model-file.ts";
import type { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import { gatherEvidence, signalsOf } from "../../../src/agents/local/risk/risk-evidence.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { customerWith, modelNamed } from "../support.ts";

const today = "2026-11-23";
const models = ["renewal_risk_v1", "renewal_risk_v2", "churn_risk_v1"];

/** Everything known, and all of it well. */
const healthy: CustomerData = {
  contract_details: { contract_start: "2025-12-14", renewal_date: "2026-12-14", auto_renew: true, status: "active" },
  usage_metrics: {
    utilization: 0.9,
    active_users: 90,
    seats: 100,
    month: "2026-10",
    trend: 0.1,
    trend_since: "2026-07",
  },
  support_history: { open_tickets: 0, urgent_tickets: 0, csat: 4.8 },
  invoices: { overdue: 0 },
  contacts: { champion: { name: "Ruth", left_at: null } },
  nps: 60,
};

function assessed(model: string, change: Partial<CustomerData>, fields: Partial<Customer> = {}): RenewalRisk {
  const data = { ...healthy, ...change };
  return assess({ model: modelNamed(model), data, customer: customerWith(fields), today });
}

const confidences = ["low", "medium", "high"];
const isLess = (one: RenewalRisk, other: RenewalRisk) =>
  confidences.indexOf(one.confidence) < confidences.indexOf(other.confidence);

describe.each(models)("%s", (model) => {
  const well = assessed(model, {});

  it("calls somebody of whom all is known and well low, with high confidence", () => {
    expect(well).toMatchObject({ risk_level: "low", confidence: "high", missing: [] });
  });

  it.each<[string, Partial<CustomerData>, RegExp]>([
    ["usage that stopped arriving", { usage_metrics: { ...healthy.usage_metrics, month: "2026-05" } }, /since May/],
    [
      "a per cent where a share belongs",
      { usage_metrics: { ...healthy.usage_metrics, utilization: 90, active_users: null } },
      /^seat use \(90 is not 0 to 3\)$/,
    ],
    [
      "a utilization that contradicts its own figures",
      { usage_metrics: { ...healthy.usage_metrics, utilization: 0.9, active_users: 3 } },
      /^seat use \(0\.9 contradicts 3 active of 100 seats\)$/,
    ],
    [
      "a customer who churned already",
      { contract_details: { ...healthy.contract_details, status: "Churned" } },
      /^whether they are still a customer \(status Churned\)$/,
    ],
    [
      "a renewal date in the past",
      { contract_details: { ...healthy.contract_details, renewal_date: "2026-11-14" } },
      /^the next renewal \(14 Nov has passed\)$/,
    ],
    [
      "a contract that ends before it begins",
      { contract_details: { ...healthy.contract_details, contract_start: "2027-01-01" } },
      /^the contract's period \(it ends on 14 Dec before it begins on 1 Jan 2027\)$/,
    ],
    [
      "a day for notice after the renewal",
      { contract_details: { ...healthy.contract_details, notice_date: "2027-01-10" } },
      /^the day for notice \(10 Jan 2027 is after the renewal\)$/,
    ],
  ])("%s is a gap, and the confidence falls", (_, change, gap) => {
    const risk = assessed(model, change);
    expect(risk.missing).toContainEqual(expect.stringMatching(gap));
    expect(isLess(risk, well)).toBe(true);
    expect(risk.risk_score).toBeGreaterThanOrEqual(well.risk_score);
    expect(risk.confidence === "low" && risk.risk_level === "low").toBe(false);
  });

  it("an owner who left is a gap; it says nothing of the risk", () => {
    const contacts = [{ name: "Dana", email: "Dana@example.com", role: null, left_at: "2026-11-03" }];
    const change = { contacts: { ...healthy.contacts, contacts } };
    const risk = assessed(model, change, { account_manager_email: "dana@example.com" });
    expect(risk.missing).toEqual(["the account manager (left on 3 Nov)"]);
    expect(risk.risk_score).toBe(well.risk_score);
  });
});

describe("metrics of another unit, where only renewal_risk_v2 reads them", () => {
  it.each<[string, Partial<CustomerData>, string]>([
    ["CSAT out of 100", { support_history: { ...healthy.support_history, csat: 92 } }, "CSAT (92 is not 1 to 5)"],
    ["NPS beyond its scale", { nps: 870 }, "NPS (870 is not -100 to 100)"],
    [
      "a change in per cent",
      { usage_metrics: { ...healthy.usage_metrics, trend: 40 } },
      "usage trend (40 is not -1 to 20)",
    ],
    [
      "half a ticket",
      { support_history: { ...healthy.support_history, urgent_tickets: 0.5 } },
      "support tickets (0.5 is not a whole number from 0 to 10000)",
    ],
    [
      "a period that ends before it begins",
      { usage_metrics: { ...healthy.usage_metrics, trend_since: "2026-12" } },
      "usage trend (its period ends in 2026-10 before it begins in 2026-12)",
    ],
  ])("%s reassures nobody", (_, change, gap) => {
    const risk = assessed("renewal_risk_v2", change);
    expect(risk.missing).toEqual([gap]);
    expect(risk.risk_score).toBeGreaterThan(assessed("renewal_risk_v2", {}).risk_score);
  });
});

const months = (last: string, count: number): UsageMonth[] =>
  ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"].map((month) => ({
    month,
    active_users: month <= last ? count : null,
    events: null,
  }));

describe("usage that stopped arriving", () => {
  it("isn't the last good month for ever: rows without figures count as none", () => {
    const usage = usageMetrics({ usage: months("2026-06", 95), seats: 100, today });
    const risk = assessed("renewal_risk_v2", { usage_metrics: usage });
    expect(risk).toMatchObject({ confidence: "low", risk_level: "medium" });
    expect(risk.missing).toEqual(["seat use since June", "usage trend since June"]);
  });

  it("can still be a sign of churn: a fall before the silence was a fall", () => {
    const usage_metrics = { utilization: 0.3, month: "2026-05", trend: -0.6, trend_since: "2026-02" };
    const evidence = gatherEvidence({ data: { usage_metrics }, customer: null, today });
    expect(signsIn(signalsOf(evidence))).toEqual(["usage_fall"]);
  });
});

describe("what is done about it", () => {
  const situation = { strategy: "value_based" as const, customer: customerWith(), fittingSeats: null, today };

  it("somebody who churned already gets no renewal talk, and a past renewal is found out about", () => {
    const gone = { contract_details: { ...healthy.contract_details, status: "churned" } };
    const passed = { contract_details: { ...healthy.contract_details, renewal_date: "2026-11-14" } };
    const playsFor = (change: Partial<CustomerData>) =>
      recommend({
        ...situation,
        risk: assessed("renewal_risk_v2", change),
        data: { ...healthy, ...change },
      }).recommendations.map(({ id }) => id);
    expect(playsFor(gone)).toEqual(["win_back", "clear_the_record"]);
    expect(playsFor(passed)).toContain("settle_the_date");
  });

  it("an onboarding that began before it could is refused by name, not squeezed into the past", () => {
    const owners = { accountManager: null, csm: null };
    const asked = { customer: null, owners, today, timezone: "UTC" };
    expect(() => onboardingPlan({ ...asked, start: "2026-01-01" })).toThrow(
      "plan_onboarding: the start 2026-01-01 is 326 days back; an onboarding takes 60.",
    );
  });
});

it("a model with a factor that no source delivers is an error with its place", () => {
  const text = [
    "name: own_v1",
    "about: renewal",
    "description: Own",
    "threshold: 0.7",
    "base: 0",
    "factors:",
    "  - id: weather",
    "    label: Weather",
    "    cap: { raises: 1, reassures: 1 }",
    "    terms:",
    "      - signal: rainy_days",
    "        points: [[0, -1], [30, 1]]",
  ].join("\n");
  const read = readModel({ file: "models/own_v1.yml", text });
  expect(read).toMatchObject({
    ok: false,
    problems: [
      expect.objectContaining({
        file: "models/own_v1.yml",
        line: 11,
        column: 17,
        message: expect.stringContaining('no source delivers "rainy_days"'),
      }),
    ],
  });
});
