/** Over many histories: how often is skill claimed that isn't there, or missed where it is, and do the intervals hold what they say? */
import { describe, expect, it } from "vitest";
import { type Fit, fitModel } from "../../../../src/agents/local/model/fit.ts";
import { type HistoryRenewal, readHistory } from "../../../../src/agents/local/model/history.ts";
import { areaUnderCurve, rankingOf } from "../../../../src/agents/local/model/ranking.ts";
import { evaluate, type RiskModel } from "../../../../src/agents/local/risk/risk-model.ts";
import { builtInModels } from "../../../../src/agents/local/risk/risk-models.ts";
import { historyRows, historyText, type ProcessOptions, textOf } from "./history-process.ts";

const current = currentModel();

function currentModel(): RiskModel {
  const model = builtInModels().get("renewal_risk_v2");
  if (model === undefined) throw new Error("The current model isn't there.");
  return model;
}

function fitOf(options: ProcessOptions): Fit {
  const terms = { current, name: "renewal_risk_v3", seed: options.seed, draws: 300, permutations: 199 };
  return fitModel(read(historyText(options)), terms);
}

function read(text: string): HistoryRenewal[] {
  const { renewals, problems } = readHistory(text, { today: "2026-11-26", downgradedIsLost: false });
  expect(problems).toEqual([]);
  return renewals;
}

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed + 1);

describe("outcomes by a coin", () => {
  it("of 60 histories at most two are taken for skill", () => {
    const claimed = seeds(60).filter((seed) => fitOf({ seed, customers: 80, kind: "noise" }).kind === "proposed");
    expect(claimed.length).toBeLessThanOrEqual(2);
  });

  it("with most factors missing, at most one of ten is", () => {
    const claimed = seeds(10).filter(
      (seed) => fitOf({ seed, customers: 80, kind: "noise", unknown: 0.6 }).kind === "proposed",
    );
    expect(claimed.length).toBeLessThanOrEqual(1);
  });
});

describe("a fit", () => {
  const terms = { current, name: "renewal_risk_v3", seed: 1, draws: 200, permutations: 99 };

  it("is the same whatever the order of rows, to the last digit", () => {
    const rows = historyRows({ seed: 11, customers: 90 });
    const turned = rows.map((_, index) => rows[(index * 59) % rows.length]).filter((row) => row !== undefined);
    expect(new Set(turned).size).toBe(rows.length);
    expect(fitModel(read(textOf(turned)), terms)).toEqual(fitModel(read(textOf(rows)), terms));
  });

  it("doesn't learn from a factor that knows the outcome", () => {
    const fit = fitModel(read(historyText({ seed: 11, customers: 90, kind: "leak" })), terms);
    if (fit.kind === "too_little") throw new Error(fit.why);
    expect(fit.leftOut).toContainEqual({ signal: "utilization", why: "parts the lost from the kept by itself" });
    expect(fit.factors.map(({ signal }) => signal)).not.toContain("utilization");
  });
});

describe("outcomes of a life", () => {
  const fresh = read(historyText({ seed: 9_771, customers: 3_000 }));
  const lost = fresh.map((renewal) => renewal.lost);
  const areaOn = (model: RiskModel) =>
    areaUnderCurve(rankingOf({ scores: fresh.map(({ signals }) => evaluate(model, signals).score), lost }), null) ?? 0;

  it("are found in nearly every history, and the interval nearly always has the area on fresh customers", () => {
    const fits = seeds(20).map((seed) => fitOf({ seed, customers: 120 }));
    const proposed = fits.filter((fit) => fit.kind === "proposed");
    expect(proposed.length).toBeGreaterThanOrEqual(18);
    const held = proposed.filter(({ model, skill: { auc } }) => {
      const area = areaOn(model);
      return area > auc.interval.low && area < auc.interval.high;
    });
    expect(held.length).toBeGreaterThanOrEqual(Math.floor(0.85 * proposed.length));
  });

  it("are found where a third of the factors is missing", () => {
    const proposed = seeds(6).filter((seed) => fitOf({ seed, customers: 200, unknown: 0.35 }).kind === "proposed");
    expect(proposed.length).toBeGreaterThanOrEqual(5);
  });

  it("a thousand customers teach more than a hundred", () => {
    const [few, many] = [100, 1_000].map((customers) => fitOf({ seed: 4, customers }));
    if (few?.kind !== "proposed" || many?.kind !== "proposed") throw new Error("Nothing was proposed.");
    expect(areaOn(many.model)).toBeGreaterThan(areaOn(few.model));
    const width = ({ skill: { auc } }: typeof few) => auc.interval.high - auc.interval.low;
    expect(width(many)).toBeLessThan(width(few) / 2);
  });
});
