/** What was measured as one document (`--json`), and what it says about the goals. Pure. */
import type { FigureKind, Goal, Measure, Taken } from "./measure.ts";
import { rangeOf, type Range } from "./range.ts";

export interface Machine {
  processor: string;
  cores: number;
  node: string;
  /** Of the last minute: before the first measure and after the last. Other work on the machine shows here. */
  load_average: { before: number; after: number };
}

export interface Figure extends Range {
  name: string;
  unit: string;
  goal: Goal | null;
  /** By the median; null without a goal, and at tiny sizes. */
  reached: boolean | null;
  /** What the bare writes gave in the same runs. */
  floor: Range | null;
  /** The median of each run's figure divided by its floor. */
  of_floor: number | null;
}

export interface Measured {
  name: string;
  about: string;
  figures: Figure[];
  /** Why it could not be taken; null: it was. */
  problem: string | null;
}

export interface Report {
  /** ISO 8601. */
  measured_at: string;
  machine: Machine;
  runs: number;
  /** Tiny sizes: the figures say nothing but that they can be taken. */
  quick: boolean;
  measures: Measured[];
  not_measured: readonly string[];
}

/** Throws where a run lacks a figure. */
export function measuredOf(measure: Measure, runs: readonly Taken[], { quick }: { quick: boolean }): Measured {
  const { name, about } = measure;
  return { name, about, figures: measure.figures.map((kind) => figureOf(kind, runs, quick)), problem: null };
}

export function unmeasured({ name, about }: Measure, problem: string): Measured {
  return { name, about, figures: [], problem };
}

function figureOf(kind: FigureKind, runs: readonly Taken[], quick: boolean): Figure {
  const { name, unit, floor } = kind;
  const goal = kind.goal ?? null;
  const values = valuesOf(name, runs);
  const range = rangeOf(values);
  const reached = goal === null || quick ? null : isReached(goal, range.median);
  const common = { name, unit, ...range, goal, reached };
  if (floor === undefined) return { ...common, floor: null, of_floor: null };
  const floors = valuesOf(floor, runs);
  const ratios = values.map((value, run) => ratio(value, floors[run] ?? NaN));
  return { ...common, floor: rangeOf(floors), of_floor: rangeOf(ratios).median };
}

function valuesOf(name: string, runs: readonly Taken[]): number[] {
  return runs.map((taken, index) => {
    const value = taken[name];
    if (value === undefined || !Number.isFinite(value)) throw new Error(`Run ${index + 1} gave no figure ${name}.`);
    return value;
  });
}

function ratio(value: number, floor: number): number {
  if (floor <= 0) throw new Error("The bare writes took no time that could be measured.");
  return value / floor;
}

export function isReached(goal: Goal, value: number): boolean {
  return "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
}
