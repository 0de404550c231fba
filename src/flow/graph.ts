/** The graph that `depends_on` spans: who comes before whom. Required and optional dependencies count alike. */
import type { FlowDefinition, Step } from "./flow.ts";

export interface GraphNode {
  id: string;
  depends_on: string[];
}

interface Asked {
  definition: FlowDefinition;
  stepId: string;
}

/** Of each definition, for each step: asked for at every step of every execution. */
const knownAncestors = new WeakMap<FlowDefinition, Map<string, readonly string[]>>();

/** Of each definition, its steps by their ids. */
const knownSteps = new WeakMap<FlowDefinition, ReadonlyMap<string, Step>>();

/** Undefined: the flow has no such step. */
export function stepNamed({ definition, stepId }: Asked): Step | undefined {
  return (knownSteps.get(definition) ?? stepsById(definition)).get(stepId);
}

function stepsById(definition: FlowDefinition): ReadonlyMap<string, Step> {
  const byId = new Map(definition.steps.map((step) => [step.id, step]));
  knownSteps.set(definition, byId);
  return byId;
}

/** All steps that this one depends on, directly or not: the nearest first, each once, without the step itself. */
export function ancestors(asked: Asked): readonly string[] {
  const known = knownAncestors.get(asked.definition);
  const found = known?.get(asked.stepId) ?? walkUp(asked);
  if (known === undefined) knownAncestors.set(asked.definition, new Map([[asked.stepId, found]]));
  else known.set(asked.stepId, found);
  return found;
}

function walkUp({ definition, stepId }: Asked): string[] {
  const byId = new Map(definition.steps.map((step) => [step.id, step]));
  const found: string[] = [];
  const seen = new Set([stepId]);
  let layer = [stepId];
  while (layer.length > 0) {
    layer = layer
      .flatMap((id) => dependencyIds(byId.get(id)))
      .filter((id) => {
        if (seen.has(id)) return false;
        seen.add(id);
        return true;
      });
    found.push(...layer);
  }
  return found;
}

/** The steps that name this one in their `depends_on`, in the file's order. */
export function dependents({ definition, stepId }: Asked): string[] {
  return definition.steps.filter((step) => dependencyIds(step).includes(stepId)).map(({ id }) => id);
}

/** All steps that depend on this one, directly or not, each after everything that it depends on. */
export function descendants({ definition, stepId }: Asked): string[] {
  const below = new Set([stepId]);
  const order = topologicalOrder(toNodes(definition.steps));
  const byId = new Map(definition.steps.map((step) => [step.id, step]));
  for (const id of order) {
    if (dependencyIds(byId.get(id)).some((dependency) => below.has(dependency))) below.add(id);
  }
  return order.filter((id) => id !== stepId && below.has(id));
}

/** Every step after all that it depends on; among those that could come next, the first in the given order. */
export function topologicalOrder(steps: readonly GraphNode[]): string[] {
  const known = new Set(steps.map(({ id }) => id));
  const placed = new Set<string>();
  let waiting = [...steps];
  while (waiting.length > 0) {
    const next = waiting.find(({ depends_on }) => depends_on.every((id) => placed.has(id) || !known.has(id)));
    if (next === undefined) throw new Error("Steps that depend on each other in a circle have no order.");
    placed.add(next.id);
    waiting = waiting.filter((step) => step !== next);
  }
  return [...placed];
}

/** The ids along one cycle, each depending on the next and the last on the first; null without one. */
export function findCycle(steps: readonly GraphNode[]): string[] | null {
  const byId = new Map(steps.map((step) => [step.id, step.depends_on]));
  const finished = new Set<string>();
  for (const { id } of steps) {
    const cycle = cycleFrom({ start: id, byId, finished });
    if (cycle !== null) return cycle;
  }
  return null;
}

export function toNodes(steps: readonly Step[]): GraphNode[] {
  return steps.map((step) => ({ id: step.id, depends_on: dependencyIds(step) }));
}

/** Depth first on a stack of its own: a long chain of steps mustn't exhaust the program's. */
function cycleFrom(walk: {
  start: string;
  byId: ReadonlyMap<string, string[]>;
  finished: Set<string>;
}): string[] | null {
  const path: string[] = [];
  const pending: { id: string; leave: boolean }[] = [{ id: walk.start, leave: false }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    if (visit.leave) {
      path.pop();
      walk.finished.add(visit.id);
      continue;
    }
    if (walk.finished.has(visit.id)) continue;
    const at = path.indexOf(visit.id);
    if (at !== -1) return path.slice(at);
    path.push(visit.id);
    pending.push({ id: visit.id, leave: true });
    for (const id of (walk.byId.get(visit.id) ?? []).toReversed()) pending.push({ id, leave: false });
  }
  return null;
}

function dependencyIds(step: Step | undefined): string[] {
  return step?.depends_on.map((dependency) => dependency.step) ?? [];
}
