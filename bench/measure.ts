/** A measure: a name, what it is in, and one run of it in a process of its own. */
export interface Measure {
  name: string;
  /** What is measured, and how. */
  about: string;
  /** Figures by their name, each with its unit. */
  units: Readonly<Record<string, string>>;
  /** Of DESIGN §7; figures without one are there to compare with. */
  goals: Readonly<Record<string, string>>;
  run(): Promise<Readonly<Record<string, number>>>;
}

export interface Range {
  median: number;
  min: number;
  max: number;
}

export function rangeOf(values: readonly number[]): Range {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: percentile(sorted, 50), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** `sorted` upward; the nearest rank. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}
