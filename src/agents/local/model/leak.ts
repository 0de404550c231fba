/** Factors that know the outcome: one that parts the lost from the kept by itself was likely taken after the renewal was decided. */
import { type SignalName, signalNames } from "../risk/signals.ts";
import type { HistoryRenewal } from "./history.ts";
import { areaUnderCurve, rankingOf } from "./ranking.ts";

/** No honest factor alone comes near. */
const tooGood = 0.99;
/** Of fewer it may be chance. */
const fewest = 5;

export function leaksIn(renewals: readonly HistoryRenewal[]): SignalName[] {
  return signalNames.filter((signal) => {
    const known = renewals.flatMap(({ signals, lost }) => {
      const { value } = signals[signal];
      return value === null ? [] : [{ value, lost }];
    });
    const lost = known.filter((one) => one.lost).length;
    return lost >= fewest && known.length - lost >= fewest && partedBy(known) >= tooGood;
  });
}

/** From 0.5, it says nothing, to 1, it says all. */
function partedBy(known: readonly { value: number | string; lost: boolean }[]): number {
  const scores = known.map(({ value }) => (typeof value === "number" ? value : shareLost(known, value)));
  const area = areaUnderCurve(rankingOf({ scores, lost: known.map(({ lost }) => lost) }), null) ?? 0.5;
  return Math.max(area, 1 - area);
}

function shareLost(known: readonly { value: number | string; lost: boolean }[], word: string): number {
  const those = known.filter(({ value }) => value === word);
  return those.filter(({ lost }) => lost).length / those.length;
}
