/**
 * One attempt of one work, begun in the log and made by the engine's own runner: the action, the plan of effects, each effect with
 * its record before and its receipt after (E2).
 */
import type { ExecutionState } from "../../flow/execution.ts";
import { FailureError } from "../../flow/failure.ts";
import { AttemptRunner } from "../../engine/attempt-runner.ts";
import type { RunningContext } from "../../engine/context.ts";
import { hasActiveAttempt, workAt, type Of } from "../../engine/decide/work.ts";
import type { RecordedExecution } from "./recorded-execution.ts";

/** Resolves once it is recorded how it ended, or that it is tried again. */
export async function makeAttempt(context: RunningContext, log: RecordedExecution, of: Of): Promise<ExecutionState> {
  await new Promise<void>((resolve) => {
    const runner = new AttemptRunner({
      context,
      // Sub-flows are executions that the machine starts itself.
      subFlows: { start: noSubFlow, abort: noSubFlow },
      state: () => log.state,
      submit: (command) => log.submit(command),
      onQuiet: resolve,
      isOurs: () => true,
      // There is no next process: what can't be recorded in the function's time fails with it.
      isStopping: () => context.lease.expiresAt() <= context.realTime.now(),
    });
    runner.attempt(of);
  });
  const work = workAt(log.state, of);
  if (work === null || !hasActiveAttempt(work)) return log.state;
  const cause = `What ${of.stepId} did could not be recorded; the store is away.`;
  throw new FailureError({ error: "Agent.Unavailable", cause });
}

function noSubFlow(): Promise<never> {
  return Promise.reject(new Error("A function starts no sub-flow."));
}
