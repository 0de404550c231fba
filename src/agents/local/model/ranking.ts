/**
 * How well scores put the lost before the kept.
 *
 * The area under the curve is the chance that a lost renewal has a higher score than a kept one; equal scores count half.
 * Weights say how often a renewal is there, so that a bootstrap needs no sorting of its own.
 */

export interface Ranking {
  /** Places of renewals, the highest score first. */
  order: readonly number[];
  scores: readonly number[];
  lost: readonly boolean[];
}

export function rankingOf({ scores, lost }: Pick<Ranking, "scores" | "lost">): Ranking {
  const order = scores.map((_, place) => place).toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0));
  return { order, scores, lost };
}

/** Null: all were lost, or none. */
export function areaUnderCurve(ranking: Ranking, weights: readonly number[] | null): number | null {
  return areaOf([pairsOf(ranking, weights)]);
}

/** Pairs of a lost and a kept renewal, and in how many the lost one has the higher score; equal ones count half. */
export interface Pairs {
  wins: number;
  pairs: number;
}

export function pairsOf({ order, scores, lost }: Ranking, weights: readonly number[] | null): Pairs {
  let [lostAbove, keptAbove, wins] = [0, 0, 0];
  let [lostHere, keptHere] = [0, 0];
  let here = Infinity;
  const close = () => {
    wins += keptHere * (lostAbove + lostHere / 2);
    lostAbove += lostHere;
    keptAbove += keptHere;
    [lostHere, keptHere] = [0, 0];
  };
  for (const place of order) {
    const score = scores[place] ?? 0;
    if (score !== here) close();
    here = score;
    const weight = weights === null ? 1 : (weights[place] ?? 0);
    if (lost[place] === true) lostHere += weight;
    else keptHere += weight;
  }
  close();
  return { wins, pairs: lostAbove * keptAbove };
}

/** Of pairs that were compared in several groups. Null: there are none. */
export function areaOf(groups: readonly Pairs[]): number | null {
  const pairs = groups.reduce((sum, group) => sum + group.pairs, 0);
  return pairs === 0 ? null : groups.reduce((sum, { wins }) => sum + wins, 0) / pairs;
}

export interface CurvePoint {
  /** Share of the kept that this threshold takes for lost. */
  falseAlarms: number;
  /** Share of the lost that it finds. */
  recall: number;
}

/** The receiver's curve, from (0, 0) to (1, 1): one point for each distinct score. Empty where there is no area either. */
export function curveOf({ order, scores, lost }: Ranking): CurvePoint[] {
  const allLost = lost.filter((isLost) => isLost).length;
  const allKept = lost.length - allLost;
  if (allLost === 0 || allKept === 0) return [];
  const points: CurvePoint[] = [{ falseAlarms: 0, recall: 0 }];
  let [lostAbove, keptAbove] = [0, 0];
  for (const [index, place] of order.entries()) {
    if (lost[place] === true) lostAbove++;
    else keptAbove++;
    const next = order[index + 1];
    if (next !== undefined && scores[next] === scores[place]) continue;
    points.push({ falseAlarms: keptAbove / allKept, recall: lostAbove / allLost });
  }
  return points;
}
