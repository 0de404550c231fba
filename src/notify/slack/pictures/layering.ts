/** Which layer each box stands in: below all that it depends on, as high as that allows, and no more side by side than can be read. */
import { topologicalOrder } from "../../../flow/graph.ts";

export interface Edge {
  from: string;
  to: string;
}

/** Layers from 0 by id. Throws where the edges make a circle. */
export function layersOf(parameters: {
  ids: readonly string[];
  edges: readonly Edge[];
  mostInLayer: number;
}): Map<string, number> {
  const { ids, edges, mostInLayer } = parameters;
  const above = new Map(ids.map((id) => [id, edges.filter(({ to }) => to === id).map(({ from }) => from)]));
  const layers = new Map<string, number>();
  const sizes = new Map<number, number>();
  for (const id of topologicalOrder(ids.map((each) => ({ id: each, depends_on: above.get(each) ?? [] })))) {
    let layer = Math.max(-1, ...(above.get(id) ?? []).map((before) => layers.get(before) ?? -1)) + 1;
    while ((sizes.get(layer) ?? 0) >= mostInLayer) layer += 1;
    layers.set(id, layer);
    sizes.set(layer, (sizes.get(layer) ?? 0) + 1);
  }
  return layers;
}

/** How many stand side by side at most. */
export function widestOf(layers: ReadonlyMap<string, number>): number {
  const sizes = new Map<number, number>();
  for (const layer of layers.values()) sizes.set(layer, (sizes.get(layer) ?? 0) + 1);
  return Math.max(0, ...sizes.values());
}
