/** An approval: asked with a task token, which stays with the service; its time over, what is recorded decides (A1). */
import type { ApprovalStep } from "../../flow/flow.ts";
import { expressionOf, plainOf } from "./expressions.ts";
import { catchAll, caught } from "./failures.ts";
import { jsonata, quoted, type Catcher, type Fragment, type State, type TaskState } from "./machine.ts";
import { call, callAndWait, ofStep, tries } from "./requests.ts";
import { recorded } from "./scope.ts";
import { named, onlySource, type Place } from "./place.ts";
import { timeoutOf } from "./agent-step.ts";

export function approvalWork(place: Place, step: ApprovalStep): Fragment {
  const { id } = step;
  const over = named(id, "timed out");
  const again = named(id, "escalated");
  const { escalate } = step;
  const handsOver = step.on_timeout === "escalate" && escalate !== null && step.timeout_ms !== null;
  const states: [string, State][] = [
    [id, askingTask(place, step, { approvers: step.approvers, escalated: false, over: handsOver ? again : over })],
  ];
  if (handsOver) states.push([again, askingTask(place, step, { approvers: escalate.to, escalated: true, over })]);
  if (step.timeout_ms !== null) states.push([over, timeoutTask(place, step, handsOver)]);
  return { entry: id, states };
}

function askingTask(
  place: Place,
  step: ApprovalStep,
  asked: { approvers: string[]; escalated: boolean; over: string },
): TaskState {
  const { compilation, sight, failed } = place;
  const payload = {
    ...ofStep(compilation, "approval", step.id),
    approvers: approversOf(place, asked.approvers),
    outputs: sight.outputs,
    escalated: asked.escalated,
  };
  const timeout: Catcher[] = step.timeout_ms === null ? [] : [{ ErrorEquals: ["States.Timeout"], Next: asked.over }];
  return {
    ...callAndWait("effects", payload),
    ...timeoutOf(place, step),
    Retry: tries(compilation, step.id, { timesOut: false }),
    Catch: [...timeout, ...catchAll("Step.Lost", failed)],
    ...decided(place, step, "$states.result"),
  };
}

/** A decision that came at the last moment is recorded already, and wins. */
function timeoutTask(place: Place, step: ApprovalStep, escalated: boolean): TaskState {
  const { compilation, failed } = place;
  return {
    ...call("effects", { ...ofStep(compilation, "approval_timeout", step.id), escalated }),
    Retry: tries(compilation, step.id),
    Catch: [{ ErrorEquals: ["States.ALL"], Output: caught("Step.Lost"), Next: failed }],
    ...decided(place, step, "$states.result.Payload"),
  };
}

function decided({ scope, next }: Place, step: ApprovalStep, answer: string) {
  const result = `{ "status": "succeeded", "output": ${answer}.output, "effects": 0 }`;
  const edited = step.editable.length === 0 ? undefined : `${answer}.edited`;
  return recorded(scope, { stepId: step.id, result, edited, next });
}

/** What gives nothing is dropped; what isn't there at all fails. */
function approversOf({ sight }: Place, approvers: string[]) {
  if (approvers.every((reference) => plainOf(reference) !== null)) return approvers.map((one) => plainOf(one) ?? "");
  const listed = approvers.map((reference) => {
    const plain = plainOf(reference);
    if (plain !== null) return quoted(plain);
    return `$there(${expressionOf(reference, sight.reading)}, ${quoted(onlySource(reference))})`;
  });
  const there =
    '$there := function($value, $source) { $exists($value) ? $value : $error("Expression" & ".Undefined: $" & "{" & $source & "} has no value.") };';
  const isName = 'function($one) { $type($one) = "string" and $trim($one) != "" }';
  return jsonata(`( ${there} [$filter([${listed.join(", ")}], ${isName})] )`);
}
