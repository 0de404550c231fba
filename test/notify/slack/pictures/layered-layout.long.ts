/** Does any graph of steps come out readable: boxes apart, edges downwards and around the boxes? */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  layOut,
  type Layout,
  type PlacedBox,
  type Point,
} from "../../../../src/notify/slack/pictures/layered-layout.ts";
import { layersOf, type Edge } from "../../../../src/notify/slack/pictures/layering.ts";

interface Graph {
  boxes: { id: string; width: number; height: number }[];
  edges: Edge[];
}

const mostInLayer = 3;

function laidOut({ boxes, edges }: Graph): Layout {
  const layerOf = layersOf({ ids: boxes.map(({ id }) => id), edges, mostInLayer });
  return layOut({ boxes, edges, layerOf, gapX: 20, gapY: 30 });
}

/** Up to 20 steps; an edge leads from an earlier one in some order to a later one, so that there is no circle. */
const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 20 }).chain((count) => {
  const ids = Array.from({ length: count }, (_, index) => `step_${index}`);
  const pairs = ids.flatMap((to, later) => ids.slice(0, later).map((from) => ({ from, to })));
  return fc.record({
    boxes: fc.tuple(
      ...ids.map((id) => fc.integer({ min: 40, max: 120 }).map((height) => ({ id, width: 176, height }))),
    ),
    edges: fc.shuffledSubarray(pairs, { maxLength: Math.min(60, pairs.length) }),
  });
});

const rounded = (value: number) => Math.round(value * 1000) / 1000;

function overlap(one: PlacedBox, other: PlacedBox): boolean {
  const across = rounded(one.x) < rounded(other.x + other.width) && rounded(other.x) < rounded(one.x + one.width);
  return across && one.y < other.y + other.height && other.y < one.y + one.height;
}

/** Between two points the edge stays within their rectangle. */
function passes([from, to]: readonly [Point, Point], box: PlacedBox): boolean {
  const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)].map(rounded);
  const across = (left ?? 0) < rounded(box.x + box.width) && (right ?? 0) > rounded(box.x);
  return across && rounded(from.y) < rounded(box.y + box.height) && rounded(to.y) > rounded(box.y);
}

describe("any graph of up to 20 steps", () => {
  test("has every box once, none over another, all within the picture", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, width, height } = laidOut(graph);
        expect(boxes.map(({ id }) => id).toSorted()).toEqual(graph.boxes.map(({ id }) => id).toSorted());
        const overlapping = boxes.flatMap((one, index) =>
          boxes.slice(index + 1).filter((other) => overlap(one, other)),
        );
        expect(overlapping).toEqual([]);
        for (const box of boxes) {
          expect(rounded(box.x)).toBeGreaterThanOrEqual(0);
          expect(rounded(box.x + box.width)).toBeLessThanOrEqual(rounded(width));
          expect(box.y + box.height).toBeLessThanOrEqual(height);
        }
      }),
      { numRuns: 80 },
    );
  });

  test("has every edge once, from its box's foot down to the other's head, through no box", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, edges } = laidOut(graph);
        expect(edges.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(
          graph.edges.map(({ from, to }) => `${from} ${to}`).toSorted(),
        );
        const byId = new Map(boxes.map((box) => [box.id, box]));
        for (const { from, to, points } of edges) {
          const [above, below] = [byId.get(from), byId.get(to)];
          expect(points[0]?.y).toBe((above?.y ?? 0) + (above?.height ?? 0));
          expect(points.at(-1)?.y).toBe(below?.y);
          const pieces = points.slice(1).map((point, index) => [points[index] ?? point, point] as const);
          for (const [one, other] of pieces) expect(other.y).toBeGreaterThanOrEqual(one.y);
          expect((points.at(-1)?.y ?? 0) - (points[0]?.y ?? 0)).toBeGreaterThan(0);
          const through = boxes.filter((box) => pieces.some((piece) => passes(piece, box)));
          expect(through.map(({ id }) => id)).toEqual([]);
        }
      }),
      { numRuns: 80 },
    );
  });

  test("has no more than three boxes side by side", () => {
    fc.assert(
      fc.property(graphs, ({ boxes, edges }) => {
        const layers = [...layersOf({ ids: boxes.map(({ id }) => id), edges, mostInLayer }).values()];
        const sizes = layers.map((layer) => layers.filter((other) => other === layer).length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(mostInLayer);
      }),
    );
  });

  test("comes out the same each time", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(laidOut(graph)).toEqual(laidOut(graph));
      }),
      { numRuns: 20 },
    );
  });
});

const boxes = (...ids: string[]) => ids.map((id) => ({ id, width: 100, height: 40 }));

describe("a layout", () => {
  test("of a chain is one straight column", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "c" },
    ];
    const layout = laidOut({ boxes: boxes("a", "b", "c"), edges });
    expect(layout.boxes.map(({ x }) => rounded(x))).toEqual([0, 0, 0]);
    expect(new Set(layout.edges.flatMap(({ points }) => points.map(({ x }) => rounded(x))))).toEqual(new Set([50]));
    expect(layout.height).toBe(3 * 40 + 2 * 30);
  });

  test("turns two crossed pairs so that they don't cross", () => {
    const edges = [
      { from: "a", to: "d" },
      { from: "b", to: "c" },
    ];
    const { boxes: placed } = laidOut({ boxes: boxes("a", "b", "c", "d"), edges });
    const x = (id: string) => placed.find((box) => box.id === id)?.x ?? 0;
    expect(Math.sign(x("a") - x("b"))).toBe(Math.sign(x("d") - x("c")));
  });

  test("leads a long edge around what lies between in one straight lane", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "c", to: "d" },
      { from: "a", to: "d" },
    ];
    const layout = laidOut({ boxes: boxes("a", "b", "c", "d"), edges });
    const long = layout.edges.find(({ from, to }) => from === "a" && to === "d");
    const lane = (long?.points ?? []).slice(2, -1).map(({ x }) => rounded(x));
    expect(lane).toHaveLength(4);
    expect(new Set(lane).size).toBe(1);
  });

  test("draws an edge that is named twice once", () => {
    const edge = { from: "a", to: "b" };
    expect(laidOut({ boxes: boxes("a", "b"), edges: [edge, { ...edge }] }).edges).toHaveLength(1);
  });
});
