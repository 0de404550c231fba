/**
 * Where an area under the curve lies, by the numbers of lost and kept alone (Newcombe 2006, method 5). Unlike drawing again it
 * holds for a handful of customers and for an area of one: two renewals that happen to be in order prove nothing.
 */
import { type Interval, z } from "./interval.ts";

const halvings = 60;

export function areaInterval({ area, lost, kept }: { area: number; lost: number; kept: number }): Interval {
  const spread = (theta: number) => {
    const pairs = (1 - theta) / (2 - theta) + theta / (1 + theta);
    return z * Math.sqrt((theta * (1 - theta) * (1 + ((lost + kept) / 2 - 1) * pairs)) / (lost * kept));
  };
  return { low: edge({ area, to: 0, spread }), high: edge({ area, to: 1, spread }) };
}

/** Between the area and an end of the scale: where the area would just be in the spread. */
function edge(parameters: { area: number; to: number; spread: (theta: number) => number }): number {
  const { area, to, spread } = parameters;
  let [inside, outside] = [area, to];
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (inside + outside) / 2;
    if (Math.abs(area - middle) <= spread(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
