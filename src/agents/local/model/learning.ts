/**
 * What a history teaches: factors as figures, their weights, and how strongly these are held back.
 *
 * A number may weigh only in the direction in which the current model weighs it: that more urgent tickets reassure is a story that
 * chance tells often, and no card should.
 */
import type { RiskModel } from "../risk/risk-model.ts";
import type { SignalName } from "../risk/signals.ts";
import { encoded, type Encoding, type Feature, learnFeatures } from "./features.ts";
import { foldsOf } from "./folds.ts";
import type { HistoryRenewal } from "./history.ts";
import { type Coefficients, fitLogistic, logOddsOf, lossAt, type Observations } from "./logistic-regression.ts";

export interface Learned {
  encoding: Encoding;
  /** Signals that would weigh against their direction, so they don't weigh at all. */
  contrary: SignalName[];
  coefficients: Coefficients;
  penalty: number;
}

export interface Learning {
  /** Signals that aren't to be learnt from. */
  except: ReadonlySet<SignalName>;
  /** Whether more of it raises the risk (1) or lowers it (-1); what isn't here may do either. */
  directions: ReadonlyMap<SignalName, number>;
  /** Parts of a cross-validation. */
  folds: number;
  seed: number;
}

/** From hardly held back to hardly let loose; the strongest first, from which the next starts. */
const penalties = [300, 100, 30, 10, 3, 1, 0.3, 0.1];

/** With the penalty that predicts renewals best which it hasn't seen. Throws `RangeError` where all were lost, or none. */
export function learn(renewals: readonly HistoryRenewal[], learning: Learning): Learned {
  const penalty = bestPenalty(renewals, learning);
  const contrary: SignalName[] = [];
  for (;;) {
    const except = new Set([...learning.except, ...contrary]);
    const encoding = learnFeatures(renewals, except);
    const coefficients = fitLogistic(observationsOf(renewals, encoding.features), penalty, null);
    const more = contraryIn(encoding, coefficients, learning.directions);
    if (more.length === 0) return { encoding, contrary, coefficients, penalty };
    contrary.push(...more);
  }
}

function contraryIn(
  { features }: Encoding,
  { slopes }: Coefficients,
  directions: Learning["directions"],
): SignalName[] {
  return features.flatMap(({ signal }, column) => {
    const direction = directions.get(signal);
    return direction === undefined || direction * (slopes[column] ?? 0) >= 0 ? [] : [signal];
  });
}

/** In which direction a model weighs each number: by the ends of what its line can give. */
export function directionsOf({ factors }: RiskModel): Map<SignalName, number> {
  const directions = new Map<SignalName, number>();
  for (const { signal, points } of factors.flatMap(({ terms }) => terms)) {
    if (!Array.isArray(points)) continue;
    const direction = Math.sign((points.at(-1)?.[1] ?? 0) - (points.at(0)?.[1] ?? 0));
    if (direction !== 0) directions.set(signal, direction);
  }
  return directions;
}

export function observationsOf(renewals: readonly HistoryRenewal[], features: readonly Feature[]): Observations {
  return {
    factors: encoded(renewals, features),
    width: features.length,
    lost: renewals.map(({ lost }) => lost),
    weights: null,
  };
}

export interface Part {
  train: HistoryRenewal[];
  test: HistoryRenewal[];
  /** Where the test's renewals stand in the history. */
  places: number[];
}

export function partsOf(
  renewals: readonly HistoryRenewal[],
  { folds, seed }: Pick<Learning, "folds" | "seed">,
): Part[] {
  const customers = renewals.map(({ customer }) => customer);
  const foldOf = foldsOf({ customers, lost: renewals.map(({ lost }) => lost), folds, seed });
  return Array.from({ length: folds }, (_, fold) => ({
    train: renewals.filter((_, place) => foldOf[place] !== fold),
    test: renewals.filter((_, place) => foldOf[place] === fold),
    places: renewals.flatMap((_, place) => (foldOf[place] === fold ? [place] : [])),
  }));
}

function bestPenalty(renewals: readonly HistoryRenewal[], learning: Learning): number {
  const losses = penalties.map(() => 0);
  for (const { train, test } of partsOf(renewals, learning)) {
    const { features } = learnFeatures(train, learning.except);
    const [seen, unseen] = [observationsOf(train, features), observationsOf(test, features)];
    let coefficients: Coefficients | null = null;
    for (const [index, penalty] of penalties.entries()) {
      coefficients = fitLogistic(seen, penalty, coefficients);
      losses[index] = (losses[index] ?? 0) + lossOf(coefficients, unseen);
    }
  }
  const best = Math.min(...losses);
  return penalties[losses.indexOf(best)] ?? 1;
}

function lossOf(coefficients: Coefficients, observations: Observations): number {
  const odds = logOddsOf(coefficients, observations);
  return observations.lost.reduce((sum, isLost, row) => sum + lossAt(odds[row] ?? 0, isLost), 0);
}
