/**
 * A graph in layers, from top to bottom: every step below all that it depends on, few crossings, long edges around the boxes.
 *
 * - L1. No two boxes overlap: within a layer they keep `gapX`, layers keep `gapY`.
 * - L2. An edge only ever goes down, and leaves the room of other boxes alone: in each layer that it passes it has a lane.
 * - L3. The same graph gives the same picture.
 */
import { laneWidth, orderLayers, type Box, type Item, type Link } from "./layer-order.ts";
import { placeAcross } from "./layer-place.ts";
import type { Edge } from "./layering.ts";

export interface Point {
  x: number;
  y: number;
}

export interface PlacedBox extends Box, Point {}

export interface PlacedEdge extends Edge {
  /** From the bottom of one box to the top of the other; straight down within a layer, free between two. */
  points: Point[];
}

export interface Layout {
  boxes: PlacedBox[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

const laneGap = 10;
const portGap = 16;

/** Boxes in the flow's order; `layerOf` gives each its layer, every edge leads from a layer to one further down. */
export function layOut(parameters: {
  boxes: Box[];
  edges: Edge[];
  layerOf: ReadonlyMap<string, number>;
  gapX: number;
  gapY: number;
}): Layout {
  const { boxes, layerOf, gapX, gapY } = parameters;
  const edges = distinct(parameters.edges);
  const { layers, links, lanes } = withLanes({ boxes, edges, layerOf });
  const ordered = orderLayers(layers, links);
  const gapBetween = (one: Item, other: Item) => (one.kind === "lane" || other.kind === "lane" ? laneGap : gapX);
  const centers = placeAcross({ layers: ordered, links, gapBetween });
  const tops = layerTops({ layers: ordered, gapY });
  const placed = ordered.flatMap((layer, index) =>
    layer.flatMap((item) =>
      item.kind === "lane"
        ? []
        : [{ ...item.box, x: centerOf(centers, item.id) - item.width / 2, y: tops[index] ?? 0 }],
    ),
  );
  const height = Math.max(...placed.map((box) => box.y + box.height));
  const byId = new Map(placed.map((box) => [box.id, box]));
  const ports = portsOf({ edges, byId, lanes, centers });
  const bands = tops.map((top, index) => ({ top, bottom: top + heightOf(ordered[index] ?? []) }));
  const routed = edges.map((edge) => {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    if (from === undefined || to === undefined)
      throw new Error(`An edge names ${edge.from} or ${edge.to}, which isn't there.`);
    const through = (lanes.get(edge) ?? []).flatMap(({ id, layer }) => {
      const x = centerOf(centers, id);
      return [
        { x, y: bands[layer]?.top ?? 0 },
        { x, y: bands[layer]?.bottom ?? 0 },
      ];
    });
    const port = ports.get(edge) ?? { out: 0, in: 0 };
    const start = { x: from.x + from.width / 2 + port.out, y: from.y + from.height };
    // Past a taller neighbour before it turns.
    const out = { x: start.x, y: bands[layerOf.get(edge.from) ?? 0]?.bottom ?? start.y };
    return { ...edge, points: [start, out, ...through, { x: to.x + to.width / 2 + port.in, y: to.y }] };
  });
  return { boxes: placed, edges: routed, width: widthOf(ordered, centers), height };
}

function distinct(edges: readonly Edge[]): Edge[] {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge])).values()];
}

interface Lane {
  id: string;
  layer: number;
}

/** An edge over several layers is a chain of links through a lane in each layer between (L2). */
function withLanes(parameters: {
  boxes: readonly Box[];
  edges: readonly Edge[];
  layerOf: ReadonlyMap<string, number>;
}) {
  const { boxes, edges, layerOf } = parameters;
  const count = Math.max(...boxes.map(({ id }) => layerOf.get(id) ?? 0)) + 1;
  const layers: Item[][] = Array.from({ length: count }, () => []);
  for (const box of boxes) layers[layerOf.get(box.id) ?? 0]?.push({ kind: "box", id: box.id, width: box.width, box });
  const links: Link[] = [];
  const lanes = new Map<Edge, Lane[]>();
  for (const edge of edges) {
    const own: Lane[] = [];
    let above = edge.from;
    for (let layer = (layerOf.get(edge.from) ?? 0) + 1; layer < (layerOf.get(edge.to) ?? 0); layer += 1) {
      const id = `${edge.from} ${edge.to} ${layer}`;
      layers[layer]?.push({ kind: "lane", id, width: laneWidth });
      links.push({ above, below: id });
      own.push({ id, layer });
      above = id;
    }
    links.push({ above, below: edge.to });
    lanes.set(edge, own);
  }
  return { layers, links, lanes };
}

/** Several edges at one box stand side by side, in the order of where they come from or lead to. */
function portsOf(parameters: {
  edges: readonly Edge[];
  byId: ReadonlyMap<string, PlacedBox>;
  lanes: ReadonlyMap<Edge, Lane[]>;
  centers: ReadonlyMap<string, number>;
}): Map<Edge, { out: number; in: number }> {
  const { edges, byId, lanes, centers } = parameters;
  const ports = new Map(edges.map((edge) => [edge, { out: 0, in: 0 }]));
  const spread = (side: "out" | "in", own: readonly Edge[], box: PlacedBox) => {
    const next = (edge: Edge) =>
      side === "out" ? (lanes.get(edge)?.[0]?.id ?? edge.to) : (lanes.get(edge)?.at(-1)?.id ?? edge.from);
    const gap = Math.min(portGap, (box.width - 40) / Math.max(1, own.length - 1));
    const sorted = own.toSorted((one, other) => centerOf(centers, next(one)) - centerOf(centers, next(other)));
    for (const [index, edge] of sorted.entries()) {
      const port = ports.get(edge);
      if (port !== undefined) port[side] = (index - (own.length - 1) / 2) * gap;
    }
  };
  for (const box of byId.values()) {
    spread(
      "out",
      edges.filter(({ from }) => from === box.id),
      box,
    );
    spread(
      "in",
      edges.filter(({ to }) => to === box.id),
      box,
    );
  }
  return ports;
}

function layerTops({ layers, gapY }: { layers: Item[][]; gapY: number }): number[] {
  let top = 0;
  return layers.map((layer) => {
    const own = top;
    top += heightOf(layer) + gapY;
    return own;
  });
}

function heightOf(layer: readonly Item[]): number {
  return Math.max(0, ...layer.map((item) => (item.kind === "box" ? item.box.height : 0)));
}

function widthOf(layers: readonly Item[][], centers: ReadonlyMap<string, number>): number {
  return Math.max(...layers.flat().map((item) => centerOf(centers, item.id) + item.width / 2));
}

function centerOf(centers: ReadonlyMap<string, number>, id: string): number {
  return centers.get(id) ?? 0;
}
