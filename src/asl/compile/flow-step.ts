/** A sub-flow: an execution of its own, under the id that the embedded engine would give it, waited for. */
import type { FlowStep } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import { placeholders, startedByField } from "../protocol.ts";
import { fieldsOf } from "./expressions.ts";
import { catchAll, tooManyStarts } from "./failures.ts";
import { jsonata, type Fragment, type TaskState } from "./machine.ts";
import { executionName } from "./requests.ts";
import { recorded } from "./scope.ts";
import { timeoutOf } from "./agent-step.ts";
import type { Place } from "./place.ts";

export function flowWork(place: Place, step: FlowStep): Fragment {
  const { scope, next, failed } = place;
  const { id: stepId } = step;
  const result = `{ "status": "succeeded", "output": ${flowOutput}, "effects": 0 }`;
  const task: TaskState = {
    ...startTask(place, step, '""'),
    Catch: catchAll("Flow.Failed", failed),
    ...recorded(scope, { stepId, result, next }),
  };
  return { entry: stepId, states: [[stepId, task]] };
}

export const flowOutput =
  '{ "execution_id": $states.result.Name, "outcome": $states.result.Output.outcome, "outputs": $states.result.Output.outputs }';

/** `part`: the item's index, in JSONata; `""` without one. */
export function startTask(
  place: Place,
  step: FlowStep,
  part: string,
): Pick<TaskState, "Type" | "Resource" | "Arguments" | "Retry" | "TimeoutSeconds"> {
  const Input: JsonObject = {
    ...fieldsOf(step.input, place.sight.reading),
    [startedByField]: jsonata("$states.context.Execution.Id"),
  };
  return {
    Type: "Task",
    Resource: "arn:aws:states:::states:startExecution.sync:2",
    Arguments: {
      StateMachineArn: placeholders.stateMachine(step.flow_id),
      Name: jsonata(childName(step.id, part)),
      Input,
    },
    ...timeoutOf(place, step),
    Retry: [tooManyStarts(9)],
  };
}

/**
 * As `derivedId` makes it: nine digits of the parent's start, then of a hash over parent, step and item. Redriven, the parent starts it
 * under another name, which leads to the same log: a further 0 tells it from the names of its own redrives.
 */
function childName(stepId: string, part: string): string {
  const digits =
    '[8,7,6,5,4,3,2,1,0].$substring("0123456789abcdefghjkmnpqrstvwxyz", $floor($at / $power(32, $)) % 32, 1)';
  const parts = `'["flow","' & $id & '","${stepId}",' & ${part === '""' ? "'\"\"'" : `$string(${part})`} & ']'`;
  return (
    `( $at := $toMillis($roots.execution.started_at); $id := $roots.execution.id; ` +
    `$join(${digits}) & "-" & $substring($hash(${parts}, "SHA-256"), 0, 12) & ` +
    `$replace($substring(${executionName}, $length($id)), "_redrive", "_redrive0") )`
  );
}
