/**
 * Factors as figures that a regression can weigh.
 *
 * 1. A number counts in standard deviations from the mean, and beyond the outermost fiftieths it counts as they do: a single
 *    outlier moves nothing, and nothing is extrapolated.
 * 2. A word has a column of its own.
 * 3. What isn't known counts as the mean, so that it weighs nothing, as in a model (R2). Where absence means that there is none
 *    (no urgent ticket has no age), it counts as 0.
 * 4. All of this is learnt from the renewals that a model is fitted on, never from those that it is tested on.
 */
import { type SignalName, signalNames, signals } from "../risk/signals.ts";
import type { HistoryRenewal } from "./history.ts";
import { quantile } from "./interval.ts";

export type Feature = NumberFeature | WordFeature;

interface NumberFeature {
  kind: "number";
  signal: SignalName;
  /** Values beyond count as these. */
  low: number;
  high: number;
  /** Counts zero. */
  centre: number;
  scale: number;
}

interface WordFeature {
  kind: "word";
  signal: SignalName;
  word: string;
  /** Share of it among what is known: counts zero. */
  centre: number;
  scale: number;
}

export interface Encoding {
  features: Feature[];
  leftOut: { signal: SignalName; why: string }[];
}

/** Fewer renewals in which it is known can't teach what it means. */
const fewest = 10;
const outermost = 0.02;

type Values = (number | string | null)[];

export function learnFeatures(renewals: readonly HistoryRenewal[], except: ReadonlySet<SignalName>): Encoding {
  const encoding: Encoding = { features: [], leftOut: [] };
  for (const signal of signalNames) {
    if (except.has(signal)) continue;
    const values = renewals.map((renewal) => renewal.signals[signal].value);
    const known = values.filter((value) => value !== null).length;
    const learned = signals[signal].kind === "number" ? numberFeature(signal, values) : wordFeatures(signal, values);
    if (known >= fewest && learned.length > 0) encoding.features.push(...learned);
    else if (known > 0)
      encoding.leftOut.push({ signal, why: known < fewest ? `known in ${known} renewals only` : "the same in all" });
  }
  return encoding;
}

/** Row after row, one figure for each feature. */
export function encoded(renewals: readonly HistoryRenewal[], features: readonly Feature[]): Float64Array {
  const figures = new Float64Array(renewals.length * features.length);
  for (const [row, { signals: given }] of renewals.entries()) {
    for (const [column, feature] of features.entries()) {
      figures[row * features.length + column] = figureOf(feature, given[feature.signal].value);
    }
  }
  return figures;
}

export function figureOf(feature: Feature, given: number | string | null): number {
  const value = isAbsenceNone(feature.signal) ? (given ?? 0) : given;
  if (value === null) return 0;
  const { centre, scale } = feature;
  switch (feature.kind) {
    case "number":
      return typeof value === "number" ? (clamped(value, feature) - centre) / scale : 0;
    case "word":
      return ((value === feature.word ? 1 : 0) - centre) / scale;
    default:
      return feature satisfies never;
  }
}

/** Its absence is nothing to find out: there is none. */
function isAbsenceNone(signal: SignalName): boolean {
  return signals[signal].kind === "number" && signals[signal].missing === null;
}

function clamped(value: number, { low, high }: { low: number; high: number }): number {
  return Math.min(high, Math.max(low, value));
}

function numberFeature(signal: SignalName, given: Values): NumberFeature[] {
  const isNone = isAbsenceNone(signal);
  const known = given.flatMap((value) => (typeof value === "number" ? value : value === null && isNone ? 0 : []));
  const sorted = known.toSorted((one, other) => one - other);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const described = signals[signal];
  const form = { whole: described.kind === "number" && described.whole };
  const inner = {
    low: rounded(quantile(sorted, outermost), form),
    high: rounded(quantile(sorted, 1 - outermost), form),
  };
  // Where nearly all are the same, the few others are what there is to learn from.
  const bounds = inner.low < inner.high ? inner : { low: least, high: most };
  const low = isNone ? 0 : bounds.low;
  if (!(low < bounds.high)) return [];
  const inside = known.map((value) => clamped(value, { low, high: bounds.high }));
  const centre = isNone ? 0 : mean(inside);
  return [{ kind: "number", signal, low, high: bounds.high, centre, scale: deviation(inside) }];
}

function wordFeatures(signal: SignalName, given: Values): WordFeature[] {
  const known = given.filter((value) => value !== null);
  const words = [...new Set(known)].filter((value) => typeof value === "string").toSorted();
  if (words.length < 2) return [];
  return words.map((word) => {
    const marks = known.map((value) => (value === word ? 1 : 0));
    return { kind: "word", signal, word, centre: mean(marks), scale: deviation(marks) };
  });
}

/** Two digits: bounds stand in a file that people read. */
function rounded(value: number, { whole }: { whole: boolean }): number {
  const short = Number(value.toPrecision(2));
  return whole ? Math.round(short) : short;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
