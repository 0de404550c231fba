/** Whether scores mean what they say: of those scored about 0.7, were about 70 % lost? */
import { type Interval, shareInterval } from "./interval.ts";

export interface CalibrationBin {
  /** Scores from here, up to `to`; the last bin includes 1. */
  from: number;
  to: number;
  renewals: number;
  lost: number;
  /** Mean score. */
  said: number;
  /** Share that was lost. */
  happened: number;
  interval: Interval | null;
}

interface Scored {
  scores: readonly number[];
  lost: readonly boolean[];
}

const bins = 10;

/** Tenths of the scale; those in which nobody was are left out. */
export function calibrationOf({ scores, lost }: Scored): CalibrationBin[] {
  const members = Array.from({ length: bins }, (_, bin) =>
    scores.flatMap((score, place) => (binOf(score) === bin ? [place] : [])),
  );
  return members.flatMap((places, bin) => {
    if (places.length === 0) return [];
    const lostHere = places.filter((place) => lost[place] === true).length;
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      renewals: places.length,
      lost: lostHere,
      said: places.reduce((sum, place) => sum + (scores[place] ?? 0), 0) / places.length,
      happened: lostHere / places.length,
      interval: shareInterval({ hits: lostHere, of: places.length }),
    };
  });
}

function binOf(score: number): number {
  return Math.min(bins - 1, Math.floor(score * bins));
}

/** Mean squared distance of score and outcome: 0 is perfect. Null: no renewals. */
export function brierScore({ scores, lost }: Scored): (weights: readonly number[] | null) => number | null {
  const squares = scores.map((score, place) => (score - (lost[place] === true ? 1 : 0)) ** 2);
  return (weights) => {
    let [sum, all] = [0, 0];
    for (let place = 0; place < squares.length; place++) {
      const weight = weights === null ? 1 : (weights[place] ?? 0);
      sum += weight * (squares[place] ?? 0);
      all += weight;
    }
    return all === 0 ? null : sum / all;
  };
}
