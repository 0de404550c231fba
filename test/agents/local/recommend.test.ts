import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StepOutput } from "../../../src/agents/agent.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { recommend } from "../../../src/agents/local/recommendations/recommend.ts";
import type { Situation } from "../../../src/agents/local/recommendations/situation.ts";
import { Recommendations } from "../../../src/agents/local/recommendations/recommendations.ts";
import type { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import { logistic } from "../../../src/agents/local/risk/risk-model.ts";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { JsonObject } from "../../../src/flow/json.ts";
import type { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
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
  data: null,
  fittingSeats: 65,
  today: "2026-11-23",
};
const strategies = fc.constantFrom("value_based" as const, "retention_first" as const, "expansion" as const);
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

describe("does a strategy show in the order?", () => {
  const troubled = riskOf(
    { seat_use: 0.8, open_tickets: 0.4, champion: 0.35, contract: 0.25 },
    { risk_level: "high", over_threshold: true },
  );
  const calm = riskOf({ seat_use: -0.65, csat: -0.1, contract: 0.1 }, { risk_level: "low" });
  const full: CustomerData = { usage_metrics: { utilization: 0.95 } };

  it("keeps most revenue first, or does first what works soonest", () => {
    expect(ids({ risk: troubled })).toEqual([
      "right_size",
      "close_urgent_tickets",
      "executive_check_in",
      "agree_terms",
    ]);
    const soonest = recommend({ ...situation, risk: troubled, strategy: "retention_first" });
    expect(soonest.recommendations.map(({ id }) => id)).toEqual([
      "close_urgent_tickets",
      "executive_check_in",
      "right_size",
      "agree_terms",
    ]);
    const dates = soonest.recommendations.map(({ due_date }) => due_date);
    expect(dates).toEqual(dates.toSorted());
    expect(soonest.summary).toMatch(/^What works soonest on the strongest reasons: 1\. Get the open tickets closed; /);
  });

  it("grows whom nothing troubles, says what it adds, and grows nobody whose risk is high", () => {
    const growing = recommend({ ...situation, risk: calm, data: full, strategy: "expansion" });
    expect(growing.recommendations.map(({ id }) => id).slice(0, 2)).toEqual(["more_seats", "next_team"]);
    expect(growing.recommendations[0]?.effect?.text).toMatch(/^about €[\d,]+ a year more$/);
    expect(growing.summary).toMatch(/^What could grow first, then what keeps them: 1\. Offer more seats; /);
    const high = recommend({ ...situation, risk: troubled, data: full, strategy: "expansion" });
    expect(high.recommendations.map(({ id }) => id)).toEqual(ids({ risk: troubled }));
    expect(high.summary).toMatch(/^The risk is too high to talk of more, so first what keeps them: /);
    const unsure = riskOf({}, { confidence: "low", risk_level: "medium" });
    expect(ids({ risk: unsure, data: full, strategy: "expansion" })[0]).toBe("find_out");
  });

  it("offers more seats only where nearly all are used, in figures that can be true", () => {
    const others: (CustomerData | null)[] = [
      null,
      { usage_metrics: { utilization: 0.5 } },
      { usage_metrics: { utilization: 95 } },
      { usage_metrics: { utilization: 0.95, month: "2026-03" } },
    ];
    for (const data of others) expect(ids({ risk: calm, data, strategy: "expansion" })).not.toContain("more_seats");
  });

  it("says what each is expected to change by itself, and the facts behind it", () => {
    const evidence = [{ text: "49 of 120 seats active", date: "2026-10-31" }];
    const risk = riskOf({ seat_use: 0.8 });
    const cited = { ...risk, reasons: risk.reasons.map((reason) => ({ ...reason, evidence })) };
    const [first] = recommend({ ...situation, risk: cited }).recommendations;
    const after = logistic((0.2 + 0.8 * 0.4) * 100);
    expect(first).toMatchObject({
      id: "right_size",
      effect: {
        text: `risk ${risk.risk_score.toFixed(2)} to about ${after.toFixed(2)}`,
        risk_score: expect.closeTo(after, 9),
      },
      evidence,
    });
  });
});

describe("are its preconditions kept?", () => {
  it("asks somebody who left why, and for no renewal", () => {
    const gone = { ...customer, status: "churned" };
    for (const strategy of ["value_based", "retention_first", "expansion"] as const)
      expect(ids({ customer: gone, strategy })).toEqual(["win_back", "clear_the_record"]);
  });

  it("finds out what became of a renewal in the past, and asks for none", () => {
    const passed = ids({ customer: { ...customer, renewal_date: "2026-11-14" }, risk: riskOf({ seat_use: -0.65 }) });
    expect(passed).toContain("settle_the_date");
    expect(passed).not.toContain("confirm_renewal");
  });

  it("gives the plays of an owner who left to the other one", () => {
    const contacts = [{ name: "A M", email: "AM@example.com", role: null, left_at: "2026-11-03" }];
    const { recommendations } = recommend({ ...situation, data: { contacts: { contacts } } });
    expect(new Set(recommendations.map(({ owner_email }) => owner_email))).toEqual(new Set(["csm@example.com"]));
  });

  it("answers the topic of a reason, whatever a model calls its factor", () => {
    const risk = riskOf({});
    const own = { factor: "logins", topics: ["seat_use"], text: "Few log in", points: 0.8, evidence: [] };
    expect(ids({ risk: { ...risk, reasons: [own] } })[0]).toBe("right_size");
  });
});

describe("do values and days hold for any risk?", () => {
  const points = fc.record(
    Object.fromEntries(
      factors.map((factor) => [factor, fc.integer({ min: -60, max: 150 }).map((hundredths) => hundredths / 100)]),
    ),
    { requiredKeys: [] },
  );

  it("gives two to four different plays, by value most valuable first, together worth no more than the customer", () => {
    fc.assert(
      fc.property(points, fc.option(fc.constant(40)), strategies, (each, fittingSeats, strategy) => {
        const { recommendations } = recommend({ ...situation, risk: riskOf(each), fittingSeats, strategy });
        const values = recommendations.map(({ value }) => value ?? 0);
        expect(recommendations.length).toBeGreaterThanOrEqual(2);
        expect(recommendations.length).toBeLessThanOrEqual(4);
        expect(new Set(recommendations.map(({ id }) => id)).size).toBe(recommendations.length);
        const byValue = values.toSorted((a, b) => b - a);
        expect(strategy === "value_based" ? values : byValue).toEqual(byValue);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(100_000);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("is due on a working day, not in the past, and not after a notice date or a renewal that is still ahead", () => {
    const days = fc
      .integer({ min: 0, max: 700 })
      .map((offset) => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString().slice(0, 10));
    fc.assert(
      fc.property(days, fc.option(days), fc.option(days), strategies, (today, notice_date, renewal_date, strategy) => {
        const contract = { ...customer, notice_date, renewal_date };
        const { recommendations } = recommend({ ...situation, today, strategy, customer: contract });
        for (const { due_date } of recommendations) {
          expect(due_date >= today).toBe(true);
          const ahead = [notice_date, renewal_date].filter((date) => date !== null && date >= today);
          const isWorkingDay = ![0, 6].includes(new Date(`${due_date}T00:00:00Z`).getUTCDay());
          expect(ahead.length === 0 ? isWorkingDay : ahead.every((date) => due_date <= (date ?? ""))).toBe(true);
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
