/** What reached the world, and by what right (E1, E2, A1): judged by the logs of all executions. */
import type { ExecutionEvent } from "../../../src/flow/event.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { ancestors } from "../../../src/flow/graph.ts";
import type { World } from "../world.ts";

export function effectProblems(given: {
  world: World;
  logs: ReadonlyMap<string, { definition: FlowDefinition; events: ExecutionEvent[] }>;
}): string[] {
  const problems: string[] = [];
  for (const key of new Set(given.world.effects.map((effect) => effect.key))) {
    const count = given.world.count(key);
    if (count > 1) problems.push(`${key} reached the world ${count} times`);
    const { executionId, stepId, part } = partsOf(key);
    const log = given.logs.get(executionId);
    if (log === undefined) problems.push(`${key} belongs to no execution`);
    else if (stepId !== null) problems.push(...rightProblems({ ...log, key, stepId, part }));
  }
  return problems;
}

interface Sent {
  definition: FlowDefinition;
  events: ExecutionEvent[];
  key: string;
  stepId: string;
  part: string | null;
}

function rightProblems({ definition, events, key, stepId, part }: Sent): string[] {
  const problems: string[] = [];
  const isOfWork = (event: ExecutionEvent) =>
    "step_id" in event &&
    event.step_id === stepId &&
    ("part" in event ? String(event.part ?? "") : "") === (part ?? "");
  if (!events.some((event) => event.type === "step_started" && isOfWork(event)))
    problems.push(`${key} was sent and ${stepId} never started`);
  const generation = Number(/#(\d+)$/.exec(key)?.[1] ?? 1);
  const isAllowed = events.some(
    (event) =>
      (event.type === "doubt_resolved" && event.answer === "send_again" && isOfWork(event)) ||
      event.type === "compensation_begun",
  );
  if (generation > 1 && !isAllowed) problems.push(`${key} was sent again and nobody said so`);
  if (part === "compensation") return problems;
  for (const id of requiredApprovals(definition, stepId)) {
    if (!events.some((event) => letsThrough(event, id))) problems.push(`${key} left though ${id} was never approved`);
  }
  return problems;
}

function letsThrough(event: ExecutionEvent, stepId: string): boolean {
  if (event.type === "approval_kept") return event.step_id === stepId;
  return event.type === "approval_ended" && event.step_id === stepId && event.status === "approved";
}

/** From which a way of required dependencies leads here: what they stop, stops here. */
function requiredApprovals(definition: FlowDefinition, stepId: string): string[] {
  const only = {
    ...definition,
    steps: definition.steps.map((step) => ({
      ...step,
      depends_on: step.depends_on.filter(({ optional }) => !optional),
    })),
  };
  const before = new Set(ancestors({ definition: only, stepId }));
  return definition.steps.filter(({ id, kind }) => kind === "approval" && before.has(id)).map(({ id }) => id);
}

/** `execution/step[#compensation][/item][/target][#generation]`; a failure's mail has no step. */
function partsOf(key: string): { executionId: string; stepId: string | null; part: string | null } {
  const [, executionId = "", stepId = null, undoing = null, item = null] =
    /^([^/]+)\/(?:([a-z]\w*)(#compensation)?(?:\/(\d+))?)?/.exec(key) ?? [];
  return { executionId, stepId, part: undoing === null ? item : "compensation" };
}
