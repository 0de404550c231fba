/** The lanes of one long edge in one straight line, as far as the boxes beside them leave room. */
import type { Item, Link } from "./layer-order.ts";

interface Room {
  least: number;
  most: number;
}

/** Changes `centers`; nothing comes nearer to its neighbours in the layer than it may. */
export function straightenLanes(parameters: {
  layers: readonly Item[][];
  links: readonly Link[];
  centers: Map<string, number>;
  gapBetween: (one: Item, other: Item) => number;
}): void {
  const { layers, links, centers, gapBetween } = parameters;
  const places = new Map(layers.flatMap((layer) => layer.map((item, index) => [item.id, { layer, item, index }])));
  const isLane = (id: string) => places.get(id)?.item.kind === "lane";
  const below = new Map(
    links.filter(({ above, below }) => isLane(above) && isLane(below)).map((link) => [link.above, link.below]),
  );
  const middle = (id: string) => centers.get(id) ?? 0;
  const roomOf = (id: string): Room => {
    const place = places.get(id);
    if (place === undefined) return { least: -Infinity, most: Infinity };
    const { layer, item, index } = place;
    const [before, after] = [layer[index - 1], layer[index + 1]];
    const apart = (other: Item) => (other.width + item.width) / 2 + gapBetween(other, item);
    return {
      least: before === undefined ? -Infinity : middle(before.id) + apart(before),
      most: after === undefined ? Infinity : middle(after.id) - apart(after),
    };
  };
  const done = new Set<string>();
  for (const { id, kind } of layers.flat()) {
    if (kind !== "lane" || done.has(id)) continue;
    const { line, room } = longestLine({ from: id, below, roomOf });
    const mean = line.reduce((sum, each) => sum + middle(each), 0) / line.length;
    for (const each of line) {
      centers.set(each, Math.min(room.most, Math.max(room.least, mean)));
      done.add(each);
    }
  }
}

/** Downwards for as long as the lanes have a place in common. */
function longestLine(parameters: { from: string; below: ReadonlyMap<string, string>; roomOf: (id: string) => Room }): {
  line: string[];
  room: Room;
} {
  const { from, below, roomOf } = parameters;
  const line = [from];
  let room = roomOf(from);
  for (let next = below.get(from); next !== undefined; next = below.get(next)) {
    const own = roomOf(next);
    const common = { least: Math.max(room.least, own.least), most: Math.min(room.most, own.most) };
    if (common.least > common.most) break;
    room = common;
    line.push(next);
  }
  return { line, room };
}
