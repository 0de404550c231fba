/** How a model would have done on closed renewals: ranking, calibration, and what each threshold would have asked of people. */
import { evaluate, type RiskModel } from "../risk/risk-model.ts";
import { type SignalName, signalNames } from "../risk/signals.ts";
import { areaInterval } from "./area-interval.ts";
import { bootstrapIntervals, type Figure } from "./bootstrap.ts";
import { brierScore, type CalibrationBin, calibrationOf } from "./calibration.ts";
import { figuresAt, type ThresholdFigures, thresholds, weeksOf } from "./cards.ts";
import type { HistoryRenewal } from "./history.ts";
import type { Outcome } from "./history-column.ts";
import type { Interval } from "./interval.ts";
import { seededRandom } from "./random.ts";
import { countsAt } from "./threshold-counts.ts";
import { areaUnderCurve, curveOf, type CurvePoint, rankingOf } from "./ranking.ts";

/** Null: it can't be worked out of this history. */
export interface Estimate {
  value: number | null;
  interval: Interval | null;
}

export interface ModelFigures {
  model: string;
  /** The model's own. */
  threshold: number;
  auc: Estimate;
  brier: Estimate;
  calibration: CalibrationBin[];
  thresholds: ThresholdFigures[];
  curve: CurvePoint[];
}

/** The first model less the second, on the same renewals; without intervals where too few customers are there to tell. */
export interface Comparison {
  auc: Estimate;
  brier: Estimate;
  thresholds: { threshold: number; precision: Estimate; recall: Estimate; cards: Estimate }[];
}

export interface Backtest {
  renewals: number;
  customers: number;
  owners: number;
  weeks: number;
  from: string;
  to: string;
  lost: number;
  outcomes: Record<Outcome, number>;
  /** In how many renewals each signal is known that a model weighs. */
  known: { signal: SignalName; renewals: number }[];
  /** What a model has that says the share of the lost of everybody. */
  brier_of_base_rate: number;
  models: ModelFigures[];
  comparison: Comparison | null;
}

/** Of customers with each outcome; of fewer no difference of two models can be told. */
const fewestCustomers = 10;

export function backtest(
  renewals: readonly HistoryRenewal[],
  terms: { model: RiskModel; against: RiskModel | null; draws: number; seed: number },
): Backtest {
  const models = [terms.model, ...(terms.against === null ? [] : [terms.against])];
  const lost = renewals.map((renewal) => renewal.lost);
  const scored = models.map((model) => scoredBy(model, renewals));
  const estimates = estimatesOf({ renewals, scored, ...terms });
  const customersWith = { lost: customersOf(renewals, true), kept: customersOf(renewals, false) };
  const isEnough = Math.min(customersWith.lost, customersWith.kept) >= fewestCustomers;
  const dates = renewals.map(({ closed_on }) => closed_on).toSorted();
  const share = lost.filter((isLost) => isLost).length / lost.length;
  const count = (outcome: Outcome) => renewals.filter((renewal) => renewal.outcome === outcome).length;
  const weighed = new Set(
    models.flatMap(({ factors }) => factors.flatMap(({ terms }) => terms.map(({ signal }) => signal))),
  );
  return {
    renewals: renewals.length,
    customers: new Set(renewals.map(({ customer }) => customer)).size,
    owners: new Set(renewals.flatMap(({ owner }) => owner ?? [])).size,
    weeks: weeksOf(renewals),
    from: dates[0] ?? "",
    to: dates.at(-1) ?? "",
    lost: lost.filter((isLost) => isLost).length,
    outcomes: { renewed: count("renewed"), churned: count("churned"), downgraded: count("downgraded") },
    known: signalNames
      .filter((signal) => weighed.has(signal))
      .map((signal) => ({ signal, renewals: renewals.filter(({ signals }) => signals[signal].value !== null).length })),
    brier_of_base_rate: share * (1 - share),
    models: scored.map(({ model, scores, ranking }, index) => ({
      model: model.name,
      threshold: model.threshold,
      auc: widened(estimates(`auc ${index}`), customersWith),
      brier: estimates(`brier ${index}`),
      calibration: calibrationOf({ scores, lost }),
      thresholds: thresholdsOf(models).map((threshold) => figuresAt({ threshold, renewals, scores })),
      curve: curveOf(ranking),
    })),
    comparison: scored.length < 2 ? null : comparisonOf(models, isEnough ? estimates : withoutInterval(estimates)),
  };
}

function customersOf(renewals: readonly HistoryRenewal[], isLost: boolean): number {
  return new Set(renewals.filter(({ lost }) => lost === isLost).map(({ customer }) => customer)).size;
}

/** As wide as either way of working it out says. */
function widened({ value, interval }: Estimate, customers: { lost: number; kept: number }): Estimate {
  if (value === null || interval === null) return { value, interval };
  const byNumbers = areaInterval({ area: value, ...customers });
  return {
    value,
    interval: { low: Math.min(interval.low, byNumbers.low), high: Math.max(interval.high, byNumbers.high) },
  };
}

function withoutInterval(estimates: Estimates): Estimates {
  return (name) => ({ ...estimates(name), interval: null });
}

/** Tenths, and each model's own. */
function thresholdsOf(models: readonly RiskModel[]): number[] {
  return [...new Set([...thresholds, ...models.map(({ threshold }) => threshold)])].toSorted(
    (one, other) => one - other,
  );
}

type Scored = ReturnType<typeof scoredBy>;

function scoredBy(model: RiskModel, renewals: readonly HistoryRenewal[]) {
  const scores = renewals.map(({ signals }) => evaluate(model, signals).score);
  return { model, scores, ranking: rankingOf({ scores, lost: renewals.map(({ lost }) => lost) }) };
}

type Estimates = (name: string) => Estimate;

function estimatesOf(parameters: {
  renewals: readonly HistoryRenewal[];
  scored: readonly Scored[];
  draws: number;
  seed: number;
}): Estimates {
  const { renewals, scored, draws, seed } = parameters;
  const lost = renewals.map((renewal) => renewal.lost);
  const figures = new Map<string, (weights: readonly number[] | null) => number | null>();
  for (const [index, { scores, ranking }] of scored.entries()) {
    figures.set(`auc ${index}`, (weights) => areaUnderCurve(ranking, weights));
    figures.set(`brier ${index}`, brierScore({ scores, lost }));
  }
  const [one, other] = scored;
  if (one !== undefined && other !== undefined) addDifferences(figures, { one, other, lost });
  const drawn: Record<string, Figure> = Object.fromEntries(figures);
  const customers = renewals.map(({ customer }) => customer);
  const intervals = bootstrapIntervals({ customers, figures: drawn, draws, random: seededRandom(seed) });
  return (name) => ({ value: figures.get(name)?.(null) ?? null, interval: intervals.get(name) ?? null });
}

function addDifferences(
  figures: Map<string, (weights: readonly number[] | null) => number | null>,
  { one, other, lost }: { one: Scored; other: Scored; lost: readonly boolean[] },
): void {
  for (const name of ["auc", "brier"]) {
    const [first, second] = [figures.get(`${name} 0`), figures.get(`${name} 1`)];
    figures.set(name, (weights) => less(first?.(weights) ?? null, second?.(weights) ?? null));
  }
  const thresholds = thresholdsOf([one.model, other.model]);
  const [ours, theirs] = [one, other].map(({ scores }) => countsAt({ scores, lost, thresholds }));
  for (const [index, threshold] of thresholds.entries()) {
    for (const name of ["precision", "recall", "cards"] as const) {
      figures.set(`${name} ${threshold}`, (weights) =>
        less(ours?.(weights)[index]?.[name] ?? null, theirs?.(weights)[index]?.[name] ?? null),
      );
    }
  }
}

function less(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one - other;
}

function comparisonOf(models: readonly RiskModel[], estimates: Estimates): Comparison {
  return {
    auc: estimates("auc"),
    brier: estimates("brier"),
    thresholds: thresholdsOf(models).map((threshold) => ({
      threshold,
      precision: estimates(`precision ${threshold}`),
      recall: estimates(`recall ${threshold}`),
      cards: estimates(`cards ${threshold}`),
    })),
  };
}
