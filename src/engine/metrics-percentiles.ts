/** Percentiles by nearest rank: each is a value that occurred. */
export interface Percentiles {
  /** Null: there is nothing to rank. */
  p50: number | null;
  p95: number | null;
}

export function percentiles(values: readonly number[]): Percentiles {
  const inOrder = values.toSorted((one, other) => one - other);
  const rank = (hundredths: number) => inOrder[Math.ceil((hundredths * inOrder.length) / 100) - 1] ?? null;
  return { p50: rank(50), p95: rank(95) };
}
