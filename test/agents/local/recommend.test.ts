import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StepOutput } from "../../../src/agents/agent.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { recommend, type Situation } from "../../../src/agents/local/recommendations/recommend.ts";
import { Recommendations } from "../../../src/agents/local/recommendations/recommendations.ts";
import type { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import { logistic } from "../../../src/agents/local/risk/risk-model.ts";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { JsonObject } from "../../../src/flow/json.ts";
import { customerWith, echoTemplates, failureOf, requestFor } from "../support.ts";

const factors = ["seat_use", "open_tickets", "csat", "champion", "nps", "overdue_invoices", "contract"];

function riskOf(given: { [factor: string]: number | undefined }, fields: Partial<RenewalRisk> = {}): RenewalRisk {
  const points = Object.entries(given).map(([factor, worth]) => [factor, worth ?? 0] as const);
  const sum = points.reduce((total, [, worth]) => total + worth, 0.2);
  const risk_score = logistic(sum * 100);
  const reasons = points.map(([factor, worth]) => ({
    factor,
    text: `text of ${factor}`,
    points: worth,
    evidence: [],
  }));
  return {
    model: "renewal_risk_v2",
    risk_score,
    risk_level: "medium",
    threshold: 0.7,
    over_threshold: risk_score >= 0.7,
    confidence: "high",
    reasons,
    missing: [],
    what_would_help: [],
    ...fields,
  };
}

const customer = customerWith({
  arr: 100_000,
  currency: "EUR",
  account_manager_email: "am@example.com",
  csm_email: "csm@example.com",
});
const situation: Situation = {
  strategy: "value_based",
  risk: riskOf({ seat_use: 0.8, open_tickets: 0.4, champion: 0.35, csat: -0.1 }),
  customer,
  fittingSeats: 65,
  today: "2026-11-23",
};
const ids = (changes: Partial<Situation>) =>
  recommend({ ...situation, ...changes }).recommendations.map(({ id }) => id);

describe("do the plays answer the reasons?", () => {
  it("ranks by value, cites the evidence, names owner and day", () => {
    const { recommendations, summary } = recommend(situation);
    expect(recommendations[0]).toMatchObject({
      id: "right_size",
      title: "Right-size to 65 seats",
      why: "text of seat_use",
      owner_email: "am@example.com",
      due_date: "2026-11-30",
    });
    expect(recommendations.map(({ id }) => id).slice(0, 3)).toEqual([
      "right_size",
      "close_urgent_tickets",
      "executive_check_in",
    ]);
    expect(summary).toMatch(/^1\. Right-size to 65 seats; 2\. .*; together worth about €[\d,]+ of €100,000 a year\.$/);
  });

  it("plans no right-sizing where no seat is spare", () => {
    expect(ids({ fittingSeats: null })).not.toContain("right_size");
  });

  it("asks for what isn't known where the confidence is low, and doesn't call it safe", () => {
    const unsure = riskOf({}, { confidence: "low", missing: ["seat use", "NPS"] });
    const { recommendations } = recommend({ ...situation, risk: unsure });
    expect(recommendations[0]).toMatchObject({
      id: "find_out",
      why: "Too little is known to call it safe: seat use, NPS",
      value: 0,
    });
    const troubledToo = riskOf(Object.fromEntries(factors.map((factor) => [factor, 0.3])), { confidence: "low" });
    expect(ids({ risk: troubledToo })).toContain("find_out");
  });

  it("has something to do for a healthy customer too", () => {
    expect(ids({ risk: riskOf({ seat_use: -0.65, csat: -0.1 }) })).toEqual(["success_plan", "confirm_renewal"]);
  });

  it("has no value without revenue, but the same plays", () => {
    const { recommendations, summary } = recommend({ ...situation, customer: null });
    expect(recommendations.map(({ id }) => id)).toEqual(ids({}));
    expect(recommendations.map(({ value, owner_email }) => [value, owner_email])).toEqual(
      recommendations.map(() => [null, null]),
    );
    expect(summary).not.toContain("worth");
  });
});

describe("do values and days hold for any risk?", () => {
  const points = fc.record(
    Object.fromEntries(
      factors.map((factor) => [factor, fc.integer({ min: -60, max: 150 }).map((hundredths) => hundredths / 100)]),
    ),
    { requiredKeys: [] },
  );

  it("gives two to four different plays, most valuable first, together worth no more than the customer", () => {
    fc.assert(
      fc.property(points, fc.option(fc.constant(40)), (each, fittingSeats) => {
        const { recommendations } = recommend({ ...situation, risk: riskOf(each), fittingSeats });
        const values = recommendations.map(({ value }) => value ?? 0);
        expect(recommendations.length).toBeGreaterThanOrEqual(2);
        expect(recommendations.length).toBeLessThanOrEqual(4);
        expect(new Set(recommendations.map(({ id }) => id)).size).toBe(recommendations.length);
        expect(values).toEqual(values.toSorted((a, b) => b - a));
        expect(values.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(100_000);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("is due on a working day, not in the past, and not after a notice date that is still ahead", () => {
    const days = fc
      .integer({ min: 0, max: 700 })
      .map((offset) => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, fc.option(days), (today, notice_date) => {
        const { recommendations } = recommend({ ...situation, today, customer: { ...customer, notice_date } });
        for (const { due_date } of recommendations) {
          expect(due_date >= today).toBe(true);
          const isNoticeAhead = notice_date !== null && notice_date >= today;
          const isWorkingDay = ![0, 6].includes(new Date(`${due_date}T00:00:00Z`).getUTCDay());
          expect(isNoticeAhead ? due_date <= notice_date : isWorkingDay).toBe(true);
        }
      }),
    );
  });
});

function step(stepId: string, action: string, output: StepOutput["output"]): StepOutput {
  return { stepId, action, output };
}

describe("does the action find its inputs by name?", () => {
  const source: CustomerSource = {
    get: async () => null,
    find: async () => [],
    all: async function* () {},
    records: async () => ({ usage: null, tickets: null, invoices: null, contacts: null }),
  };
  const { decision_agent } = createLocalAgents({ source, templates: echoTemplates }).agents;
  const action = "generate_renewal_recommendations";
  const moderate = JsonObject.parse(riskOf({ seat_use: 0.8 }));

  it("takes the nearest, and passes over a skipped, a failed and a repeated one", async () => {
    const outputs = [
      step("repeated", "assess_renewal_risk", [{ ...moderate, risk_score: 0.5 }]),
      step("skipped", "assess_renewal_risk", null),
      step("failed", "assess_renewal_risk", { error: "Agent.Timeout", cause: "too slow" }),
      step("near", "assess_renewal_risk", { ...moderate, risk_score: 0 }),
      step("far", "assess_renewal_risk", { ...moderate, risk_score: 0.9 }),
    ];
    const { output } = await decision_agent.invoke(requestFor(action, { customer, outputs }));
    expect(Recommendations.parse(output).recommendations.every(({ value }) => value === 0)).toBe(true);
  });

  it("fails by name without the risk", async () => {
    expect(await failureOf(decision_agent.invoke(requestFor(action, { customer })))).toEqual({
      error: "Input.Invalid",
      cause:
        "generate_renewal_recommendations needs what assess_renewal_risk gives; no step that step_1 depends on has given it.",
    });
  });

  it("names the step whose output it can't read", async () => {
    const outputs = [step("guess", "assess_renewal_risk", { risk_level: "huge" })];
    const failure = await failureOf(decision_agent.invoke(requestFor(action, { customer, outputs })));
    expect(failure.error).toBe("Input.Invalid");
    expect(failure.cause).toMatch(/^The output of guess does not fit assess_renewal_risk: .*risk_level/);
  });

  it("assesses without any data, and refuses an unknown model or threshold", async () => {
    const { output } = await decision_agent.invoke(requestFor("assess_renewal_risk", { customer }));
    expect(output).toMatchObject({ model: "renewal_risk_v2", threshold: 0.7, confidence: "low" });
    for (const parameters of [{ model: "renewal_risk_v3" }, { threshold: 70 }, { tresholds: 0.7 }, { strategy: "x" }]) {
      const failure = await failureOf(
        decision_agent.invoke(requestFor("assess_renewal_risk", { customer, parameters })),
      );
      expect(failure.error).toBe("Input.Invalid");
      expect(failure.cause).toContain(Object.keys(parameters)[0]);
    }
  });
});
