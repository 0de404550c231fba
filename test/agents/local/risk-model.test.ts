import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CustomerData } from "../../../src/agents/local/data/customer-data.ts";
import { assess } from "../../../src/agents/local/risk/assess.ts";
import { evaluate, levelOf, logistic, reassurance } from "../../../src/agents/local/risk/risk-model.ts";
import type { Signal, SignalName, Signals } from "../../../src/agents/local/risk/signals.ts";
import { customerWith, modelNamed } from "../support.ts";

const renewalRiskV2 = modelNamed("renewal_risk_v2");

const unknown: Signal = { value: null, outdated: false };
const known = (value: number | string): Signal => ({ value, outdated: false });

const values: Record<SignalName, fc.Arbitrary<number | string>> = {
  utilization: fc.double({ min: 0, max: 1.5, noNaN: true }),
  usage_change: fc.double({ min: -1, max: 2, noNaN: true }),
  urgent_tickets: fc.nat(8),
  oldest_urgent_days: fc.nat(90),
  open_tickets: fc.nat(30),
  csat: fc.double({ min: 1, max: 5, noNaN: true }),
  champion: fc.constantFrom("active", "left"),
  nps: fc.integer({ min: -100, max: 100 }),
  overdue_days: fc.nat(120),
  renewal_mode: fc.constantFrom("renews_by_itself", "by_hand", "by_hand_notice_passed"),
};
const names = Object.keys(values).filter((name): name is SignalName => name in values);

function signal(name: SignalName): fc.Arbitrary<Signal> {
  return fc.record({ value: fc.option(values[name]), outdated: fc.boolean() });
}

const anySignals: fc.Arbitrary<Signals> = fc.record({
  utilization: signal("utilization"),
  usage_change: signal("usage_change"),
  urgent_tickets: signal("urgent_tickets"),
  oldest_urgent_days: signal("oldest_urgent_days"),
  open_tickets: signal("open_tickets"),
  csat: signal("csat"),
  champion: signal("champion"),
  nps: signal("nps"),
  overdue_days: signal("overdue_days"),
  renewal_mode: signal("renewal_mode"),
});

const nothing: Signals = {
  utilization: unknown,
  usage_change: unknown,
  urgent_tickets: unknown,
  oldest_urgent_days: unknown,
  open_tickets: unknown,
  csat: unknown,
  champion: unknown,
  nps: unknown,
  overdue_days: unknown,
  renewal_mode: unknown,
};

const score = (signals: Signals) => evaluate(renewalRiskV2, signals);
const ranks = { low: 0, medium: 1, high: 2 };

describe("do the points add up exactly, in any order?", () => {
  it("sums base and factors to the score, to the last bit", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const { hundredths, contributions, score: risk, level } = score(signals);
        const sum = contributions.reduce(
          (total, factor) => total + factor.hundredths,
          Math.round(renewalRiskV2.base * 100),
        );
        expect(hundredths).toBe(sum);
        expect(risk).toBe(1 / (1 + Math.exp(-sum / 100)));
        expect(level).toBe(levelOf(risk));
        for (const factor of contributions) expect(Number.isInteger(factor.hundredths)).toBe(true);
      }),
    );
  });

  it("gives the same whatever the order of factors and terms", () => {
    const ids = renewalRiskV2.factors.map(({ id }) => id);
    fc.assert(
      fc.property(anySignals, fc.shuffledSubarray(ids, { minLength: ids.length }), (signals, order) => {
        const factors = order.flatMap((id) => renewalRiskV2.factors.filter((factor) => factor.id === id));
        const turned = factors.map((factor) => ({ ...factor, terms: factor.terms.toReversed() }));
        const other = evaluate({ ...renewalRiskV2, factors: turned }, signals);
        expect(other.score).toBe(score(signals).score);
        expect(other.confidence).toBe(score(signals).confidence);
      }),
    );
  });

  it("keeps each factor within its cap", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        for (const { factor: id, hundredths } of score(signals).contributions) {
          const cap = renewalRiskV2.factors.find((factor) => factor.id === id)?.cap;
          expect(hundredths / 100).toBeLessThanOrEqual(cap?.raises ?? 0);
          expect(hundredths / 100).toBeGreaterThanOrEqual(-(cap?.reassures ?? 0));
        }
      }),
    );
  });
});

describe("does missing data ever look healthy?", () => {
  it("calls somebody of whom nothing is known medium, with low confidence", () => {
    const { score: risk, level, confidence, missing } = score(nothing);
    expect(risk).toBe(logistic(Math.round(renewalRiskV2.base * 100)));
    expect([level, confidence]).toEqual(["medium", "low"]);
    expect(missing).toEqual([
      "utilization",
      "usage_change",
      "urgent_tickets",
      "csat",
      "champion",
      "nps",
      "overdue_days",
      "renewal_mode",
    ]);
  });

  it("never gives a low risk with low confidence", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const { level, confidence } = score(signals);
        expect(level === "low" && confidence === "low").toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("can't: all reassurance that fits under low confidence leaves the score in the medium band", () => {
    const weights = renewalRiskV2.factors.flatMap(({ terms }) => terms.map(reassurance)).filter((weight) => weight > 0);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const most = Math.max(
      ...weights
        .reduce<number[]>((sums, weight) => [...sums, ...sums.map((sum) => sum + weight)], [0])
        .filter((sum) => sum < total * 0.5),
    );
    expect(levelOf(logistic(Math.round(renewalRiskV2.base * 100) - most))).toBe("medium");
  });

  it("puts a missing fact between the worst and the best that it could have been", () => {
    fc.assert(
      fc.property(anySignals, fc.constantFrom(...names), (signals, name) => {
        const term = renewalRiskV2.factors.flatMap(({ terms }) => terms).find((term) => term.signal === name);
        if (term === undefined) throw new Error(`no term reads ${name}`);
        const without = score({ ...signals, [name]: unknown }).hundredths;
        const scores = extremes(term.points).map((value) => score({ ...signals, [name]: known(value) }).hundredths);
        expect(without).toBeLessThanOrEqual(Math.max(...scores));
        expect(without).toBeGreaterThanOrEqual(Math.min(...scores));
      }),
    );
  });

  it("never gains confidence by knowing less", () => {
    fc.assert(
      fc.property(anySignals, fc.constantFrom(...names), (signals, name) => {
        const less = score({ ...signals, [name]: unknown });
        expect(ranks[less.confidence]).toBeLessThanOrEqual(ranks[score(signals).confidence]);
      }),
    );
  });

  it("isn't reassured by what is out of date, but warned", () => {
    fc.assert(
      fc.property(anySignals, fc.constantFrom(...names), (signals, name) => {
        const { value } = signals[name];
        const old = score({ ...signals, [name]: { value, outdated: true } }).hundredths;
        expect(old).toBeGreaterThanOrEqual(score({ ...signals, [name]: { value, outdated: false } }).hundredths);
        expect(old).toBeGreaterThanOrEqual(score({ ...signals, [name]: unknown }).hundredths);
      }),
    );
  });
});

function extremes(points: (typeof renewalRiskV2.factors)[number]["terms"][number]["points"]): (number | string)[] {
  return Array.isArray(points) ? points.map(([value]) => value) : Object.keys(points);
}

describe("is worse always worse?", () => {
  const worseWhenMore: SignalName[] = ["urgent_tickets", "oldest_urgent_days", "open_tickets", "overdue_days"];
  const worseWhenLess: SignalName[] = ["utilization", "usage_change", "csat", "nps"];

  it.each([...worseWhenMore, ...worseWhenLess])("%s", (name) => {
    const pair = fc.tuple(values[name], values[name]).map((two) => two.map(Number).toSorted((a, b) => a - b));
    fc.assert(
      fc.property(anySignals, pair, (signals, [less = 0, more = 0]) => {
        const [low, high] = [less, more].map((value) => score({ ...signals, [name]: known(value) }).hundredths);
        const [better, worse] = worseWhenMore.includes(name) ? [low, high] : [high, low];
        expect(better).toBeLessThanOrEqual(worse ?? Infinity);
      }),
    );
  });

  it.each([
    ["champion", "active", "left"],
    ["renewal_mode", "renews_by_itself", "by_hand"],
    ["renewal_mode", "by_hand", "by_hand_notice_passed"],
  ])("%s %s is better than %s", (name, better, worse) => {
    expect(score({ ...nothing, [name]: known(better) }).score).toBeLessThan(
      score({ ...nothing, [name]: known(worse) }).score,
    );
  });

  it("is a model in order: curves rise, caps hold, every signal is read once", () => {
    const terms = renewalRiskV2.factors.flatMap(({ terms }) => terms);
    expect(terms.map(({ signal }) => signal).toSorted()).toEqual(names.toSorted());
    for (const { points } of terms) {
      const at = Array.isArray(points) ? points.map(([value]) => value) : [];
      expect(at).toEqual([...new Set(at)].toSorted((a, b) => a - b));
    }
  });
});

describe("does the seed's case hold?", () => {
  const data: CustomerData = { usage_metrics: { utilization: 0.2 } };
  const today = "2026-11-23";

  it("gives high for a utilization of 0.2 alone", () => {
    const risk = assess({ model: renewalRiskV2, data, customer: null, today, threshold: 0.7 });
    expect(risk).toMatchObject({ risk_level: "high", over_threshold: true, confidence: "low" });
    expect(risk.reasons).toEqual([
      { factor: "seat_use", topics: ["seat_use"], text: "Seat use 20 %", points: 1.1, evidence: [] },
    ]);
  });

  it("gives high whatever the customer's own fields say", () => {
    const customer = fc.record({
      nps: fc.option(fc.integer({ min: -100, max: 100 })),
      champion_status: fc.constantFrom("active" as const, "left" as const, "unknown" as const, null),
      auto_renew: fc.constantFrom(true, false, null),
      seats: fc.option(fc.nat(1_000)),
      notice_date: fc.constantFrom("2026-01-01", "2027-01-01", null),
    });
    fc.assert(
      fc.property(customer, fc.double({ min: 0, max: 0.2, noNaN: true }), (fields, utilization) => {
        const usage: CustomerData = { usage_metrics: { utilization } };
        const parameters = { model: renewalRiskV2, data: usage, customer: customerWith(fields), today, threshold: 0.7 };
        expect(assess(parameters).risk_level).toBe("high");
      }),
    );
  });
});
