/**
 * Time across a picture, from milliseconds to weeks at once.
 *
 * - T1. What happened later stands further right, and everything that took time has a width that can be seen.
 * - T2. A stretch in which nothing changes and that would squeeze all the rest to nothing is broken: it gets a fixed share,
 *   and is drawn as broken, with its duration in words. Between breaks one scale holds.
 */

export interface Stretch {
  from: number;
  to: number;
  x: number;
  width: number;
  broken: boolean;
}

export interface TimeScale {
  x: (at: number) => number;
  stretches: Stretch[];
}

/** Longer than all that isn't broken, this many times over. */
const breakFactor = 12;
const leastWidth = 7;
/** All breaks together, and one alone at most. */
const sharePerBreak = 0.4;
const shareOfBreaks = 0.6;

/** `instants`: whatever begins, ends or happens; the first is at `left`, the last at `right`. */
export function timeScale(parameters: { instants: readonly number[]; left: number; right: number }): TimeScale {
  const { left, right } = parameters;
  const instants = [...new Set(parameters.instants)].toSorted((one, other) => one - other);
  const bounds = instants.flatMap((to, index) => {
    const from = instants[index - 1];
    return from === undefined ? [] : [{ from, to }];
  });
  const broken = brokenOnes(bounds);
  const widths = shares({ bounds, broken, room: right - left });
  let x = left;
  const stretches = bounds.map((bound, index) => {
    const width = widths[index] ?? 0;
    const stretch = { ...bound, x, width, broken: broken.has(bound) };
    x += width;
    return stretch;
  });
  return { stretches, x: (at) => positionOf(at, stretches, left) };
}

interface Bound {
  from: number;
  to: number;
}

function brokenOnes(bounds: readonly Bound[]): ReadonlySet<Bound> {
  const broken = new Set<Bound>();
  let rest = bounds.reduce((sum, bound) => sum + lengthOf(bound), 0);
  for (const bound of bounds.toSorted((one, other) => lengthOf(other) - lengthOf(one))) {
    rest -= lengthOf(bound);
    if (rest <= 0 || lengthOf(bound) < breakFactor * rest) break;
    broken.add(bound);
  }
  return broken;
}

/** Linear, but for what would be too narrow to be seen: that gets `leastWidth`, at the others' expense. */
function shares(parameters: { bounds: readonly Bound[]; broken: ReadonlySet<Bound>; room: number }): number[] {
  const { bounds, broken, room } = parameters;
  const ofBreak = broken.size === 0 ? 0 : room * Math.min(sharePerBreak, shareOfBreaks / broken.size);
  const linear = bounds.filter((bound) => !broken.has(bound));
  const least = Math.min(leastWidth, (room * 0.4) / Math.max(1, linear.length));
  const narrow = new Set<Bound>();
  let free = room - broken.size * ofBreak;
  let total = linear.reduce((sum, bound) => sum + lengthOf(bound), 0);
  // The shortest first: once one is wide enough, all longer ones are.
  for (const bound of linear.toSorted((one, other) => lengthOf(one) - lengthOf(other))) {
    if ((free * lengthOf(bound)) / total >= least) break;
    narrow.add(bound);
    free -= least;
    total -= lengthOf(bound);
  }
  return bounds.map((bound) => {
    if (broken.has(bound)) return ofBreak;
    return narrow.has(bound) ? least : (free * lengthOf(bound)) / total;
  });
}

function positionOf(at: number, stretches: readonly Stretch[], left: number): number {
  const within = stretches.find(({ to }) => at <= to) ?? stretches.at(-1);
  if (within === undefined) return left;
  const fraction = (at - within.from) / (within.to - within.from);
  return within.x + within.width * Math.min(1, Math.max(0, fraction));
}

function lengthOf({ from, to }: Bound): number {
  return to - from;
}
