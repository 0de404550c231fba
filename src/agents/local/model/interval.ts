/** Where a figure lies with 95 % confidence. */

export interface Interval {
  low: number;
  high: number;
}

/** The 97.5th percentile of the standard normal distribution. */
export const z = 1.959963984540054;

/** Of a share of independent trials (Wilson): also near 0 and 1 and for few trials. Null: no trials. */
export function shareInterval({ hits, of }: { hits: number; of: number }): Interval | null {
  if (of === 0) return null;
  const share = hits / of;
  const scale = 1 + z ** 2 / of;
  const middle = (share + z ** 2 / (2 * of)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return { low: hits === 0 ? 0 : middle - half, high: hits === of ? 1 : middle + half };
}

/** The middle 95 % of drawn figures. Null: none could be drawn. */
export function middleOf(drawn: readonly number[]): Interval | null {
  if (drawn.length === 0) return null;
  const sorted = drawn.toSorted((one, other) => one - other);
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** With straight lines between the values, which are sorted; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? NaN, sorted[Math.ceil(at)] ?? NaN];
  return low + (high - low) * (at - Math.floor(at));
}
