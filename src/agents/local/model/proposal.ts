/**
 * What was learnt, as a risk model that people can read: each factor's weight as points on a line, in the factors of the current
 * model. The base is set so that as many renewals reach the threshold as were lost: a score keeps its meaning of 0.7 and over as
 * "needs somebody", and is no probability.
 */
import { evaluate, gapsFactor, inHundredths, type Factor, type Points, type RiskModel } from "../risk/risk-model.ts";
import { type SignalName, type Signals, signals } from "../risk/signals.ts";
import { figureOf } from "./features.ts";
import type { HistoryRenewal } from "./history.ts";
import type { Learned } from "./learning.ts";

/** Null: nothing that was learnt weighs a hundredth. */
export function proposedModel(parameters: {
  learned: Learned;
  renewals: readonly HistoryRenewal[];
  current: RiskModel;
  name: string;
}): RiskModel | null {
  const { learned, renewals, current, name } = parameters;
  const factors = factorsOf(learned, current);
  if (factors.length === 0) return null;
  const { about, threshold } = current;
  const dates = renewals.map(({ closed_on }) => closed_on).toSorted();
  const lost = renewals.filter((renewal) => renewal.lost).length;
  const description = `Fitted on ${renewals.length} renewals closed from ${dates[0] ?? ""} to ${dates.at(-1) ?? ""}, ${lost} of them lost`;
  const model: RiskModel = { name, about, description, threshold, base: 0, factors };
  return { ...model, base: baseFor(model, renewals) };
}

/** So that as many renewals reach the threshold as were lost. */
function baseFor(model: RiskModel, renewals: readonly HistoryRenewal[]): number {
  const sums = renewals
    .map(({ signals: given }) => contributionsOf(model, given))
    .toSorted((one, other) => other - one);
  const lost = renewals.filter((renewal) => renewal.lost).length;
  const least = Math.ceil(Math.log(model.threshold / (1 - model.threshold)) * 100);
  return Math.min(500, Math.max(-500, least - (sums[lost - 1] ?? 0))) / 100;
}

/** In hundredths, without what fills gaps. */
function contributionsOf(model: RiskModel, given: Signals): number {
  const { contributions } = evaluate(model, given);
  return contributions.reduce((sum, { factor, hundredths }) => sum + (factor === gapsFactor ? 0 : hundredths), 0);
}

function factorsOf(learned: Learned, current: RiskModel): Factor[] {
  const weighed = [...new Set(learned.encoding.features.map(({ signal }) => signal))]
    .map((signal) => ({ signal, points: pointsOf(learned, signal) }))
    .filter(({ points }) => extremes(points).some((point) => point !== 0));
  const groups = new Map<string, { id: string; label: string; terms: Factor["terms"] }>();
  for (const term of weighed) {
    const home = homeOf(term.signal, current);
    const group = groups.get(home.id) ?? { ...home, terms: [] };
    groups.set(home.id, group);
    group.terms.push(term);
  }
  return [...groups.values()].map(({ id, label, terms }) => ({ id, label, cap: capOf(terms), terms }));
}

/** The current model's factor that weighs the signal, else one named after what it is about. */
function homeOf(signal: SignalName, { factors }: RiskModel): { id: string; label: string } {
  const home = factors.find(({ terms }) => terms.some((term) => term.signal === signal));
  if (home !== undefined) return { id: home.id, label: home.label };
  const { topic } = signals[signal];
  const same = factors.find(({ id }) => id === topic);
  const words = topic.replaceAll("_", " ");
  return { id: topic, label: same?.label ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}` };
}

function pointsOf({ encoding, coefficients }: Learned, signal: SignalName): Points {
  const own = encoding.features.flatMap((feature, column) =>
    feature.signal === signal ? [{ feature, slope: coefficients.slopes[column] ?? 0 }] : [],
  );
  const pointsAt = (value: number | string) =>
    readable(own.reduce((sum, { feature, slope }) => sum + slope * figureOf(feature, value), 0));
  const [first] = own;
  if (first?.feature.kind === "number") {
    const { low, high } = first.feature;
    return [low, high].map((value): [number, number] => [value, pointsAt(value)]);
  }
  const words = own.flatMap(({ feature }) => (feature.kind === "word" ? feature.word : []));
  return Object.fromEntries(words.map((word) => [word, pointsAt(word)]));
}

function readable(points: number): number {
  return inHundredths(Math.min(5, Math.max(-5, points))) / 100;
}

/** Caps that nothing passes: what the terms can give together. */
function capOf(terms: Factor["terms"]): Factor["cap"] {
  const sum = (of: (points: number[]) => number) =>
    readable(terms.reduce((total, { points }) => total + Math.max(0, of(extremes(points))), 0));
  return { raises: sum((points) => Math.max(...points)), reassures: sum((points) => -Math.min(...points)) };
}

function extremes(points: Points): number[] {
  return Array.isArray(points) ? points.map(([, value]) => value) : Object.values(points);
}
