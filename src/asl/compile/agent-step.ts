/** An agent's step: one task for each attempt; of the execution agent, a doubt about its effects waits for a person's word (E2). */
import type { AgentStep } from "../../flow/flow.ts";
import { fieldsOf } from "./expressions.ts";
import { catchAll } from "./failures.ts";
import { jsonata, type Fragment, type State, type TaskState } from "./machine.ts";
import { attemptOf, call, callAndWait, ofStep, tries, type Function } from "./requests.ts";
import { recorded } from "./scope.ts";
import { named, type Place } from "./place.ts";
import { seconds } from "./times.ts";

export const functionOf = ({ agent }: Pick<AgentStep, "agent">): Function =>
  agent === "execution_agent" ? "effects" : "actions";

const answered = (answer: string): string =>
  `{ "status": "succeeded", "output": ${answer}.output, "effects": ${answer}.effects }`;

export function agentWork(place: Place, step: AgentStep): Fragment {
  const { compilation, scope, sight, next, failed } = place;
  const { id: stepId } = step;
  const parameters = fieldsOf(step.parameters, sight.reading);
  const attempt = attemptOf(compilation, { stepId, index: null, parameters, outputs: sight.outputs });
  const task: TaskState = {
    ...call(functionOf(step), attempt),
    ...attemptTimeout(place, step),
    Retry: tries(compilation, stepId, { policy: step.retry }),
    Catch: catchAll("Step.Lost", failed),
  };
  if (functionOf(step) === "actions") {
    const result = answered("$states.result.Payload");
    return { entry: stepId, states: [[stepId, { ...task, ...recorded(scope, { stepId, result, next }) }]] };
  }
  const [arrived, done, doubt] = [named(stepId, "arrived"), named(stepId, "done"), named(stepId, "in doubt")];
  const Choices = [{ Condition: jsonata('$states.input.state = "doubt"'), Next: doubt }];
  const onward = recorded(scope, { stepId, result: answered("$states.input"), next });
  const arriving: [string, State][] =
    next === null || onward.Assign === undefined
      ? [
          // A branch can't end in a Choice.
          [arrived, { Type: "Choice", Choices, Default: done }],
          [done, { Type: "Pass", ...onward }],
        ]
      : [[arrived, { Type: "Choice", Choices, Default: next, Assign: onward.Assign }]];
  const asking: State = {
    ...doubtTask(place, stepId, null),
    ...recorded(scope, { stepId, result: answered("$states.result"), next }),
  };
  return {
    entry: stepId,
    states: [
      [stepId, { ...task, Output: jsonata("$states.result.Payload"), Next: arrived }],
      ...arriving,
      [doubt, asking],
    ],
  };
}

/** Waits without end: the step's `timeout` doesn't count in doubt. */
export function doubtTask({ compilation, failed }: Place, stepId: string, index: string | null): TaskState {
  const payload = { ...ofStep(compilation, "doubt", stepId), index };
  return {
    ...callAndWait("effects", payload),
    Retry: tries(compilation, stepId, { timesOut: false }),
    Catch: catchAll("Step.Lost", failed),
  };
}

/** Of each attempt; what names none has the embedded engine's five minutes. */
export function attemptTimeout(place: Place, step: AgentStep): { TimeoutSeconds?: number } {
  return timeoutOf(place, { ...step, timeout_ms: step.timeout_ms ?? 300_000 });
}

export function timeoutOf(
  { compilation }: Place,
  step: { id: string; timeout_ms: number | null },
): { TimeoutSeconds?: number } {
  if (step.timeout_ms === null) return {};
  const note = (message: string) => compilation.notes.push({ step: step.id, message });
  return { TimeoutSeconds: seconds(step.timeout_ms, note) };
}
