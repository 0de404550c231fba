/** Calling an agent's action, bounded in time, its failures named. */
import type { ActionAnswer, StepOutput } from "../agents/agent.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { FailureError } from "../flow/failure.ts";
import type { AgentStep } from "../flow/flow.ts";
import { effectKey } from "../flow/effect.ts";
import { isJson, type Json, type JsonObject } from "../flow/json.ts";
import type { RunningContext } from "./context.ts";
import type { Of } from "./decide/work.ts";

/** What an attempt may take where its step sets no `timeout`. */
const defaultAttemptMs = 300_000;
/** Of an output as JSON: what every store holds, and people can still look at. */
const mostOutputBytes = 1_048_576;

export interface ActionCall {
  state: ExecutionState;
  of: Of;
  action: Pick<AgentStep, "agent" | "action">;
  timeoutMs: number | null;
  parameters: JsonObject;
  outputs: StepOutput[];
  attempt: number;
}

/** Throws `FailureError`. */
export async function invokeAction(context: RunningContext, call: ActionCall): Promise<ActionAnswer> {
  const { state, of, action, outputs, attempt } = call;
  const timeoutMs = call.timeoutMs ?? defaultAttemptMs;
  const { signal, clear } = context.realTime.deadline(timeoutMs);
  const request = {
    action: action.action,
    parameters: call.parameters,
    customer: state.customer,
    outputs,
    signal,
    context: {
      executionId: state.executionId,
      stepId: of.stepId,
      attempt,
      idempotencyKey: effectKey({ executionId: state.executionId, ...of, target: null }),
      now: context.clock.now(),
      timezone: state.timezone,
      variables: state.variables,
    },
  };
  try {
    const agent = context.agents[action.agent];
    return checked(of, await endingWith(signal, agent.invoke(request)));
  } catch (error) {
    if (signal.aborted) {
      throw new FailureError(
        { error: "Step.Timeout", cause: `${of.stepId} took longer than ${timeoutMs / 1000} s.` },
        { usage: error instanceof FailureError ? error.usage : null, cause: error },
      );
    }
    if (error instanceof FailureError) throw error;
    const cause = `${action.agent} could not do ${action.action}: ${error instanceof Error ? error.message : String(error)}`;
    throw new FailureError({ error: "Agent.Unavailable", cause }, { cause: error });
  } finally {
    clear();
  }
}

/** What can't be kept is refused here, by name, before it reaches the log. */
function checked({ stepId }: Of, answer: ActionAnswer): ActionAnswer {
  const what = isJson(answer.output) ? tooLarge(answer.output) : "is not JSON";
  if (what === null) return answer;
  const cause = `The output of ${stepId} ${what}.`;
  throw new FailureError({ error: "Agent.InvalidOutput", cause }, { usage: answer.usage ?? null });
}

function tooLarge(output: Json): string | null {
  if (mostBytesOf(output) <= mostOutputBytes) return null;
  const bytes = Buffer.byteLength(JSON.stringify(output));
  return bytes <= mostOutputBytes ? null : `is ${mebibytes(bytes)}; at most 1 MiB is kept`;
}

/** At least as many as it takes as JSON, without writing it down: a character takes six at most. */
function mostBytesOf(value: Json): number {
  if (typeof value === "string") return 6 * value.length + 3;
  if (typeof value !== "object" || value === null) return 30;
  let bytes = 3;
  for (const [key, field] of Object.entries(value)) bytes += 6 * key.length + 4 + mostBytesOf(field);
  return bytes;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

/** An agent that ignores its signal must not hold the step for ever; one that heeds it has a turn to say what it has used. */
function endingWith<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => setImmediate(() => reject(new Error("aborted"))), { once: true });
    work.then(resolve, reject);
  });
}
