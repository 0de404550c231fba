/** What a person should know of a history before believing figures of it, a sentence each. */
import { percent } from "../phrase.ts";
import { type SignalName, signalNames, signals } from "../risk/signals.ts";
import type { FactorWeight } from "./factor-weight.ts";
import type { HistoryRenewal } from "./history.ts";
import { shareInterval } from "./interval.ts";

/** Rarer outcomes than this share: precision is about few. */
const rare = 0.1;
/** The usual rule of thumb. */
const outcomesPerFactor = 10;
/** Of fewer, a difference is chance. */
const fewest = 10;

export function warningsOn(parameters: {
  renewals: readonly HistoryRenewal[];
  leaks: readonly SignalName[];
  factors: readonly FactorWeight[];
}): string[] {
  const { renewals, leaks, factors } = parameters;
  return [
    ...leaks.map(leakWarning),
    ...undatedWarning(renewals),
    ...imbalanceWarning(renewals),
    ...fewWarning(renewals, factors.length),
    ...signalNames.flatMap((signal) => [...unknownWarning(signal, renewals), ...unitWarning(signal, renewals)]),
  ];
}

function leakWarning(signal: SignalName): string {
  return `${signal} parts the lost from the kept almost perfectly: was it taken after the decision?`;
}

function undatedWarning(renewals: readonly HistoryRenewal[]): string[] {
  const undated = renewals.filter(({ as_of }) => as_of === null).length;
  if (undated === 0) return [];
  const which =
    undated === renewals.length ? "The renewals don't" : `${percent(undated / renewals.length)} of the renewals don't`;
  return [`${which} say as of which day their factors are (as_of): taken after the decision, they flatter any model.`];
}

function imbalanceWarning(renewals: readonly HistoryRenewal[]): string[] {
  const lost = renewals.filter((renewal) => renewal.lost).length;
  const share = Math.min(lost, renewals.length - lost) / renewals.length;
  if (share === 0 || share >= rare) return [];
  const which = lost * 2 < renewals.length ? "lost" : "kept";
  return [
    `Only ${percent(share)} were ${which}: look at the precision at your threshold, not at the area under the curve alone.`,
  ];
}

function fewWarning(renewals: readonly HistoryRenewal[], factors: number): string[] {
  const lost = renewals.filter((renewal) => renewal.lost).length;
  const rarer = Math.min(lost, renewals.length - lost);
  if (factors === 0 || rarer >= factors * outcomesPerFactor) return [];
  const which = rarer === lost ? "lost" : "kept";
  return [
    `${rarer} ${which} renewals for ${factors} figures, fewer than ${outcomesPerFactor} each: more history would move the weights.`,
  ];
}

/** Not knowing counts as nothing; where it goes with the outcome, that is worth a question. */
function unknownWarning(signal: SignalName, renewals: readonly HistoryRenewal[]): string[] {
  if (signals[signal].missing === null) return [];
  const [known, unknown] = [true, false].map((isKnown) => {
    const those = renewals.filter((renewal) => (renewal.signals[signal].value !== null) === isKnown);
    const lost = those.filter((renewal) => renewal.lost).length;
    return { share: lost / those.length, of: those.length, interval: shareInterval({ hits: lost, of: those.length }) };
  });
  if (!known?.interval || !unknown?.interval || Math.min(known.of, unknown.of) < fewest) return [];
  const isApart = unknown.interval.low > known.interval.high || unknown.interval.high < known.interval.low;
  if (!isApart) return [];
  const where = `${percent(unknown.share)} were lost where ${signal} is not known, ${percent(known.share)} where it is`;
  return [`${where}: why is it missing? Not knowing weighs nothing in a model.`];
}

/** What fits the range but hardly the unit. */
function unitWarning(signal: SignalName, renewals: readonly HistoryRenewal[]): string[] {
  const values = renewals.flatMap(({ signals: given }) => {
    const { value } = given[signal];
    return typeof value === "number" ? value : [];
  });
  if (values.length < fewest) return [];
  if (signal === "nps" && values.every((value) => value >= 0 && value <= 10 && Number.isInteger(value)))
    return ["All of nps lie from 0 to 10: are they answers, not scores from -100 to 100?"];
  return [];
}
