/** The order of the items within each layer: few crossings, by sweeps of barycentres, the best one kept. */

export interface Box {
  id: string;
  width: number;
  height: number;
}

/** What stands in a layer: a box, or the lane of an edge that passes. */
export type Item = { kind: "box"; id: string; width: number; box: Box } | { kind: "lane"; id: string; width: number };

/** Between two neighbouring layers. */
export interface Link {
  above: string;
  below: string;
}

export const laneWidth = 12;

const sweeps = 12;

export function orderLayers(layers: Item[][], links: readonly Link[]): Item[][] {
  const above = neighbours(links, "below", "above");
  const below = neighbours(links, "above", "below");
  let current = layers.map(spread);
  let best = current;
  let fewest = crossings(current, below);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    current = sweep % 2 === 0 ? sweepDown(current, above) : sweepDown(current.toReversed(), below).toReversed();
    const crossed = crossings(current, below);
    if (crossed < fewest) [best, fewest] = [current, crossed];
  }
  return best;
}

/** Lanes evenly between the boxes to begin with: a row of boxes with all lanes at one side pulls the next row aside. */
function spread(layer: readonly Item[]): Item[] {
  const place = (kind: Item["kind"]) => {
    const own = layer.filter((item) => item.kind === kind);
    return own.map((item, index) => ({ item, at: (index + 0.5) / own.length }));
  };
  const placed = [...place("box"), ...place("lane")].toSorted((one, other) => one.at - other.at);
  return placed.map(({ item }) => item);
}

type Neighbours = ReadonlyMap<string, string[]>;

export function neighbours(links: readonly Link[], of: keyof Link, to: keyof Link): Neighbours {
  const found = new Map<string, string[]>();
  for (const link of links) found.set(link[of], [...(found.get(link[of]) ?? []), link[to]]);
  return found;
}

/** Each layer by the mean position of its neighbours in the one before; what has none keeps its place. */
function sweepDown(layers: Item[][], before: Neighbours): Item[][] {
  const positions = new Map<string, number>();
  return layers.map((layer) => {
    const wished = layer.map((item, index) => ({ item, at: mean(before.get(item.id) ?? [], positions) ?? index }));
    const sorted = wished.toSorted((one, other) => one.at - other.at).map(({ item }) => item);
    for (const [index, { id }] of sorted.entries()) positions.set(id, index);
    return sorted;
  });
}

function mean(ids: readonly string[], positions: ReadonlyMap<string, number>): number | null {
  const known = ids.map((id) => positions.get(id)).filter((position) => position !== undefined);
  return known.length === 0 ? null : known.reduce((sum, position) => sum + position, 0) / known.length;
}

export function crossings(layers: readonly Item[][], below: Neighbours): number {
  let count = 0;
  for (const [index, layer] of layers.entries()) {
    const positions = new Map((layers[index + 1] ?? []).map(({ id }, position) => [id, position]));
    const ends = layer.map(({ id }) => (below.get(id) ?? []).map((to) => positions.get(to) ?? 0));
    // Links leave in the layer's order: two cross when the later one ends before the earlier one.
    const seen: number[] = [];
    for (const own of ends) {
      for (const end of own) count += seen.filter((earlier) => earlier > end).length;
      seen.push(...own);
    }
  }
  return count;
}
