/** Calling an agent's action, bounded in time, its failures named. */
import type { ActionAnswer, StepOutput } from "../agents/agent.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import type { AgentStep } from "../flow/flow.ts";
import type { JsonObject } from "../flow/json.ts";
import type { RunningContext } from "./context.ts";

/** What an attempt may take where its step sets no `timeout`. */
const defaultAttemptMs = 300_000;

export async function invokeAction(
  context: RunningContext,
  parameters: {
    state: ExecutionState;
    step: AgentStep;
    parameters: JsonObject;
    outputs: StepOutput[];
    attempt: number;
  },
): Promise<ActionAnswer> {
  const { state, step, outputs, attempt } = parameters;
  const timeoutMs = step.timeout_ms ?? defaultAttemptMs;
  const signal = context.realTime.deadline(timeoutMs);
  const request = {
    action: step.action,
    parameters: parameters.parameters,
    customer: state.customer,
    outputs,
    signal,
    context: {
      executionId: state.executionId,
      stepId: step.id,
      attempt,
      idempotencyKey: `${state.executionId}/${step.id}`,
      now: context.clock.now(),
      timezone: state.timezone,
      variables: state.variables,
    },
  };
  try {
    return await Promise.race([context.agents[step.agent].invoke(request), rejectedWhen(signal)]);
  } catch (error) {
    if (signal.aborted) {
      throw new FailureError(
        { error: "Step.Timeout", cause: `${step.id} took longer than ${timeoutMs / 1000} s.` },
        { cause: error },
      );
    }
    if (error instanceof FailureError) throw error;
    const cause = `${step.agent} could not do ${step.action}: ${error instanceof Error ? error.message : String(error)}`;
    throw new FailureError({ error: "Agent.Unavailable", cause }, { cause: error });
  }
}

/** An agent that ignores its signal must not hold the step for ever. */
function rejectedWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}
