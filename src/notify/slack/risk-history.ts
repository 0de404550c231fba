/** How a customer's risk came to be what it is: earlier assessments by the same model, for marks beside the newest. */
import { localDate } from "../../flow/zone.ts";
import { day } from "./format.ts";
import type { ShownRisk } from "./known-outputs.ts";

export interface Assessed {
  /** Milliseconds. */
  at: number;
  risk: ShownRisk;
}

export interface RiskHistory {
  /** Oldest first; the newest is the one that is shown. At least two. */
  scores: { at: number; score: number }[];
  /** What its factors are held against. */
  before: { at: number; score: number; points: ReadonlyMap<string, number> };
}

/** A day's change says little, a quarter's is history. */
const comparedMs = 7 * 86_400_000;

/** Null: nothing by this model was assessed before. Points of different models can't be compared. */
export function riskHistory(newest: Assessed, earlier: readonly Assessed[]): RiskHistory | null {
  const same = earlier
    .filter(({ at, risk }) => at < newest.at && risk.model === newest.risk.model)
    .toSorted((one, other) => one.at - other.at);
  const then = same.findLast(({ at }) => newest.at - at >= comparedMs) ?? same[0];
  if (then === undefined) return null;
  return {
    scores: [...same, newest].map(({ at, risk }) => ({ at, score: risk.risk_score })),
    before: { at: then.at, score: then.risk.risk_score, points: pointsOf(then.risk) },
  };
}

function pointsOf({ reasons }: ShownRisk): ReadonlyMap<string, number> {
  return new Map(
    reasons.flatMap(({ factor, points }) => (factor === null || points === null ? [] : [[factor, points]])),
  );
}

/** Null: it can't be told, or is the same now. What counted nothing then was left out of the reasons. */
export function pointsThen(
  history: RiskHistory | null,
  { factor, points }: ShownRisk["reasons"][number],
): number | null {
  if (history === null || factor === null) return null;
  const then = history.before.points.get(factor) ?? 0;
  return then === points ? null : then;
}

/** "3 Sep". */
export function dayThen({ scores, before }: RiskHistory, timezone: string): string {
  const [today, earlier] = [scores.at(-1)?.at ?? before.at, before.at].map((at) => localDate({ at, timezone }));
  return day(earlier ?? "", today ?? "");
}
