/** Are the statistics what they are called, by another way of working them out? */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaInterval } from "../../../../src/agents/local/model/area-interval.ts";
import { bootstrapIntervals } from "../../../../src/agents/local/model/bootstrap.ts";
import { brierScore, calibrationOf } from "../../../../src/agents/local/model/calibration.ts";
import { foldsOf } from "../../../../src/agents/local/model/folds.ts";
import { quantile, shareInterval } from "../../../../src/agents/local/model/interval.ts";
import { cholesky, solve } from "../../../../src/agents/local/model/linear-system.ts";
import { fitLogistic, type Observations } from "../../../../src/agents/local/model/logistic-regression.ts";
import { seededRandom, shuffled } from "../../../../src/agents/local/model/random.ts";
import { areaUnderCurve, curveOf, rankingOf } from "../../../../src/agents/local/model/ranking.ts";

/** Few different scores, so that ties are common. */
const scored = fc.array(fc.record({ score: fc.integer({ min: 0, max: 12 }), lost: fc.boolean() }), { maxLength: 60 });

function apart(rows: readonly { score: number; lost: boolean }[]) {
  return { scores: rows.map(({ score }) => score), lost: rows.map(({ lost }) => lost) };
}

/** Every pair, one by one. */
function bruteForce(rows: readonly { score: number; lost: boolean }[]): number | null {
  const [lost, kept] = [rows.filter(({ lost }) => lost), rows.filter(({ lost }) => !lost)];
  if (lost.length === 0 || kept.length === 0) return null;
  const wins = lost.flatMap((one) =>
    kept.map((other) => (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0)),
  );
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

/** To ten digits. */
function close(area: number | null): string {
  return area === null ? "none" : area.toFixed(10);
}

describe("the area under the curve", () => {
  it("is the share of pairs in order, ties half", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const [area, counted] = [areaUnderCurve(rankingOf(apart(rows)), null), bruteForce(rows)];
        expect(close(area)).toBe(close(counted));
      }),
    );
  });

  it("lies under the curve that is drawn", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const ranking = rankingOf(apart(rows));
        const curve = curveOf(ranking);
        const area = areaUnderCurve(ranking, null);
        fc.pre(area !== null);
        const under = curve.slice(1).reduce((sum, point, index) => {
          const before = curve[index] ?? point;
          return sum + ((point.falseAlarms - before.falseAlarms) * (point.recall + before.recall)) / 2;
        }, 0);
        expect(under).toBeCloseTo(area ?? NaN, 10);
        expect(curve.at(-1)).toEqual({ falseAlarms: 1, recall: 1 });
      }),
    );
  });

  it("takes a weight as so many rows", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.boolean(), fc.nat(3)), { maxLength: 30 }), (rows) => {
        const once = rows.map(([score, lost]) => ({ score, lost }));
        const often = rows.flatMap(([score, lost, times]) => Array.from({ length: times }, () => ({ score, lost })));
        const weighted = areaUnderCurve(
          rankingOf(apart(once)),
          rows.map(([, , times]) => times),
        );
        const counted = bruteForce(often);
        expect(close(weighted)).toBe(close(counted));
      }),
    );
  });
});

it("draws no curve where there is nothing to compare", () => {
  expect(curveOf(rankingOf({ scores: [0.2, 0.4], lost: [true, true] }))).toEqual([]);
});

describe("intervals", () => {
  it.each([
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
  ])("%i of %i by Wilson", (hits, of, low, high) => {
    expect(shareInterval({ hits, of })?.low).toBeCloseTo(low, 4);
    expect(shareInterval({ hits, of })?.high).toBeCloseTo(high, 4);
  });

  it("of an area by numbers: wide for a handful, even where all are in order, narrow for many", () => {
    // (1 − θ) = 1.96 √(θ (1 − θ)) for one pair.
    expect(areaInterval({ area: 1, lost: 1, kept: 1 }).low).toBeCloseTo(1 / (1 + 1.959964 ** 2), 4);
    expect(areaInterval({ area: 1, lost: 1, kept: 1 }).high).toBe(1);
    expect(areaInterval({ area: 1, lost: 4, kept: 4 }).low).toBeLessThan(0.6);
    const many = areaInterval({ area: 0.8, lost: 200, kept: 800 });
    expect(many.low).toBeGreaterThan(0.75);
    expect(many.high).toBeLessThan(0.85);
    const [here, turned] = [0.3, 0.7].map((area) => areaInterval({ area, lost: 20, kept: 30 }));
    expect(1 - (turned?.high ?? 0)).toBeCloseTo(here?.low ?? NaN, 9);
  });

  it("of no trials is none", () => {
    expect(shareInterval({ hits: 0, of: 0 })).toBeNull();
  });

  it("of drawn customers are wider than of drawn rows where rows of a customer are alike", () => {
    const values = Array.from({ length: 200 }, (_, row) => Math.sin(Math.floor(row / 10) * 7));
    const mean = (weights: readonly number[]) =>
      values.reduce((sum, value, row) => sum + value * (weights[row] ?? 0), 0) /
      weights.reduce((sum, weight) => sum + weight, 0);
    const width = (customers: string[]) => {
      const drawn = { customers, figures: { mean }, draws: 300, random: seededRandom(4) };
      const interval = bootstrapIntervals(drawn).get("mean");
      return (interval?.high ?? 0) - (interval?.low ?? 0);
    };
    const each = width(values.map((_, row) => String(row)));
    expect(width(values.map((_, row) => String(Math.floor(row / 10))))).toBeGreaterThan(2 * each);
    expect(each).toBeGreaterThan(0);
  });

  it("quantiles lie on straight lines between the values", () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile([10, 20, 30], share))).toEqual([10, 15, 20, 28, 30]);
  });
});

describe("calibration", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it("puts each renewal in one bin, the certain ones too", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(share, fc.boolean()), { minLength: 1, maxLength: 50 }), (rows) => {
        const [scores, lost] = [rows.map(([score]) => score), rows.map(([, isLost]) => isLost)];
        const bins = calibrationOf({ scores, lost });
        expect(bins.reduce((sum, { renewals }) => sum + renewals, 0)).toBe(rows.length);
        expect(bins.reduce((sum, bin) => sum + bin.lost, 0)).toBe(lost.filter(Boolean).length);
        for (const { from, to, said } of bins) {
          expect(said).toBeGreaterThanOrEqual(from - 1e-12);
          expect(said).toBeLessThanOrEqual(to + 1e-12);
        }
      }),
    );
  });

  it("gives the Brier score of the textbook", () => {
    expect(brierScore({ scores: [0.9, 0.2, 1], lost: [true, false, false] })(null)).toBeCloseTo(
      (0.01 + 0.04 + 1) / 3,
      12,
    );
    expect(brierScore({ scores: [0.9, 0.2, 1], lost: [true, false, false] })([2, 0, 0])).toBeCloseTo(0.01, 12);
    expect(brierScore({ scores: [], lost: [] })(null)).toBeNull();
  });
});

describe("folds", () => {
  const histories = fc.array(fc.tuple(fc.integer({ min: 0, max: 25 }), fc.boolean()), { minLength: 1, maxLength: 80 });

  it("never part a customer, and don't follow the order of rows", () => {
    fc.assert(
      fc.property(histories, fc.nat(99), (rows, seed) => {
        const of = (some: typeof rows) =>
          foldsOf({ customers: some.map(([name]) => `c${name}`), lost: some.map(([, lost]) => lost), folds: 5, seed });
        const [here, turned] = [of(rows), of(rows.toReversed()).toReversed()];
        expect(turned).toEqual(here);
        const homes = new Map(rows.map(([name], row) => [name, here[row]]));
        for (const [row, [name]] of rows.entries()) expect(here[row]).toBe(homes.get(name));
      }),
    );
  });

  it("share the lost evenly", () => {
    const customers = Array.from({ length: 100 }, (_, row) => `c${row}`);
    const lost = customers.map((_, row) => row % 7 === 0);
    const folds = foldsOf({ customers, lost, folds: 5, seed: 3 });
    expect([0, 1, 2, 3, 4].map((fold) => folds.filter((one, row) => one === fold && lost[row]).length)).toEqual([
      3, 3, 3, 3, 3,
    ]);
    expect([0, 1, 2, 3, 4].map((fold) => folds.filter((one) => one === fold).length)).toEqual([20, 20, 20, 20, 20]);
  });
});

it("leaves both outcomes in what is left, however rare the kept are", () => {
  // Long-standing customers fill three parts before anybody who stayed is placed.
  const rows = Array.from({ length: 60 }, (_, customer) =>
    Array.from({ length: customer % 20 === 0 ? 30 : 1 }, () => ({ name: `c${customer}`, isLost: customer < 50 })),
  ).flat();
  const lost = rows.map(({ isLost }) => isLost);
  const folds = foldsOf({ customers: rows.map(({ name }) => name), lost, folds: 5, seed: 1 });
  for (const fold of [0, 1, 2, 3, 4]) {
    const left = lost.filter((_, row) => folds[row] !== fold);
    expect([left.includes(true), left.includes(false)]).toEqual([true, true]);
  }
});

function observed(rows: readonly (readonly number[])[], lost: readonly boolean[]): Observations {
  return { factors: Float64Array.from(rows.flat()), width: rows[0]?.length ?? 0, lost, weights: null };
}

/** Straight from the definition. */
function penalisedLoss(
  { factors, width, lost }: Observations,
  penalty: number,
  [intercept = 0, ...slopes]: number[],
): number {
  const fit = lost.reduce((sum, isLost, row) => {
    const odds = slopes.reduce(
      (total, slope, column) => total + slope * (factors[row * width + column] ?? 0),
      intercept,
    );
    return sum - Math.log(1 / (1 + Math.exp(isLost ? -odds : odds)));
  }, 0);
  return fit + (penalty / 2) * slopes.reduce((sum, slope) => sum + slope ** 2, 0);
}

describe("logistic regression", () => {
  const row = fc.tuple(
    fc.double({ min: -2, max: 2, noNaN: true }),
    fc.double({ min: -2, max: 2, noNaN: true }),
    fc.boolean(),
  );

  it("ends where no direction is better", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 40 }), fc.constantFrom(0.1, 1, 30), (rows, penalty) => {
        const lost = rows.map(([, , isLost]) => isLost);
        fc.pre(lost.includes(true) && lost.includes(false));
        const observations = observed(
          rows.map(([one, other]) => [one, other]),
          lost,
        );
        const { intercept, slopes } = fitLogistic(observations, penalty, null);
        const found = [intercept, ...slopes];
        const least = penalisedLoss(observations, penalty, found);
        for (const [index] of found.entries()) {
          for (const step of [-0.01, 0.01]) {
            const beside = found.map((value, place) => (place === index ? value + step : value));
            expect(penalisedLoss(observations, penalty, beside)).toBeGreaterThan(least - 1e-9);
          }
        }
      }),
    );
  });

  it("gives the log of the odds ratio where one factor says yes or no", () => {
    const rows = [...Array(80).keys()].map((index) => [index < 40 ? 1 : 0]);
    const lost = rows.map(([there], index) => (there === 1 ? index % 4 === 0 : index % 10 === 0));
    const { intercept, slopes } = fitLogistic(observed(rows, lost), 1e-6, null);
    expect(intercept).toBeCloseTo(Math.log(0.1 / 0.9), 3);
    expect(slopes[0]).toBeCloseTo(Math.log(0.25 / 0.75) - Math.log(0.1 / 0.9), 3);
  });

  it("stays finite where a factor separates perfectly", () => {
    const rows = [-2, -1, 1, 2].map((value) => [value]);
    const { slopes } = fitLogistic(observed(rows, [false, false, true, true]), 0.1, null);
    expect(slopes[0]).toBeGreaterThan(1);
    expect(slopes[0]).toBeLessThan(10);
  });

  it("takes a weight as so many rows, and the same way from any start", () => {
    const rows = [[0.2], [1.4], [-0.7], [0.9], [-1.6]];
    const lost = [true, true, false, false, false];
    const twice = observed([...rows, [1.4], [-1.6]], [...lost, true, false]);
    const weighted = { ...observed(rows, lost), weights: [1, 2, 1, 1, 2] };
    const [one, other] = [fitLogistic(twice, 1, null), fitLogistic(weighted, 1, { intercept: 3, slopes: [-4] })];
    expect(other.intercept).toBeCloseTo(one.intercept, 5);
    expect(other.slopes[0]).toBeCloseTo(one.slopes[0] ?? NaN, 5);
  });

  it("refuses outcomes of one kind", () => {
    expect(() => fitLogistic(observed([[1], [2]], [true, true]), 1, null)).toThrow(RangeError);
  });
});

it("systems of equations are solved, and those that can't be are refused", () => {
  const matrix = Float64Array.from([4, 2, 0.6, 2, 5, 1, 0.6, 1, 3]);
  const x = solve(cholesky(matrix, 3), 3, Float64Array.from([1, -2, 0.5]));
  const back = [0, 1, 2].map((row) => [0, 1, 2].reduce((sum, k) => sum + (matrix[row * 3 + k] ?? 0) * (x[k] ?? 0), 0));
  for (const [row, value] of [1, -2, 0.5].entries()) expect(back[row]).toBeCloseTo(value, 12);
  expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(RangeError);
});

function draw(seed: number): number[] {
  return Array.from({ length: 2_000 }, seededRandom(seed));
}

describe("drawing", () => {
  it("is the same for the same seed, another for another, and even", () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const tenths = Map.groupBy(draw(3), (value) => Math.floor(value * 10));
    for (const [tenth, values] of tenths) {
      expect(tenth).toBeLessThan(10);
      expect(Math.abs(values.length - 200)).toBeLessThan(60);
    }
  });

  it("shuffles to every order, and loses nothing", () => {
    const random = seededRandom(9);
    const orders = new Set(Array.from({ length: 200 }, () => shuffled([1, 2, 3], random).join("")));
    expect([...orders].toSorted()).toEqual(["123", "132", "213", "231", "312", "321"]);
  });
});
