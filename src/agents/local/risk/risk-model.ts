/**
 * What a risk model is: signed points in log-odds, factor by factor, and how they add up.
 *
 * - R1. The score is the logistic of base plus points. Points are whole hundredths, so their sum is exact in any order.
 * - R2. What isn't known counts zero points and lowers the confidence. The base lies in the medium band, and a model's
 *   reassuring points are so small that a score of low confidence is never low: missing data doesn't look healthy.
 * - R3. What is out of date may raise the risk but doesn't reassure, and counts as not known for the confidence.
 */
import type { Confidence, RiskLevel } from "./renewal-risk.ts";

export type SignalName =
  | "utilization"
  | "usage_change"
  | "urgent_tickets"
  | "oldest_urgent_days"
  | "open_tickets"
  | "csat"
  | "champion"
  | "nps"
  | "overdue_days"
  | "renewal_mode";

export interface Signal {
  /** Null: not known. */
  value: number | string | null;
  outdated: boolean;
}
export type Signals = Readonly<Record<SignalName, Signal>>;

export type FactorId = "seat_use" | "open_tickets" | "csat" | "champion" | "nps" | "overdue_invoices" | "contract";

/** Points at values, straight lines between them, level beyond the ends; or points for words. */
export type Points = readonly (readonly [value: number, points: number])[] | Readonly<Record<string, number>>;

export interface Term {
  signal: SignalName;
  points: Points;
  /** What is missing when the signal is; null: its absence is nothing to find out. */
  missing: string | null;
}

export interface Factor {
  id: FactorId;
  label: string;
  /** At most this many points up and down. */
  cap: { raises: number; reassures: number };
  terms: readonly Term[];
}

export interface RiskModel {
  name: string;
  base: number;
  factors: readonly Factor[];
}

export interface Scored {
  /** Hundredths of log-odds, base and all points together. */
  hundredths: number;
  score: number;
  level: RiskLevel;
  confidence: Confidence;
  factors: { id: FactorId; hundredths: number }[];
  missing: string[];
}

export function scoreWith(model: RiskModel, signals: Signals): Scored {
  const factors = model.factors.map((factor) => ({ id: factor.id, hundredths: factorPoints(factor, signals) }));
  const hundredths = factors.reduce((sum, factor) => sum + factor.hundredths, inHundredths(model.base));
  const score = logistic(hundredths);
  const terms = model.factors.flatMap((factor) => factor.terms);
  return {
    hundredths,
    score,
    level: levelOf(score),
    confidence: confidenceOf(terms, signals),
    factors,
    missing: terms.flatMap((term) => (term.missing === null || isKnown(signals[term.signal]) ? [] : [term.missing])),
  };
}

export function logistic(hundredths: number): number {
  return 1 / (1 + Math.exp(-hundredths / 100));
}

/** Whatever a flow's threshold is (DESIGN §9). */
export function levelOf(score: number): RiskLevel {
  return score >= 0.7 ? "high" : score >= 0.4 ? "medium" : "low";
}

/** By how much of what could reassure is known at all. */
function confidenceOf(terms: readonly Term[], signals: Signals): Confidence {
  const total = terms.reduce((sum, term) => sum + reassurance(term), 0);
  const known = terms.filter((term) => isKnown(signals[term.signal])).reduce((sum, term) => sum + reassurance(term), 0);
  return known >= total * 0.8 ? "high" : known >= total * 0.5 ? "medium" : "low";
}

/** The most that a term can lower the risk, in hundredths. */
export function reassurance({ points }: Term): number {
  return Math.max(0, ...pointValues(points).map((value) => -inHundredths(value)));
}

export function pointValues(points: Points): number[] {
  return isCurve(points) ? points.map(([, value]) => value) : Object.values(points);
}

function isKnown({ value, outdated }: Signal): boolean {
  return value !== null && !outdated;
}

function factorPoints({ cap, terms }: Factor, signals: Signals): number {
  const sum = terms.reduce((total, term) => total + termPoints(term, signals[term.signal]), 0);
  return Math.min(inHundredths(cap.raises), Math.max(-inHundredths(cap.reassures), sum));
}

function termPoints({ points }: Term, { value, outdated }: Signal): number {
  const raw = isCurve(points) ? onCurve(points, value) : onWord(points, value);
  const hundredths = inHundredths(raw);
  return outdated ? Math.max(0, hundredths) : hundredths;
}

function isCurve(points: Points): points is readonly (readonly [number, number])[] {
  return Array.isArray(points);
}

function onWord(points: Readonly<Record<string, number>>, value: number | string | null): number {
  return typeof value === "string" && Object.hasOwn(points, value) ? (points[value] ?? 0) : 0;
}

function onCurve(curve: readonly (readonly [number, number])[], value: number | string | null): number {
  if (typeof value !== "number") return 0;
  const above = curve.findIndex(([at]) => value <= at);
  const [high, low] = [curve[above], curve[above - 1]];
  if (high === undefined) return curve.at(-1)?.[1] ?? 0;
  if (low === undefined) return high[1];
  return low[1] + ((value - low[0]) / (high[0] - low[0])) * (high[1] - low[1]);
}

/** Never minus zero, which JSON and strict comparison tell apart from zero. */
function inHundredths(points: number): number {
  return Math.round(points * 100) + 0;
}
