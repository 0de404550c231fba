/**
 * How an action finds its input: by action name among the outputs of the steps before it, the nearest predecessor first.
 * A skipped step (null) and a failed one that said `continue` (`{ error, cause }`) have given nothing; the list of a step
 * that repeats is none of its items, so it is passed over too.
 */
import type { z } from "zod";
import type { ActionRequest, StepOutput } from "../agent.ts";
import { Failure, FailureError } from "../../flow/failure.ts";
import { checked } from "./checked.ts";

export function optionalInput<T>(request: ActionRequest, input: { action: string; schema: z.ZodType<T> }): T | null {
  const found = request.outputs.find((output) => output.action === input.action && hasGiven(output));
  if (found === undefined) return null;
  const what = `The output of ${found.stepId} does not fit ${input.action}`;
  return checked(input.schema, { value: found.output, error: "Input.Invalid", what });
}

export function requiredInput<T>(request: ActionRequest, input: { action: string; schema: z.ZodType<T> }): T {
  const found = optionalInput(request, input);
  if (found !== null) return found;
  throw new FailureError({
    error: "Input.Invalid",
    cause: `${request.action} needs what ${input.action} gives; no step that ${request.context.stepId} depends on has given it.`,
  });
}

function hasGiven({ output }: StepOutput): boolean {
  return output !== null && !Array.isArray(output) && !Failure.safeParse(output).success;
}
