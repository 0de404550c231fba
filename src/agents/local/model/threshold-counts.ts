/** Cards, precision and recall at each threshold, in one pass over a history that is drawn a thousand times. */

export interface Counts {
  precision: number | null;
  recall: number | null;
  cards: number;
}

/** At each threshold; the last answer is kept, since many figures ask for the same draw. */
export function countsAt(parameters: {
  scores: readonly number[];
  lost: readonly boolean[];
  /** Rising. */
  thresholds: readonly number[];
}): (weights: readonly number[] | null) => Counts[] {
  const { scores, lost, thresholds } = parameters;
  /** How many thresholds a score reaches. */
  const reached = scores.map((score) => thresholds.filter((threshold) => score >= threshold).length);
  const count = (weights: readonly number[] | null): Counts[] => {
    const cards = Array.from({ length: thresholds.length + 1 }, () => 0);
    const right = [...cards];
    for (let row = 0; row < reached.length; row++) {
      const weight = weights === null ? 1 : (weights[row] ?? 0);
      const bin = reached[row] ?? 0;
      cards[bin] = (cards[bin] ?? 0) + weight;
      if (lost[row] === true) right[bin] = (right[bin] ?? 0) + weight;
    }
    const all = sumFrom(right, 0);
    return thresholds.map((_, index) => {
      const [over, found] = [sumFrom(cards, index + 1), sumFrom(right, index + 1)];
      return { cards: over, precision: over === 0 ? null : found / over, recall: all === 0 ? null : found / all };
    });
  };
  let last: { weights: readonly number[] | null; counts: Counts[] } | null = null;
  return (weights) => {
    if (last === null || last.weights !== weights) last = { weights, counts: count(weights) };
    return last.counts;
  };
}

function sumFrom(counts: readonly number[], first: number): number {
  return counts.slice(first).reduce((sum, value) => sum + value, 0);
}
