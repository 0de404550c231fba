/**
 * Where the items of ordered layers stand across: as near to their neighbours as order and gaps allow, long edges straight.
 * One layer against fixed neighbours is a least-squares problem with an order, solved exactly by pooling items that collide;
 * going over the layers again and again brings the whole picture to rest.
 */
import { neighbours, type Item, type Link } from "./layer-order.ts";
import { straightenLanes } from "./straight-lanes.ts";

/** Of going over all layers; a large graph gets fewer, so that it takes no longer than a moment. */
const mostRounds = 200;
const mostVisits = 200_000;

interface Wish {
  at: number;
  weight: number;
}

/** The middle of each item by id; the leftmost edge is at 0. */
export function placeAcross(parameters: {
  layers: readonly Item[][];
  links: readonly Link[];
  gapBetween: (one: Item, other: Item) => number;
}): Map<string, number> {
  const { layers, links, gapBetween } = parameters;
  const near = [neighbours(links, "below", "above"), neighbours(links, "above", "below")];
  const items = new Map(layers.flat().map((item) => [item.id, item]));
  const centers = new Map<string, number>();
  const wishOf = (item: Item): Wish => {
    const others = near.flatMap((side) => side.get(item.id) ?? []).filter((id) => centers.has(id));
    const weights = others.map((id) => pull(item, items.get(id)));
    const weight = weights.reduce((sum, each) => sum + each, 0);
    if (weight === 0) return { at: centers.get(item.id) ?? 0, weight: 0.01 };
    return {
      at: others.reduce((sum, id, index) => sum + (centers.get(id) ?? 0) * (weights[index] ?? 0), 0) / weight,
      weight,
    };
  };
  const rounds = Math.max(8, Math.min(mostRounds, Math.floor(mostVisits / items.size)));
  for (let round = 0; round < rounds; round += 1) {
    for (const layer of round % 2 === 0 ? layers : layers.toReversed()) {
      for (const [id, x] of keepApart({ layer, wishes: layer.map(wishOf), gapBetween })) centers.set(id, x);
    }
  }
  straightenLanes({ layers, links, centers, gapBetween });
  const left = Math.min(...layers.flat().map((item) => (centers.get(item.id) ?? 0) - item.width / 2));
  return new Map([...centers].map(([id, x]) => [id, x - left]));
}

/** Boxes line up with boxes; lanes go where there is room. */
function pull(one: Item, other: Item | undefined): number {
  const lanes = [one, other].filter((item) => item?.kind === "lane").length;
  return lanes === 2 ? 4 : lanes === 1 ? 0.4 : 1;
}

/** As near to the wishes as the layer's order and gaps allow. */
function keepApart(parameters: {
  layer: readonly Item[];
  wishes: readonly Wish[];
  gapBetween: (one: Item, other: Item) => number;
}): Map<string, number> {
  const { layer, wishes, gapBetween } = parameters;
  const offsets = tightest(layer, gapBetween);
  // Measured from the tightest row, the places need only not to decrease.
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [index, { at, weight }] of wishes.entries()) {
    let pool = { sum: (at - (offsets[index] ?? 0)) * weight, weight, count: 1 };
    for (let last = pools.at(-1); last !== undefined && isBeyond(last, pool); last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, weight: pool.weight + last.weight, count: pool.count + last.count };
    }
    pools.push(pool);
  }
  const places = pools.flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight));
  return new Map(layer.map((item, index) => [item.id, (places[index] ?? 0) + (offsets[index] ?? 0)]));
}

function isBeyond(one: { sum: number; weight: number }, other: { sum: number; weight: number }): boolean {
  return one.sum / one.weight > other.sum / other.weight;
}

/** The middle of each item where the row leaves no more room than it must. */
function tightest(layer: readonly Item[], gapBetween: (one: Item, other: Item) => number): number[] {
  let at = 0;
  return layer.map((item, index) => {
    const before = layer[index - 1];
    if (before !== undefined) at += (before.width + item.width) / 2 + gapBetween(before, item);
    return at;
  });
}
