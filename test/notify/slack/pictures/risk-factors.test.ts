/** Does the picture of a risk say which way each reason pulls, and how hard, whatever a model has written? */
import { describe, expect, test } from "vitest";
import type { ShownRisk } from "../../../../src/notify/slack/known-outputs.ts";
import { riskAlternativeText } from "../../../../src/notify/slack/pictures/alternative-text.ts";
import { riskFactorsSvg } from "../../../../src/notify/slack/pictures/risk-factors.ts";
import { sampleCustomer, sampleRisk } from "../sample-cards.ts";
import { riskHistory } from "../../../../src/notify/slack/risk-history.ts";
import { elementsOf, textsOf } from "./svg-reading.ts";

const risk = (fields: Partial<ShownRisk> = {}): ShownRisk => ({
  ...sampleRisk(),
  summary: null,
  urgency: null,
  priority: null,
  ...fields,
});
const reason = (text: string, points: number | null) => ({ factor: text, text, points, evidence: [] });
/** Nothing was assessed before. */
const alone = { history: null, timezone: "UTC" };
const drawn = (fields: Partial<ShownRisk> = {}) =>
  riskFactorsSvg({ risk: risk(fields), customer: sampleCustomer(), ...alone }).svg;
const length = (bar: number[] | undefined) => (bar?.[1] ?? 0) - (bar?.[0] ?? 0);
/** The bars of reasons: those of the score are of another height. */
const bars = (svg: string) =>
  elementsOf(svg, "rect")
    .filter(({ height }) => height === "10")
    .map(({ x, width }) => ({ from: Number(x), to: Number(x) + Number(width) }));

describe("the reasons", () => {
  test("stand with their signed figures, the strongest first", () => {
    expect(textsOf(drawn())).toEqual([
      "Risk 0.78",
      "high",
      "Acme Robotics · confidence high · renewal_risk_v2",
      "threshold 0.70",
      "0",
      "1",
      "Seat use 41 % of 120, was 68 % in August",
      "+0.22",
      "2 urgent tickets open, oldest 9 days",
      "+0.14",
      "Champion left on 3 Nov",
      "+0.11",
      "NPS 20",
      "−0.05",
      "to the right: raises the risk; to the left: lowers it (log-odds)",
    ]);
  });

  test("pull to the right or the left of one line, as long as they are strong", () => {
    const [strong, half, against] = bars(
      drawn({ reasons: [reason("a", 0.4), reason("b", 0.2), reason("c", -0.1)] }),
    ).map(({ from, to }) => [Math.round(from), Math.round(to)]);
    expect(strong?.[0]).toBe(half?.[0]);
    expect(against?.[1]).toBe(strong?.[0]);
    expect(length(half) * 2).toBeCloseTo(length(strong), -1);
    expect(length(against) * 4).toBeCloseTo(length(strong), -1);
  });

  test.each([
    ["none", []],
    ["one that nobody weighed", [reason("unweighed", null)]],
    ["only zeros", [reason("nothing", 0), reason("nothing", 0)]],
    ["only what lowers it", [reason("good", -0.3)]],
    ["hundreds", Array.from({ length: 300 }, (_, index) => reason(`reason ${index}`, index / 100))],
    ["hostile ones", [reason(`</text><script>${"x".repeat(5000)}`, 1e9), reason("שלום 🚀", -1e9)]],
  ])("can be %s", (_what, reasons) => {
    const { svg, height } = riskFactorsSvg({ risk: risk({ reasons }), customer: null, ...alone });
    expect(svg).not.toMatch(/NaN|Infinity|<script/);
    expect(height).toBeLessThan(1_200);
    for (const { from, to } of bars(svg)) {
      expect(from).toBeGreaterThanOrEqual(20);
      expect(to).toBeLessThanOrEqual(462);
    }
  });
});

test("in words: over or under the threshold, and what raises and lowers it", () => {
  expect(riskAlternativeText({ risk: risk(), customer: sampleCustomer(), ...alone })).toBe(
    "Risk for Acme Robotics: 0.78, high, over the threshold of 0.70, confidence high. " +
      "Raises it by 0.22: Seat use 41 % of 120, was 68 % in August. " +
      "Raises it by 0.14: 2 urgent tickets open, oldest 9 days. Raises it by 0.11: Champion left on 3 Nov. " +
      "Lowers it by 0.05: NPS 20.",
  );
  const many = Array.from({ length: 300 }, () => reason("word ".repeat(40), 0.1));
  const long = riskAlternativeText({ risk: risk({ reasons: many, risk_score: 0.2 }), customer: null, ...alone });
  expect(long.length).toBeLessThanOrEqual(1000);
  expect(long).toMatch(/^Risk: 0\.20, high, under the threshold/);
  expect(long).toMatch(/And \d+ more reasons\.$/);
});

describe("does it show what it was?", () => {
  const day = 86_400_000;
  const at = Date.parse("2026-11-23T12:00:00Z");
  const before = (days: number, fields: Partial<ShownRisk>) => ({ at: at - days * day, risk: risk(fields) });
  const newest = { at, risk: risk({ risk_score: 0.8, reasons: [reason("seat_use", 0.9), reason("champion", 0.35)] }) };
  const month = before(30, { risk_score: 0.6, reasons: [reason("seat_use", 0.4)] });

  test("draws the scores over time, and beside each factor what it counted then", () => {
    const history = riskHistory(newest, [before(60, { risk_score: 0.5, reasons: [] }), month, before(2, {})]);
    expect(history?.scores.map(({ score }) => score).slice(0, 2)).toEqual([0.5, 0.6]);
    const drawn = { risk: newest.risk, customer: sampleCustomer(), history, timezone: "UTC" };
    const texts = textsOf(riskFactorsSvg(drawn).svg);
    expect(texts).toContain("was +0.40");
    expect(texts).toContain("was 0");
    expect(texts.join("\n")).toContain("0.50 on 24 Sep");
    const heard = riskAlternativeText(drawn);
    expect(heard).toContain("was 0.60 on 24 Oct");
    expect(heard).toContain("Raises it by 0.90, +0.40 then: seat_use.");
    expect(heard).toContain("Raises it by 0.35, nothing then: champion.");
  });

  test("holds nothing against another model, the future, or nothing at all", () => {
    expect(riskHistory(newest, [before(30, { model: "renewal_risk_v1" }), { at: at + day, risk: risk() }])).toBeNull();
    expect(riskHistory(newest, [])).toBeNull();
  });
});
