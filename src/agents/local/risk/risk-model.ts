/**
 * What a risk model is, as data: signed points in log-odds, factor by factor, and how they add up.
 *
 * - R1. The score is the logistic of base plus contributions. They are whole hundredths, so their sum is exact in any order.
 * - R2. What isn't known counts zero points and lowers the confidence. A score of low confidence is never low: what is missing
 *   to the medium band is a contribution of its own (`gaps`), so missing data doesn't look healthy and the sum stays exact.
 * - R3. What is out of date may raise the risk but doesn't reassure, and counts as not known for the confidence.
 */
import { z } from "zod";
import type { Confidence, RiskLevel } from "./renewal-risk.ts";
import { type Signal, type SignalName, signalNames, signalProblem, signals, type Signals } from "./signals.ts";

/** Points at values, straight lines between them, level beyond the ends. */
const Curve = z.array(z.tuple([z.number(), z.number().min(-5).max(5)])).min(1);
const Words = z.record(z.string(), z.number().min(-5).max(5));
export type Points = z.infer<typeof Curve> | z.infer<typeof Words>;

const identifier = /^[a-z][a-z0-9_]{0,63}$/;
const id = z.string().regex(identifier, "must be small letters, digits and _, beginning with a letter");

/** The contribution that keeps R2; no model may have a factor of that name. */
export const gapsFactor = "gaps";

export const Term = z
  .strictObject({
    signal: z.enum(signalNames).describe("what the data agent delivers"),
    points: z
      .union([Curve, Words])
      .describe("for a number `[[value, points], …]`, rising values; for a word `{ word: points }`"),
  })
  .superRefine(({ signal, points }, context) => {
    for (const { path, message } of pointProblems(signal, points)) {
      context.addIssue({ code: "custom", message, path: ["points", ...path] });
    }
  });
export type Term = z.infer<typeof Term>;

export const Factor = z.strictObject({
  id: id.refine((name) => name !== gapsFactor, `can't be ${gapsFactor}: what isn't known has that name`),
  label: z.string().min(1).max(40),
  cap: z
    .strictObject({ raises: z.number().min(0).max(5), reassures: z.number().min(0).max(5) })
    .describe("at most this many points up and down"),
  terms: z.array(Term).min(1),
});
export type Factor = z.infer<typeof Factor>;

export const RiskModel = z
  .strictObject({
    name: id.describe("with its version: `renewal_risk_v3`; a change of any number is a new name"),
    about: z.enum(["renewal", "churn"]).describe("which question it answers, so which action it is for"),
    description: z.string().min(1),
    threshold: z.number().min(0).max(1).describe("for a step that names none"),
    base: z.number().min(-5).max(5).describe("log-odds of a customer of whom nothing is known"),
    factors: z.array(Factor).min(1),
  })
  .superRefine(({ factors }, context) => {
    const ids = factors.map((factor) => factor.id);
    const read = factors.flatMap(({ terms }, factor) => terms.map(({ signal }, term) => ({ signal, factor, term })));
    for (const [index, name] of ids.entries()) {
      if (ids.indexOf(name) === index) continue;
      context.addIssue({
        code: "custom",
        message: "there is a factor of that id already",
        path: ["factors", index, "id"],
      });
    }
    for (const [index, { signal, factor, term }] of read.entries()) {
      if (read.findIndex((one) => one.signal === signal) === index) continue;
      const path = ["factors", factor, "terms", term, "signal"];
      context.addIssue({ code: "custom", message: `${signal} is weighed twice`, path });
    }
  });
export type RiskModel = z.infer<typeof RiskModel>;

export interface Contribution {
  /** A factor of the model, or `gaps`. */
  factor: string;
  hundredths: number;
}

export interface Scored {
  /** Hundredths of log-odds: base and all contributions together. */
  hundredths: number;
  base: number;
  score: number;
  level: RiskLevel;
  confidence: Confidence;
  /** One for each factor of the model, in its order; with `gaps` last where R2 needs it. */
  contributions: Contribution[];
  /** The signals that count as not known and should be. */
  missing: SignalName[];
}

/** Pure. `doubts`: how many other things speak against relying on it; each lowers the confidence by one level. */
export function evaluate(model: RiskModel, given: Signals, { doubts = 0 }: { doubts?: number } = {}): Scored {
  const factors = model.factors.map((factor) => ({ factor: factor.id, hundredths: factorPoints(factor, given) }));
  const base = inHundredths(model.base);
  const sum = factors.reduce((total, { hundredths }) => total + hundredths, base);
  const terms = model.factors.flatMap((factor) => factor.terms);
  const confidence = lowered(confidenceOf(terms, given), doubts);
  const gaps = confidence === "low" ? Math.max(0, leastMedium - sum) : 0;
  const score = logistic(sum + gaps);
  return {
    hundredths: sum + gaps,
    base,
    score,
    level: levelOf(score),
    confidence,
    contributions: gaps === 0 ? factors : [...factors, { factor: gapsFactor, hundredths: gaps }],
    missing: terms.flatMap(({ signal }) =>
      signals[signal].missing === null || isKnown(given[signal]) ? [] : [signal],
    ),
  };
}

export function logistic(hundredths: number): number {
  return 1 / (1 + Math.exp(-hundredths / 100));
}

const mediumFrom = 0.4;
/** The fewest hundredths that are medium. */
const leastMedium = -40;

/** Whatever a flow's threshold is (DESIGN §9). */
export function levelOf(score: number): RiskLevel {
  return score >= 0.7 ? "high" : score >= mediumFrom ? "medium" : "low";
}

/** By how much of what could reassure is known at all; of a model that never reassures, by how much of what it weighs. */
function confidenceOf(terms: readonly Term[], given: Signals): Confidence {
  const canReassure = terms.some((term) => reassurance(term) > 0);
  const weight = (term: Term) =>
    canReassure ? reassurance(term) : Math.max(1, ...pointValues(term.points).map(inHundredths));
  const total = terms.reduce((sum, term) => sum + weight(term), 0);
  const known = terms.filter(({ signal }) => isKnown(given[signal])).reduce((sum, term) => sum + weight(term), 0);
  return known >= total * 0.8 ? "high" : known >= total * 0.5 ? "medium" : "low";
}

function lowered(confidence: Confidence, by: number): Confidence {
  const levels = ["high", "medium", "low"] as const;
  return levels[Math.min(levels.length - 1, levels.indexOf(confidence) + by)] ?? "low";
}

/** The most that a term can lower the risk, in hundredths. */
export function reassurance({ points }: Pick<Term, "points">): number {
  return Math.max(0, ...pointValues(points).map((value) => -inHundredths(value)));
}

export function pointValues(points: Points): number[] {
  return isCurve(points) ? points.map(([, value]) => value) : Object.values(points);
}

function isKnown({ value, outdated }: Signal): boolean {
  return value !== null && !outdated;
}

function factorPoints({ cap, terms }: Factor, given: Signals): number {
  const sum = terms.reduce((total, term) => total + termPoints(term, given[term.signal]), 0);
  return Math.min(inHundredths(cap.raises), Math.max(-inHundredths(cap.reassures), sum));
}

/** In hundredths. */
export function termPoints({ points }: Pick<Term, "points">, { value, outdated }: Signal): number {
  const raw = isCurve(points) ? onCurve(points, value) : onWord(points, value);
  const hundredths = inHundredths(raw);
  return outdated ? Math.max(0, hundredths) : hundredths;
}

function isCurve(points: Points): points is z.infer<typeof Curve> {
  return Array.isArray(points);
}

function onWord(points: Readonly<Record<string, number>>, value: number | string | null): number {
  return typeof value === "string" && Object.hasOwn(points, value) ? (points[value] ?? 0) : 0;
}

function onCurve(curve: z.infer<typeof Curve>, value: number | string | null): number {
  if (typeof value !== "number") return 0;
  const above = curve.findIndex(([at]) => value <= at);
  const [high, low] = [curve[above], curve[above - 1]];
  if (high === undefined) return curve.at(-1)?.[1] ?? 0;
  if (low === undefined) return high[1];
  return low[1] + ((value - low[0]) / (high[0] - low[0])) * (high[1] - low[1]);
}

/** Never minus zero, which JSON and strict comparison tell apart from zero. */
export function inHundredths(points: number): number {
  return Math.round(points * 100) + 0;
}

interface PointProblem {
  path: (number | string)[];
  message: string;
}

function pointProblems(signal: SignalName, points: Points): PointProblem[] {
  const described = signals[signal];
  switch (described.kind) {
    case "number":
      return isCurve(points)
        ? points.flatMap(([value], index) => curveProblem({ value, index, before: points[index - 1]?.[0], described }))
        : [{ path: [], message: `${signal} is a number: write [[value, points], …]` }];
    case "word":
      return isCurve(points)
        ? [{ path: [], message: `${signal} is a word: write { word: points }` }]
        : Object.keys(points).flatMap((word) => {
            const message = signalProblem(signal, word);
            return message === null ? [] : [{ path: [word], message }];
          });
    default:
      return described satisfies never;
  }
}

/** A line may bend between whole numbers, but not where no value can be. */
function curveProblem(at: {
  value: number;
  index: number;
  before: number | undefined;
  described: { min: number; max: number };
}): PointProblem[] {
  const { value, index, before, described } = at;
  if (before !== undefined && before >= value) return [{ path: [index], message: "the values must rise" }];
  if (value >= described.min && value <= described.max) return [];
  return [{ path: [index], message: `${value} is not ${described.min} to ${described.max}` }];
}
