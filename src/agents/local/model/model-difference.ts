/** What a proposal changes: the points of each factor, at the values that the proposal names, beside those of the current model. */
import { type Points, type RiskModel, type Term, termPoints } from "../risk/risk-model.ts";
import { type SignalName, signalNames } from "../risk/signals.ts";

export interface PointChange {
  signal: SignalName;
  at: number | string;
  /** Log-odds. Null: the model doesn't weigh it. */
  before: number | null;
  after: number | null;
}

export function pointChanges(current: RiskModel, proposed: RiskModel): PointChange[] {
  return signalNames.flatMap((signal) => {
    const [before, after] = [termOf(current, signal), termOf(proposed, signal)];
    const leading = after ?? before;
    if (leading === null) return [];
    return valuesOf(leading.points).map((at) => ({
      signal,
      at,
      before: pointsAt(before, at),
      after: pointsAt(after, at),
    }));
  });
}

function termOf({ factors }: RiskModel, signal: SignalName): Term | null {
  return factors.flatMap(({ terms }) => terms).find((term) => term.signal === signal) ?? null;
}

/** The ends of a line, or all words. */
function valuesOf(points: Points): (number | string)[] {
  if (!Array.isArray(points)) return Object.keys(points);
  const values = points.map(([value]) => value);
  return [...new Set([values.at(0), values.at(-1)])].filter((value) => value !== undefined);
}

function pointsAt(term: Term | null, value: number | string): number | null {
  return term === null ? null : termPoints(term, { value, outdated: false }) / 100;
}
