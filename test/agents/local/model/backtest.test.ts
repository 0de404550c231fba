/** Are a backtest's figures those that counting gives? */
import { describe, expect, it } from "vitest";
import { backtest } from "../../../../src/agents/local/model/backtest.ts";
import { figuresAt, weeksOf } from "../../../../src/agents/local/model/cards.ts";
import { readHistory } from "../../../../src/agents/local/model/history.ts";
import { evaluate, type RiskModel } from "../../../../src/agents/local/risk/risk-model.ts";
import { builtInModels } from "../../../../src/agents/local/risk/risk-models.ts";
import { historyRows, textOf } from "./history-process.ts";

function model(name: string): RiskModel {
  const found = builtInModels().get(name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}
const [first, second] = [model("renewal_risk_v1"), model("renewal_risk_v2")];
const rows = historyRows({ seed: 8, customers: 90 });
const read = (text: string) => readHistory(text, { today: "2026-11-26", downgradedIsLost: false }).renewals;
const renewals = read(textOf(rows));
const found = backtest(renewals, { model: second, against: first, draws: 100, seed: 1 });

it("tells who was looked at", () => {
  const churned = rows.filter(({ outcome }) => outcome === "churned").length;
  expect(found).toMatchObject({
    renewals: rows.length,
    customers: new Set(rows.map(({ customer }) => customer)).size,
    owners: 6,
    lost: churned,
    outcomes: { churned, downgraded: rows.filter(({ outcome }) => outcome === "downgraded").length },
  });
  expect(found.from).toBe(rows.map(({ closed_on }) => closed_on).toSorted()[0]);
});

describe("each threshold", () => {
  const figures = found.models[0]?.thresholds ?? [];

  it.each(figures.map((one) => [one.threshold, one] as const))("%d: counted card by card", (threshold, one) => {
    const cards = renewals.filter(({ signals }) => evaluate(second, signals).score >= threshold);
    const right = cards.filter(({ lost }) => lost);
    const revenue = (some: typeof cards) => some.reduce((sum, { arr }) => sum + (arr ?? 0), 0);
    expect(one).toMatchObject({ cards: cards.length, right: right.length });
    expect(one.precision).toBe(cards.length === 0 ? null : right.length / cards.length);
    expect(one.recall).toBeCloseTo(right.length / found.lost, 12);
    expect(one.recall_of_revenue).toBeCloseTo(revenue(right) / revenue(renewals.filter(({ lost }) => lost)), 12);
    expect(one.cards_a_week_per_owner).toBeCloseTo(cards.length / 6 / found.weeks, 12);
    expect(one.owners.reduce((sum, { cards_a_week }) => sum + cards_a_week, 0) * found.weeks).toBeCloseTo(
      cards.length,
      9,
    );
  });

  it("never finds more when it is higher", () => {
    const recall = figures.map(({ recall }) => recall ?? 0);
    expect(recall).toEqual(recall.toSorted((one, other) => other - one));
  });
});

it("lies within its intervals, and a wider history narrows them", () => {
  const wide = backtest(read(textOf(historyRows({ seed: 8, customers: 400 }))), {
    model: second,
    against: null,
    draws: 100,
    seed: 1,
  });
  const width = (of: typeof found) => {
    const { value, interval } = of.models[0]?.auc ?? { value: null, interval: null };
    expect(interval?.low).toBeLessThan(value ?? NaN);
    expect(interval?.high).toBeGreaterThan(value ?? NaN);
    return (interval?.high ?? 0) - (interval?.low ?? 0);
  };
  expect(width(wide)).toBeLessThan(0.7 * width(found));
  expect(wide.comparison).toBeNull();
});

function widthOf(interval: { low: number; high: number } | null | undefined): number {
  return (interval?.high ?? 9) - (interval?.low ?? 0);
}

describe("two models side by side", () => {
  it("differ by what each of them has", () => {
    const [ours, theirs] = found.models;
    expect(found.comparison?.auc.value).toBeCloseTo((ours?.auc.value ?? 0) - (theirs?.auc.value ?? 0), 12);
    for (const [index, { cards, recall }] of (found.comparison?.thresholds ?? []).entries()) {
      const [one, other] = [ours?.thresholds[index], theirs?.thresholds[index]];
      expect(cards.value).toBe((one?.cards ?? 0) - (other?.cards ?? 0));
      expect(recall.value).toBeCloseTo((one?.recall ?? 0) - (other?.recall ?? 0), 12);
    }
  });

  it("differ by nothing at all, surely, where they are the same", () => {
    const twin = { ...second, name: "renewal_risk_v9" };
    const { comparison } = backtest(renewals, { model: second, against: twin, draws: 100, seed: 1 });
    const nothing = { value: 0, interval: { low: 0, high: 0 } };
    expect(comparison?.auc).toEqual(nothing);
    expect(comparison?.brier).toEqual(nothing);
    expect(comparison?.thresholds.map(({ cards }) => cards)).toEqual(comparison?.thresholds.map(() => nothing));
  });

  it("are compared on the same drawn customers: the difference is surer than each of them", () => {
    const apart = found.models.reduce((sum, { auc }) => sum + widthOf(auc.interval), 0);
    expect(widthOf(found.comparison?.auc.interval)).toBeLessThan(apart / 2);
  });
});

function again(text: string, seed: number) {
  return backtest(read(text), { model: second, against: first, draws: 100, seed });
}

it("a handful of renewals in order proves nothing, neither of one model nor of two", () => {
  const few = renewals
    .filter(({ signals: { utilization }, lost }) => lost === Number(utilization.value) < 0.5)
    .slice(0, 6);
  expect(new Set(few.map(({ lost }) => lost)).size).toBe(2);
  const { models, comparison } = backtest(few, { model: second, against: first, draws: 100, seed: 1 });
  expect(models[0]?.auc.interval?.low).toBeLessThan(0.5);
  expect(comparison?.auc.interval).toBeNull();
});

it("is the same whatever the order of rows, and another with another seed", () => {
  expect(again(textOf(rows.toReversed()), 1)).toEqual(found);
  expect(again(textOf(rows), 2).models[0]?.auc.interval).not.toEqual(found.models[0]?.auc.interval);
});

function renewal(owner: string | null, closed_on: string) {
  return { customer: "c", owner, closed_on, arr: null, lost: true };
}

describe("cards a week", () => {
  it("counts owners without a card, and not those whom nobody knows", () => {
    const some = [
      renewal("a", "2026-01-01"),
      renewal("a", "2026-01-14"),
      renewal("b", "2026-01-08"),
      renewal(null, "2026-01-09"),
    ];
    const figures = figuresAt({ threshold: 0.5, renewals: some, scores: [0.9, 0.5, 0.4, 0.9] });
    expect(figures).toMatchObject({
      cards: 3,
      recall_of_revenue: null,
      cards_a_week_per_owner: 0.5,
      owners: [
        { owner: "a", cards_a_week: 1 },
        { owner: "b", cards_a_week: 0 },
      ],
    });
  });

  it("takes a history of one day for a week", () => {
    expect(weeksOf([renewal("a", "2026-01-01")])).toBe(1);
    expect(weeksOf([renewal("a", "2026-01-01"), renewal("a", "2026-12-30")])).toBe(52);
  });

  it("says nothing of owners where no owner is known", () => {
    const figures = figuresAt({ threshold: 0.5, renewals: [renewal(null, "2026-01-01")], scores: [0.9] });
    expect(figures).toMatchObject({ cards: 1, cards_a_week_per_owner: null, owners: [] });
  });
});
