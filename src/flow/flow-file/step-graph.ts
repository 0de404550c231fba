/** What concerns steps among each other: ids once, dependencies that exist, no circle, the outputs that actions need. */
import { findCycle } from "../graph.ts";
import type { GraphNode } from "../graph.ts";
import { nearest } from "../nearest.ts";
import { didYouMean } from "./problem.ts";
import type { Report } from "./problem.ts";
import type { StepSource } from "./step.ts";

export function checkGraph(steps: readonly StepSource[], report: Report): void {
  checkIds(steps, report);
  for (const step of steps) checkDependencies({ step, steps, report });
  checkCycles(steps, report);
  for (const step of steps) checkReads({ step, steps, report });
}

/** Ids of all steps that this one depends on, directly or not; a circle is walked once. */
export function predecessors(step: StepSource, steps: readonly StepSource[]): Set<string> {
  const found = new Set<string>();
  const pending = step.dependencies.map((dependency) => dependency.step);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const source = steps.find((each) => each.id === id);
    pending.push(...(source?.dependencies.map((dependency) => dependency.step) ?? []));
  }
  return found;
}

function checkIds(steps: readonly StepSource[], report: Report): void {
  const seen = new Set<string>();
  for (const { id, idAt } of steps) {
    if (id === null) continue;
    if (seen.has(id)) report.error(idAt, `there is a step "${id}" already`);
    seen.add(id);
  }
}

interface Asked {
  step: StepSource;
  steps: readonly StepSource[];
  report: Report;
}

function checkDependencies({ step, steps, report }: Asked): void {
  const ids = steps.flatMap(({ id }) => id ?? []);
  const seen = new Set<string>();
  for (const dependency of step.dependencies) {
    if (seen.has(dependency.step)) report.error(dependency.at, `"${dependency.step}" stands in depends_on twice`);
    seen.add(dependency.step);
    if (ids.includes(dependency.step)) continue;
    const others = ids.filter((id) => id !== step.id);
    report.error(dependency.at, `there is no step "${dependency.step}"${didYouMean(nearest(dependency.step, others))}`);
  }
}

/** Each found circle is broken at its first step, so that the next one comes to light. */
function checkCycles(steps: readonly StepSource[], report: Report): void {
  let nodes = steps.flatMap(toNode);
  for (let cycle = findCycle(nodes); cycle !== null; cycle = findCycle(nodes)) {
    const [first = "", second = first] = cycle;
    const source = steps.find(({ id }) => id === first);
    const at = source?.dependencies.find(({ step }) => step === second)?.at ?? source?.at ?? 0;
    const walk = [...cycle, first].join(" → ");
    const message = cycle.length === 1 ? `${first} depends on itself` : `these steps depend on each other: ${walk}`;
    report.error(at, message);
    nodes = nodes.map((node) => (node.id === first ? withoutEdge(node, second) : node));
  }
}

function toNode({ id, dependencies }: StepSource): GraphNode[] {
  return id === null ? [] : [{ id, depends_on: dependencies.map(({ step }) => step) }];
}

function withoutEdge(node: GraphNode, id: string): GraphNode {
  return { ...node, depends_on: node.depends_on.filter((each) => each !== id) };
}

/** An action finds its input by action name among what its step depends on. */
function checkReads({ step, steps, report }: Asked): void {
  const before = predecessors(step, steps);
  const actions = steps.flatMap(({ id, action }) =>
    id !== null && before.has(id) && action !== null ? action.action : [],
  );
  const isUnsure = steps.some(
    ({ id, action, step: read }) => id !== null && before.has(id) && action === null && read === null,
  );
  if (isUnsure) return;
  for (const { action, required } of step.action?.reads ?? []) {
    if (!required || actions.includes(action)) continue;
    const source = steps.find((each) => each.action?.action === action)?.id ?? null;
    const hint = source === null ? `add a step with that action` : `add ${source} to depends_on`;
    report.error(step.at, `${step.action?.action} needs the output of ${action}; ${hint}`);
  }
}
