/** The last state of a machine: what it knows better than the log, and the end itself. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Failure } from "../../flow/failure.ts";
import type { RunningContext } from "../../engine/context.ts";
import { doubtNotice } from "../../engine/decide/notice.ts";
import { follow } from "../../engine/decide.ts";
import type { ActionsRequest } from "../protocol.ts";
import { adoptResults, failureNamed } from "./adopt.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type EndRequest = Extract<ActionsRequest, { kind: "end" }>;

export async function end(context: RunningContext, request: EndRequest): Promise<Record<string, never>> {
  const log = await RecordedExecution.open(context, request);
  await log.record((state, { now }) => failedAnyway(request, adoptResults(state, request.steps, now)));
  // Of a mail about the failure whose sender died, nothing more will be known.
  await log.record((state, { now }) => (state.status === "running" ? doubtNotice(state, now) : []));
  await log.record((state, { now }) => endAnyway(state, request, now));
  return {};
}

/** By the log's own rules it has ended by now, unless a step of it is open that the machine has given up. */
function endAnyway(state: ExecutionState, request: EndRequest, at: number): ExecutionEvent[] {
  if (state.status !== "running" || follow(state, [], at).state.status !== "running") return [];
  if (request.status === "succeeded")
    return [{ type: "execution_succeeded", at, outcome: request.outcome ?? "completed" }];
  return [failedEnd(request, at)];
}

/** Of a decision that could not be passed on, the log knows no failure. */
function failedAnyway(request: EndRequest, events: ExecutionEvent[]): ExecutionEvent[] {
  if (request.status === "succeeded") return events;
  return events.map((event) => (event.type === "execution_succeeded" ? failedEnd(request, event.at) : event));
}

function failedEnd(request: EndRequest, at: number): ExecutionEvent {
  const [step_id, failure] = firstFailure(request);
  return { type: "execution_failed", at, step_id, failure };
}

function firstFailure({ steps }: EndRequest): [string | null, Failure] {
  for (const [stepId, result] of Object.entries(steps))
    if (result.status === "failed") return [stepId, failureNamed(result)];
  return [null, { error: "Flow.Failed", cause: "The state machine ended as failed." }];
}
