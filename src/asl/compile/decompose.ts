/**
 * A flow's graph as nested sequences and side-by-side branches, which is all that Step Functions knows.
 *
 * Series-parallel (modular) decomposition: parts without any order between them stand side by side, parts that lie wholly
 * before or after each other stand in sequence. Where neither splits (an "N"), a barrier is added at the cheapest cut: what is
 * behind it waits for all that is before it. Each wait that this adds is told.
 *
 * - G1. Every order of the graph holds in the tree; the tree has no other than those that are told.
 * - G2. A cut is the cheaper the shorter the longest chain over it (each step one unit), then the fewer waits it adds.
 */
import { topologicalOrder, type GraphNode } from "../../flow/graph.ts";

export type Tree =
  { kind: "step"; id: string } | { kind: "sequence"; parts: Tree[] } | { kind: "parallel"; parts: Tree[] };

/** `waits` starts only after `for`, though it doesn't depend on it. */
export interface AddedWait {
  waits: string;
  for: string;
}

export function decompose(nodes: readonly GraphNode[]): { tree: Tree; added: AddedWait[] } {
  const order = topologicalOrder(nodes);
  const graph = new Order(order, nodes);
  const added: AddedWait[] = [];
  const tree = treeOf(
    graph,
    order.map((_, index) => index),
    added,
  );
  return { tree, added };
}

export function stepsIn(tree: Tree): string[] {
  return tree.kind === "step" ? [tree.id] : tree.parts.flatMap(stepsIn);
}

/** Which step lies before which, directly or not; steps are numbers along a topological order. */
class Order {
  readonly ids: readonly string[];
  readonly #before: Uint8Array[];

  constructor(ids: readonly string[], nodes: readonly GraphNode[]) {
    this.ids = ids;
    const place = new Map(ids.map((id, index) => [id, index]));
    const byId = new Map(nodes.map((node) => [node.id, node.depends_on]));
    this.#before = ids.map(() => new Uint8Array(ids.length));
    for (const [index, id] of ids.entries()) {
      const row = this.#row(index);
      for (const dependency of byId.get(id) ?? []) {
        const at = place.get(dependency);
        if (at === undefined) continue;
        row[at] = 1;
        for (const [other, isBefore] of this.#row(at).entries()) if (isBefore === 1) row[other] = 1;
      }
    }
  }

  #row(index: number): Uint8Array {
    return this.#before[index] ?? new Uint8Array();
  }

  isBefore(one: number, other: number): boolean {
    return this.#row(other)[one] === 1;
  }

  isOrdered(one: number, other: number): boolean {
    return this.isBefore(one, other) || this.isBefore(other, one);
  }

  id(index: number): string {
    return this.ids[index] ?? "";
  }
}

/** `members` are in topological order. */
function treeOf(order: Order, members: number[], added: AddedWait[]): Tree {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return { kind: "step", id: order.id(only) };
  const side = components(members, (one, other) => order.isOrdered(one, other));
  if (side.length > 1) return { kind: "parallel", parts: side.map((part) => treeOf(order, part, added)) };
  const line = components(members, (one, other) => !order.isOrdered(one, other));
  // Along a topological order, the first member of each part tells which comes first.
  if (line.length > 1) return { kind: "sequence", parts: line.map((part) => treeOf(order, part, added)) };
  const { first, second } = cheapestCut(order, members);
  added.push(...waitsAcross(order, first, second));
  const parts = [first, second].map((part) => treeOf(order, part, added));
  // A part that is a sequence itself goes on in this one.
  return { kind: "sequence", parts: parts.flatMap((part) => (part.kind === "sequence" ? part.parts : [part])) };
}

function components(members: number[], isLinked: (one: number, other: number) => boolean): number[][] {
  const rest = new Set(members);
  const found: number[][] = [];
  for (const start of members) {
    if (!rest.delete(start)) continue;
    const part = [start];
    for (const one of part) {
      for (const other of rest) {
        if (!isLinked(one, other)) continue;
        rest.delete(other);
        part.push(other);
      }
    }
    found.push(part.toSorted((one, other) => one - other));
  }
  return found;
}

interface Cut {
  first: number[];
  second: number[];
}

function cheapestCut(order: Order, members: number[]): Cut {
  let best: (Cut & { length: number; waits: number }) | null = null;
  const tried = new Set<string>();
  for (const first of cuts(order, members)) {
    const key = first.join();
    if (first.length === 0 || first.length === members.length || tried.has(key)) continue;
    tried.add(key);
    const inFirst = new Set(first);
    const second = members.filter((member) => !inFirst.has(member));
    const length = longestChain(order, first) + longestChain(order, second);
    if (best !== null && length > best.length) continue;
    const waits = countWaits(order, first, second);
    if (best === null || length < best.length || waits < best.waits) best = { first, second, length, waits };
  }
  if (best === null) throw new Error("A graph of two or more steps has a cut.");
  return best;
}

/** Sets that hold with each step all that lie before it: around each step, and by depth. */
function cuts(order: Order, members: number[]): number[][] {
  const depths = depthsOf(order, members);
  const around = members.flatMap((step) => [
    members.filter((other) => order.isBefore(other, step)),
    members.filter((other) => other === step || order.isBefore(other, step)),
    members.filter((other) => other !== step && !order.isBefore(step, other)),
    members.filter((other) => !order.isBefore(step, other)),
  ]);
  const deepest = Math.max(...depths.values());
  const layers = Array.from({ length: deepest }, (_, depth) =>
    members.filter((member) => (depths.get(member) ?? 0) <= depth),
  );
  return [...around, ...layers];
}

function depthsOf(order: Order, members: number[]): Map<number, number> {
  const depths = new Map<number, number>();
  for (const member of members) {
    let depth = 0;
    for (const [other, otherDepth] of depths)
      if (order.isBefore(other, member)) depth = Math.max(depth, otherDepth + 1);
    depths.set(member, depth);
  }
  return depths;
}

function longestChain(order: Order, members: number[]): number {
  return Math.max(...depthsOf(order, members).values()) + 1;
}

function countWaits(order: Order, first: number[], second: number[]): number {
  let count = 0;
  for (const one of first) for (const other of second) if (!order.isBefore(one, other)) count += 1;
  return count;
}

/** Of all pairs those that say the rest: the last ones before the cut, the first ones behind it. */
function waitsAcross(order: Order, first: number[], second: number[]): AddedWait[] {
  const last = first.filter((one) => !first.some((other) => order.isBefore(one, other)));
  const next = second.filter((one) => !second.some((other) => order.isBefore(other, one)));
  return next.flatMap((waits) =>
    last.filter((one) => !order.isBefore(one, waits)).map((one) => ({ waits: order.id(waits), for: order.id(one) })),
  );
}
