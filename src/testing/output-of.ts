/** A step's output with the type of what the step calls, so that a wrong field is red in the editor. */
import type { ActionName, ActionTypes } from "../agents/known-actions.ts";
import type { Json } from "../flow/json.ts";
import type { FlowResult } from "./flow-result.ts";
import { TestError } from "./test-error.ts";

/** Throws `TestError` where the step has given nothing, or calls another action. Of a step that repeats `stepOutputs` has the list. */
export function outputOf<Action extends ActionName>(
  result: Pick<FlowResult, "stepOutputs" | "stepActions">,
  { step, action }: { step: string; action: Action },
): ActionTypes[Action]["output"] {
  const called = result.stepActions[step];
  if (called === undefined) throw new TestError(`${step} is no step that calls an action.`);
  if (called !== action) throw new TestError(`${step} calls ${called}, not ${action}.`);
  const output = result.stepOutputs[step];
  if (!isOutput<ActionTypes[Action]["output"]>(output)) throw new TestError(`${step} has given nothing.`);
  return output;
}

/** What a step gives was checked with its action's schema when it was recorded. */
function isOutput<Output>(output: Readonly<Record<string, Json>> | undefined): output is Output & typeof output {
  return output !== undefined && !Array.isArray(output) && !("error" in output && "cause" in output);
}
