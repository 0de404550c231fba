/** Do urgency and priority stand apart from the risk, and does the summary say all three? */
import { describe, expect, it } from "vitest";
import type { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
import { assess } from "../../../src/agents/local/risk/assess.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { customerWith, modelNamed } from "../support.ts";

const today = "2026-11-23";
const data: CustomerData = { usage_metrics: { utilization: 0.2 }, support_history: { urgent_tickets: 2 } };

function assessed(fields: Partial<Customer>, given: CustomerData | null = data) {
  return assess({ model: modelNamed("renewal_risk_v2"), data: given, customer: customerWith(fields), today });
}

describe("how soon", () => {
  it.each<[string, string | null, string | null, number | null, number | null]>([
    ["passed", "2026-11-22", null, -1, null],
    ["now", "2026-11-23", null, 0, null],
    ["now", "2026-12-07", null, 14, null],
    ["soon", "2026-12-08", null, 15, null],
    ["now", "2027-03-01", "2026-12-01", 98, 8],
    ["soon", "2026-12-20", "2026-11-01", 27, -22],
    ["later", "2027-01-08", null, 46, null],
    ["unknown", null, "2026-12-01", null, 8],
  ])(
    "%s for a renewal on %s with notice by %s",
    (level, renewal_date, notice_date, days_to_renewal, days_to_notice) => {
      expect(assessed({ renewal_date, notice_date }).urgency).toEqual({ level, days_to_renewal, days_to_notice });
    },
  );

  it("changes no score, as long as the date lies ahead", () => {
    const scores = ["2026-11-24", "2026-12-24", "2027-06-01", null].map(
      (renewal_date) => assessed({ renewal_date }).risk_score,
    );
    expect(new Set(scores).size).toBe(1);
  });
});

describe("how much", () => {
  it("is risk times revenue, and no part of the risk", () => {
    const [small, large] = [10_000, 1_000_000].map((arr) => assessed({ arr, currency: "EUR" }));
    expect(small?.risk_score).toBe(large?.risk_score);
    expect(large?.priority).toEqual({
      revenue_at_risk: Math.round(1_000_000 * (large?.risk_score ?? 0)),
      currency: "EUR",
    });
    expect(assessed({}).priority).toEqual({ revenue_at_risk: null, currency: null });
  });
});

describe("in one sentence", () => {
  it.each<[string, Partial<Customer>, CustomerData | null]>([
    [
      "High risk, mostly by seat use and open tickets; about $70,500 of $84,000 a year at stake; 8 days to the day for notice.",
      { arr: 84_000, currency: "USD", renewal_date: "2026-12-14", notice_date: "2026-12-01" },
      data,
    ],
    ["High risk, mostly by seat use and open tickets; the renewal is today.", { renewal_date: today }, data],
    [
      "Medium risk, as too little is known to call it safe; 1 day to the renewal.",
      { renewal_date: "2026-11-24" },
      null,
    ],
    [
      "High risk, mostly by seat use and open tickets; the renewal date has passed.",
      { renewal_date: "2026-11-01" },
      data,
    ],
  ])("%s", (sentence, fields, given) => {
    expect(assessed(fields, given).summary).toBe(sentence);
  });
});
