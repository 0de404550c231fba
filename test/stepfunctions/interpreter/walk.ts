/** A branch from state to state, to its end. */
import type { Json } from "../../../src/flow/json.ts";
import { Stopped } from "./cancellation.ts";
import type { Cancellation } from "./cancellation.ts";
import { tryDistributedMap } from "./distributed-map.ts";
import type { Execution } from "./execution.ts";
import { ownFailure, StateFailure } from "./failure.ts";
import { release } from "./frame.ts";
import type { Frame } from "./frame.ts";
import { tryMap, tryParallel } from "./groups.ts";
import type { Walk } from "./groups.ts";
import { guarded } from "./guard.ts";
import { isDistributed } from "./machine.ts";
import type { Choice, Fail, State, Wait } from "./machine.ts";
import { tryTask } from "./task.ts";
import { fillText } from "./template.ts";
import { readTimestamp } from "./timestamp.ts";
import { text, Visit } from "./visit.ts";
import type { Step } from "./visit.ts";
import type { World } from "./world.ts";

/** Those that can be stopped in the middle have an event for it. */
const stoppable: ReadonlySet<State["Type"]> = new Set(["Task", "Wait", "Parallel", "Map"]);

export async function walk(asked: {
  world: World;
  execution: Execution;
  frame: Frame;
  cancellation: Cancellation;
  isResumed: boolean;
}): Promise<Json> {
  const { world, execution, frame, cancellation } = asked;
  let { isResumed } = asked;
  const inner: Walk = (inside) => walk({ world, execution, ...inside });
  while (frame.end === null) {
    if (world.machines.isRemoved(execution.of.stateMachine)) {
      world.executions.stop(execution, { error: undefined, cause: undefined });
    }
    cancellation.check();
    const state = Object.hasOwn(frame.branch.States, frame.state) ? frame.branch.States[frame.state] : undefined;
    if (state === undefined) throw new StateFailure("States.Runtime", `There is no state ${frame.state}.`);
    const step = await visited(new Visit({ world, execution, frame, state, cancellation, isResumed }), inner);
    if (step.next === null) {
      frame.end = { output: step.output };
      release(frame, execution);
    } else {
      frame.state = step.next;
      frame.input = step.output;
    }
    frame.children = null;
    frame.childExecutions = null;
    isResumed = false;
  }
  return frame.end.output;
}

async function visited(visit: Visit, inner: Walk): Promise<Step> {
  const { state, execution, frame } = visit;
  try {
    // A redrive goes on in a state that was entered before.
    if (!visit.isResumed) {
      visit.record(`${state.Type}StateEntered`, {
        stateEnteredEventDetails: { name: visit.name, ...text("input", frame.input) },
      });
    }
    return await act(visit, inner);
  } catch (error) {
    if (error instanceof Stopped && stoppable.has(state.Type) && !execution.history.isFull()) {
      execution.history.addLast(frame.thread, `${state.Type}StateAborted`);
    }
    throw error;
  }
}

async function act(visit: Visit, inner: Walk): Promise<Step> {
  const { state, frame } = visit;
  switch (state.Type) {
    case "Task": {
      const task = narrowed(visit, state);
      return guarded(task, () => tryTask(task));
    }
    case "Parallel": {
      const parallel = narrowed(visit, state);
      return guarded(parallel, () => tryParallel(parallel, inner));
    }
    case "Map": {
      const map = narrowed(visit, state);
      return guarded(map, () => (isDistributed(state) ? tryDistributedMap(map) : tryMap(map, inner)));
    }
    case "Pass":
      return visit.leave({ holder: state, otherwise: frame.input, parts: {}, at: "", next: state.Next ?? null });
    case "Succeed":
      return visit.leave({ holder: state, otherwise: frame.input, parts: {}, at: "", next: null });
    case "Wait":
      await wait(visit, state);
      return visit.leave({ holder: state, otherwise: frame.input, parts: {}, at: "", next: state.Next ?? null });
    case "Choice":
      return choose(visit, state);
    case "Fail":
      return fail(visit, state);
    default:
      return state satisfies never;
  }
}

/** The visit, as one of the state's own kind. */
function narrowed<S extends State>(visit: Visit, state: S): Visit<S> {
  const { world, execution, frame, cancellation, isResumed } = visit;
  return new Visit({ world, execution, frame, state, cancellation, isResumed });
}

async function wait(visit: Visit, state: Wait): Promise<void> {
  const { clock } = visit.world;
  if (state.Seconds !== undefined) {
    const field = { name: "Seconds", min: 0, max: 99_999_999, whole: true };
    return visit.sleep(1000 * (await visit.number(state.Seconds, field)));
  }
  const timestamp = await visit.fill(state.Timestamp ?? null, "Timestamp");
  const until = typeof timestamp === "string" ? readTimestamp(timestamp) : null;
  if (until === null) {
    throw new StateFailure(
      "States.QueryEvaluationError",
      `Timestamp takes RFC 3339, not ${JSON.stringify(timestamp)}.`,
    );
  }
  return visit.sleep(Math.max(0, until - clock.now()));
}

/** The first rule that holds; the state's own Output and Assign are those of Default. */
async function choose(visit: Visit, state: Choice): Promise<Step> {
  const { input } = visit.frame;
  for (const [index, rule] of state.Choices.entries()) {
    const at = `Choices[${index}].`;
    const holds = await visit.fill(rule.Condition, `${at}Condition`);
    if (typeof holds !== "boolean") {
      throw new StateFailure("States.QueryEvaluationError", `The condition ${rule.Condition} gives no boolean.`);
    }
    if (holds) return visit.leave({ holder: rule, otherwise: input, parts: {}, at, next: rule.Next });
  }
  if (state.Default === undefined) {
    throw new StateFailure("States.NoChoiceMatched", `No rule of '${visit.name}' holds, and it has no Default.`);
  }
  return visit.leave({ holder: state, otherwise: input, parts: {}, at: "", next: state.Default });
}

async function fail(visit: Visit, state: Fail): Promise<never> {
  const read = async (value: string | undefined, field: string) =>
    value === undefined ? "" : fillText(value, visit.sight({}), field);
  throw ownFailure(await read(state.Error, "Error"), await read(state.Cause, "Cause"));
}
