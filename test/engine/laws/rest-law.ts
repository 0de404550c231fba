/**
 * Nothing stands still: when all is quiet and the clock has passed everything, whatever runs waits for a person, for a doubt to
 * be answered, for its turn behind one that runs, or for the future.
 */
import type { ExecutionState, StepState, Work } from "../../../src/flow/execution.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import type { World } from "../world.ts";

interface Rest {
  states: ReadonlyMap<string, ExecutionState>;
  headers: ReadonlyMap<string, ExecutionHeader>;
  world: World;
  now: number;
}

export function restProblems(rest: Rest): string[] {
  return [...rest.states.values()].flatMap((state) => {
    const problems = [...indexProblems(rest, state), ...cardProblems(rest, state)];
    problems.push(...(state.status === "running" ? stillProblems(rest, state) : afterProblems(rest, state)));
    return problems.map((problem) => `${state.executionId}: ${problem}`);
  });
}

/** The index says what the log says. */
function indexProblems({ headers }: Rest, { executionId, status, outcome }: ExecutionState): string[] {
  const header = headers.get(executionId);
  if (header === undefined) return ["no list knows it"];
  const problems = header.status === status ? [] : [`lists say ${header.status}, and it is ${status}`];
  if (header.outcome !== outcome) problems.push(`lists say ${header.outcome}, and it is ${outcome}`);
  if (status !== "running" && header.open) problems.push("it ended and is not closed");
  if (status === "running" && header.waiting_for.length === 0) problems.push("it runs and lists don't say why");
  return problems;
}

/** Whoever is waited for can see it. */
function cardProblems({ world }: Rest, state: ExecutionState): string[] {
  if (state.status !== "running") return [];
  const asked = Object.values(state.steps).filter(({ approval }) => approval?.status === "pending");
  const unseen = asked.filter(
    ({ id }) =>
      !world
        .card("approval")
        .some(
          ({ executionId, stepId, status }) =>
            executionId === state.executionId && stepId === id && status === "pending",
        ),
  );
  const doubts = worksOf(state).flatMap(({ work }) => (isInDoubt(work) ? doubtfulKeys(work) : []));
  const untold = doubts.filter(
    (key) => !world.card("doubt").some(({ effectKey, resolved }) => effectKey === key && resolved === null),
  );
  return [
    ...unseen.map(({ id }) => `${id} is asked on no card`),
    ...untold.map((key) => `the doubt ${key} is on no card`),
  ];
}

function worksOf(state: ExecutionState): { name: string; work: Work }[] {
  return Object.values(state.steps).flatMap((step) => [
    { name: step.id, work: step },
    ...(step.items ?? []).map((work) => ({ name: `${step.id}/${work.index}`, work })),
    ...(step.compensation === null ? [] : [{ name: `${step.id}#compensation`, work: step.compensation }]),
  ]);
}

const isOver = ({ status }: Pick<Work, "status">) =>
  status !== "pending" && status !== "running" && status !== "waiting";
const doubtfulKeys = ({ effects }: Work) =>
  (effects ?? []).filter(({ state }) => state.status === "doubtful").map(({ key }) => key);
const isInDoubt = (work: Work) => !isOver(work) && doubtfulKeys(work).length > 0;

function stillProblems(rest: Rest, state: ExecutionState): string[] {
  if (state.queued !== null) return queueProblems(rest, state);
  const { compensating, stopping } = state;
  const undoing = (compensating ?? []).flatMap((id) => state.steps[id]?.compensation ?? []);
  if (undoing.some(isInDoubt)) return [];
  if (stopping !== null) return [`it was stopped (${stopping.status}) and does not end`];
  if (state.notice?.state.status === "begun") return ["the mail about its failure is under way for ever"];
  const open = Object.values(state.steps).filter((step) => !isOver(step));
  if (open.length === 0) return ["all its steps have ended, and it has not"];
  return open.flatMap((step) => stepProblems(rest, state, step));
}

/** Behind one of the same flow that runs. */
function queueProblems({ states }: Rest, { flowId, executionId }: ExecutionState): string[] {
  const others = [...states.values()].filter((other) => other.flowId === flowId && other.executionId !== executionId);
  const isBehind = others.some(({ status, queued }) => status === "running" && queued === null);
  return isBehind ? [] : ["it waits for its turn, and nobody is before it"];
}

function stepProblems(rest: Rest, state: ExecutionState, step: StepState): string[] {
  if (step.status === "pending") {
    const { depends_on = [] } = state.definition.steps.find(({ id }) => id === step.id) ?? {};
    const isHeldUp = depends_on.some(({ step: id }) => !isOver(state.steps[id] ?? step));
    return isHeldUp ? [] : [`${step.id} could begin and does not`];
  }
  if (step.approval?.status === "pending") {
    const { expiresAt } = step.approval;
    return expiresAt !== null && expiresAt <= rest.now ? [`${step.id} should have expired`] : [];
  }
  if (step.items === null) return workProblems(rest, step.id, step);
  const open = step.items.filter((item) => !isOver(item));
  if (open.length === 0) return [`all items of ${step.id} have ended, and it has not`];
  const begun = open.filter(({ status }) => status !== "pending");
  if (begun.length === 0) return [`items of ${step.id} could begin and don't`];
  return begun.flatMap((item) => workProblems(rest, `${step.id}/${item.index}`, item));
}

function workProblems({ states, now }: Rest, name: string, work: Work & { waitsUntil?: number | null }): string[] {
  if (isInDoubt(work)) return [];
  if (work.waitsUntil !== undefined && work.waitsUntil !== null)
    return work.waitsUntil > now ? [] : [`${name} has waited long enough`];
  if (work.status === "waiting" && work.child !== null) {
    const child = states.get(work.child.executionId);
    return child?.status === "running"
      ? []
      : [`${name} waits for ${work.child.executionId}, which is ${child?.status}`];
  }
  if (work.status === "running" && work.retryAt !== null)
    return work.retryAt > now ? [] : [`${name} is not tried again`];
  return [`${name} is under way for ever`];
}

/** What a step that was cut off had started is ended too. */
function afterProblems({ states }: Rest, state: ExecutionState): string[] {
  return worksOf(state).flatMap(({ name, work }) => {
    if (work.child === null || (work.status !== "aborted" && work.status !== "failed")) return [];
    return states.get(work.child.executionId)?.status === "running" ? [`what ${name} started runs on`] : [];
  });
}
