/** Medians and ranges of what several runs gave. Pure. */
export interface Range {
  median: number;
  min: number;
  max: number;
}

/** Throws for a run that gave no number: a figure that could not be taken is none. */
export function rangeOf(values: readonly number[]): Range {
  if (values.length === 0 || !values.every(Number.isFinite)) throw new RangeError(`No range of ${values.join(", ")}.`);
  const sorted = upward(values);
  return { median: percentile(sorted, 50), min: percentile(sorted, 0), max: percentile(sorted, 100) };
}

/** `sorted` upward; the nearest rank. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export function upward(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
