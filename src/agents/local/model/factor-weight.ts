/** How much each factor weighs, and how surely: weights that are fitted anew on drawn histories say how far they may be off. */
import type { SignalName } from "../risk/signals.ts";
import { drawnWeights } from "./bootstrap.ts";
import type { Feature } from "./features.ts";
import type { HistoryRenewal } from "./history.ts";
import { type Interval, middleOf } from "./interval.ts";
import { type Learned, observationsOf } from "./learning.ts";
import { fitLogistic } from "./logistic-regression.ts";
import { seededRandom } from "./random.ts";

export interface FactorWeight {
  signal: SignalName;
  /** Null: a number, not a word. */
  word: string | null;
  /** In how many renewals it is known. */
  known: number;
  /** Log-odds for one standard deviation more, or for the word against one standard deviation without it. */
  weight: number;
  interval: Interval;
}

export function weightsOf(parameters: {
  renewals: readonly HistoryRenewal[];
  learned: Learned;
  draws: number;
  seed: number;
}): FactorWeight[] {
  const { renewals, learned, draws, seed } = parameters;
  const { features } = learned.encoding;
  const observations = observationsOf(renewals, features);
  const customers = renewals.map(({ customer }) => customer);
  const drawn = features.map(() => [] as number[]);
  for (const weights of drawnWeights({ customers, draws, random: seededRandom(seed) })) {
    if (!hasBoth(renewals, weights)) continue;
    const { slopes } = fitLogistic({ ...observations, weights }, learned.penalty, learned.coefficients);
    for (const [column, slope] of slopes.entries()) drawn[column]?.push(slope);
  }
  return features.map((feature, column) => {
    const weight = learned.coefficients.slopes[column] ?? 0;
    return {
      signal: feature.signal,
      word: feature.kind === "word" ? feature.word : null,
      known: knownOf(renewals, feature),
      weight,
      interval: middleOf(drawn[column] ?? []) ?? { low: weight, high: weight },
    };
  });
}

function hasBoth(renewals: readonly HistoryRenewal[], weights: readonly number[]): boolean {
  const there = renewals.filter((_, place) => (weights[place] ?? 0) > 0);
  return there.some(({ lost }) => lost) && there.some(({ lost }) => !lost);
}

function knownOf(renewals: readonly HistoryRenewal[], { signal }: Feature): number {
  return renewals.filter(({ signals }) => signals[signal].value !== null).length;
}
