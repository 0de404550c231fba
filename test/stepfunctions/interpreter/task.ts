/** One try of a Task: its call, its timeout, its heartbeat, its token; whichever ends it first. */
import type { Json } from "../../../src/flow/json.ts";
import { Stopped } from "./cancellation.ts";
import { callExecution } from "./call-execution.ts";
import { callIntegration, callLambda } from "./call-handler.ts";
import type { Call } from "./call-handler.ts";
import { ownFailure, StateFailure } from "./failure.ts";
import type { Task } from "./machine.ts";
import { readResource, resourceNames } from "./resources.ts";
import { checkSize } from "./template.ts";
import { region } from "./machines.ts";
import { text } from "./visit.ts";
import type { Visit } from "./visit.ts";

export async function tryTask(visit: Visit<Task>): Promise<Json> {
  const { state, world } = visit;
  const names = resourceNames(state.Resource);
  const isTokenTask = names.resource.endsWith(".waitForTaskToken");
  const issued = isTokenTask ? world.tokens.issue() : null;
  visit.token = issued?.token ?? null;
  const args = state.Arguments === undefined ? visit.frame.input : await visit.fill(state.Arguments, "Arguments");
  checkSize(args, `The arguments of the state '${visit.name}'`);
  const limits = await readLimits(visit);
  const times = {
    ...(limits.timeout === null ? {} : { timeoutInSeconds: limits.timeout }),
    ...(limits.heartbeat === null ? {} : { heartbeatInSeconds: limits.heartbeat }),
  };
  visit.record("TaskScheduled", {
    taskScheduledEventDetails: { ...names, region, parameters: JSON.stringify(args), ...times },
  });
  visit.record("TaskStarted", { taskStartedEventDetails: names });
  try {
    const result = await race({ visit, args, limits, issued });
    checkSize(result, `The state/task '${visit.name}' returned a result that`);
    visit.record("TaskSucceeded", { taskSucceededEventDetails: { ...names, ...text("output", result) } });
    return result;
  } catch (error) {
    if (error instanceof StateFailure && !visit.execution.history.isFull()) {
      const isTimeout = error.error === "States.Timeout" || error.error === "States.HeartbeatTimeout";
      const details = { ...names, error: error.error, cause: error.cause };
      if (isTimeout) visit.record("TaskTimedOut", { taskTimedOutEventDetails: details });
      else visit.record("TaskFailed", { taskFailedEventDetails: details });
    }
    throw error;
  } finally {
    visit.token = null;
  }
}

interface Limits {
  /** Seconds; null: none. */
  timeout: number | null;
  heartbeat: number | null;
}

async function readLimits(visit: Visit<Task>): Promise<Limits> {
  const { TimeoutSeconds, HeartbeatSeconds } = visit.state;
  const read = async (value: number | string | undefined, name: string) =>
    value === undefined ? null : visit.number(value, { name, min: 1, max: 99_999_999, whole: true });
  const timeout = await read(TimeoutSeconds, "TimeoutSeconds");
  const heartbeat = await read(HeartbeatSeconds, "HeartbeatSeconds");
  if (timeout !== null && heartbeat !== null && heartbeat >= timeout) {
    throw new StateFailure("States.QueryEvaluationError", "HeartbeatSeconds must be smaller than TimeoutSeconds.");
  }
  return { timeout, heartbeat };
}

interface Race {
  visit: Visit<Task>;
  args: Json;
  limits: Limits;
  issued: ReturnType<Visit["world"]["tokens"]["issue"]> | null;
}

function race({ visit, args, limits, issued }: Race): Promise<Json> {
  const { world } = visit;
  const names = resourceNames(visit.state.Resource);
  return visit.cancellation.wait<Json>((resolve, reject) => {
    const after = (seconds: number | null, error: string) =>
      seconds === null
        ? () => {}
        : world.clock.at(world.clock.now() + 1000 * seconds, () =>
            reject(new StateFailure(error, timeoutCause(error))),
          );
    const stopTimeout = after(limits.timeout, "States.Timeout");
    let stopHeartbeat = after(limits.heartbeat, "States.HeartbeatTimeout");
    let isOver = false;
    issued?.open({
      succeed: (output) => resolve(output),
      fail: ({ error, cause }) => reject(ownFailure(error, cause)),
      heartbeat: () => {
        stopHeartbeat();
        stopHeartbeat = after(limits.heartbeat, "States.HeartbeatTimeout");
      },
    });
    const call = beginSafely(visit, args);
    call.answer.then(
      (answer) => {
        if (issued === null) return resolve(answer);
        if (isOver) return;
        try {
          checkSize(answer, "What the service answered");
          visit.record("TaskSubmitted", { taskSubmittedEventDetails: { ...names, ...text("output", answer) } });
        } catch (error) {
          if (!(error instanceof Stopped)) reject(error);
        }
      },
      (error: unknown) => reject(error),
    );
    return () => {
      isOver = true;
      stopTimeout();
      stopHeartbeat();
      issued?.close();
      call.abandon();
    };
  });
}

function timeoutCause(error: string): string {
  return error === "States.Timeout" ? "The task ran longer than its TimeoutSeconds." : "No heartbeat came in time.";
}

/** A call that can't even begin is answered by its failure. */
function beginSafely(visit: Visit<Task>, args: Json): Call {
  try {
    return begin(visit, args);
  } catch (error) {
    return { answer: Promise.reject(error), abandon: () => {} };
  }
}

function begin(visit: Visit<Task>, args: Json): Call {
  const resource = readResource(visit.state.Resource);
  switch (resource?.kind) {
    case "lambda":
      return callLambda(visit, args);
    case "execution":
      return callExecution(visit, args, resource.pattern);
    case "integration":
      return callIntegration(visit, args);
    case undefined:
      throw new StateFailure("States.Runtime", `There is no resource ${visit.state.Resource}.`);
    default:
      return resource satisfies never;
  }
}
