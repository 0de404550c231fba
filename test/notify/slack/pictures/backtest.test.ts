/** Does the picture of a backtest bear any figures, and say which curve is whose? */
import { describe, expect, it } from "vitest";
import { backtestSvg, type ShownBacktest, type ShownModel } from "../../../../src/notify/slack/pictures/backtest.ts";
import { roundTicks } from "../../../../src/notify/slack/pictures/plot.ts";

function model(name: string, given: Partial<ShownModel> = {}): ShownModel {
  return {
    model: name,
    threshold: 0.7,
    auc: { value: 0.81, interval: { low: 0.75, high: 0.86 } },
    calibration: [
      { renewals: 40, said: 0.25, happened: 0.1, interval: { low: 0.04, high: 0.23 } },
      { renewals: 4, said: 0.95, happened: 1, interval: null },
    ],
    thresholds: [0.1, 0.5, 0.9].map((threshold) => ({
      threshold,
      cards: Math.round(50 - 50 * threshold),
      precision: threshold === 0.9 ? null : threshold,
      recall: 1 - threshold,
      cards_a_week_per_owner: 2 - threshold,
    })),
    curve: [
      { falseAlarms: 0, recall: 0 },
      { falseAlarms: 0.2, recall: 0.7 },
      { falseAlarms: 1, recall: 1 },
    ],
    ...given,
  };
}

function shown(...models: ShownModel[]): ShownBacktest {
  return { renewals: 44, customers: 30, lost: 8, from: "2025-01-01", to: "2025-12-31", weeks: 52, owners: 3, models };
}

function paths(svg: string): string[] {
  return [...svg.matchAll(/<path d="([^"]+)"[^>]*stroke="#1d5fbf"/g)].map(([, d = ""]) => d);
}

it("draws four plots, and names each model with its area", () => {
  const { svg, width, height } = backtestSvg(shown(model("renewal_risk_v2"), model("renewal_risk_v1")));
  for (const title of ["Are the lost ranked first?", "What a threshold gives", "What a score means", "Cards a week"])
    expect(svg).toContain(title);
  expect(svg).toContain("renewal_risk_v1 · AUC 0.81 (0.75 to 0.86) · threshold 0.70");
  expect(svg.match(/stroke-dasharray="6 3"/g)?.length).toBeGreaterThan(4);
  // No word of ours is cut.
  expect(svg).not.toContain("…");
  expect(width).toBeGreaterThan(600);
  expect(height).toBeGreaterThan(500);
});

it("puts every point within its frame, the curve from corner to corner", () => {
  const [, curve = ""] = paths(backtestSvg(shown(model("renewal_risk_v2"))).svg);
  const points = [...curve.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  const [first, , last] = points;
  expect(points).toHaveLength(3);
  expect((last?.x ?? 0) - (first?.x ?? 0)).toBe(310);
  expect((first?.y ?? 0) - (last?.y ?? 0)).toBe(210);
});

describe("bears", () => {
  it.each<[string, ShownBacktest]>([
    [
      "no area, no bin, no curve",
      shown(model("m", { auc: { value: null, interval: null }, calibration: [], curve: [] })),
    ],
    ["nobody who would have had a card", shown(model("m", { thresholds: [] }))],
    ["owners whom nobody knows", { ...shown(model("m")), owners: 0 }],
    ["a history of one renewal", { ...shown(model("m")), renewals: 1, lost: 0, weeks: 1 }],
    ["a name that is markup, and longer than the picture", shown(model(`<script>&"${"x".repeat(400)}`))],
  ])("%s", (_, given) => {
    const { svg } = backtestSvg(given);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null|<script/);
  });
});

it.each([
  [0, [0, 1]],
  [0.67, [0, 0.2, 0.4, 0.6, 0.8]],
  [4, [0, 1, 2, 3, 4]],
  [17, [0, 5, 10, 15, 20]],
  [1_000, [0, 200, 400, 600, 800, 1_000]],
])("an axis up to %d has round ticks", (most, ticks) => {
  expect(roundTicks(most)).toEqual(ticks);
});
