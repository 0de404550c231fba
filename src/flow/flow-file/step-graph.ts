/** What concerns steps among each other: ids once, dependencies that exist, no circle, the outputs that actions need. */
import type { ActionDescription } from "../action.ts";
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
  warnOfNothingTakenBack(steps, report);
}

/** Of each list of steps: asked for by every check of every step. */
const walked = new WeakMap<readonly StepSource[], Map<StepSource, ReadonlySet<string>>>();

/** Ids of all steps that this one depends on, directly or not; a circle is walked once. */
export function predecessors(step: StepSource, steps: readonly StepSource[]): ReadonlySet<string> {
  const known = walked.get(steps) ?? new Map<StepSource, ReadonlySet<string>>();
  walked.set(steps, known);
  const found = known.get(step) ?? walkUp(step, steps);
  known.set(step, found);
  return found;
}

function walkUp(step: StepSource, steps: readonly StepSource[]): Set<string> {
  const byId = new Map(steps.toReversed().map((each) => [each.id, each]));
  const found = new Set<string>();
  const pending = [step];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { step: id } of next.dependencies) {
      if (found.has(id)) continue;
      found.add(id);
      const source = byId.get(id);
      if (source !== undefined) pending.push(source);
    }
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

/** What the step's action needs, and the one that takes it back: that one finds the step's own output too. */
function checkReads({ step, steps, report }: Asked): void {
  const before = predecessors(step, steps);
  const sources = steps.filter(({ id }) => id !== null && before.has(id));
  if (sources.some(({ action, step: read }) => action === null && read === null)) return;
  const { action, compensation, at } = step;
  if (action !== null) checkNeeds({ action, at, sources, steps, report });
  if (compensation === null || compensation.action === null) return;
  checkNeeds({ action: compensation.action, at: compensation.at, sources: [...sources, step], steps, report });
}

function warnOfNothingTakenBack(steps: readonly StepSource[], report: Report): void {
  if (steps.some(({ compensation }) => compensation !== null)) return;
  for (const { step, at } of steps) {
    const compensates = (step?.kind === "agent" || step?.kind === "flow") && step.on_error === "compensate";
    if (compensates) report.warning(at, "on_error: compensate takes nothing back here: no step has a compensate");
  }
}

interface Needing {
  action: ActionDescription;
  at: number;
  sources: readonly StepSource[];
  steps: readonly StepSource[];
  report: Report;
}

/** An action finds its input by action name; the list that a step gives which repeats is none. */
function checkNeeds({ action, at, sources, steps, report }: Needing): void {
  for (const { action: name, or = name, required, why } of action.reads) {
    const isGiven = (source: StepSource) => gives(source, name) || gives(source, or);
    if (!required || sources.some(isGiven)) continue;
    const repeating = sources.find((source) => source.action?.action === name)?.id ?? null;
    const other = steps.find(isGiven)?.id ?? null;
    const hint = other === null ? "add a step with that action" : `add ${other} to depends_on`;
    const reason = repeating === null ? hint : `${repeating} repeats, so it gives a list of them; ${hint}`;
    const named = or === name ? name : `${name} or ${or}`;
    const cause = why === undefined ? "" : `, since ${why}`;
    report.error(at, `${action.action} needs the output of ${named}${cause}; ${reason}`);
  }
}

function gives({ action, forEach }: StepSource, name: string): boolean {
  return action?.action === name && forEach === null;
}
