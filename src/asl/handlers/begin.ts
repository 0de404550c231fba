/**
 * The first state of a machine: the input checked, the customer read once, the start recorded; or, where the bot has recorded it
 * before it asked the service, only the roots of expressions.
 */
import { FailureError, type ErrorName } from "../../flow/failure.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import { RequestError } from "../../engine/engine.ts";
import { commonRoots } from "../../engine/roots.ts";
import { startExecution, type Started } from "../../engine/starts.ts";
import type { ActionsRequest } from "../protocol.ts";
import { firingOf } from "./fired.ts";
import { definitionOf, RecordedExecution } from "./recorded-execution.ts";

type BeginRequest = Extract<ActionsRequest, { kind: "begin" }>;

/** `queued`: others have the places that it needs. */
export async function begin(
  context: RunningContext,
  request: BeginRequest,
): Promise<{ roots: JsonObject; queued: boolean }> {
  const known = await RecordedExecution.find(context, request);
  const log = known ?? (await start(context, request));
  const { state } = log;
  if (state.status !== "running")
    throw refused("Flow.Failed", `${state.executionId} has ended: it is ${state.status}.`);
  // Started by somebody else than the bot, or the bot died before it could note that the service has it.
  const { execution_id: name } = request;
  await log.submit({ type: "note_service", what: "start", name, redrives: state.redrives });
  return { roots: commonRoots(log.state), queued: log.state.queued !== null };
}

async function start(context: RunningContext, request: BeginRequest): Promise<RecordedExecution> {
  const { execution_id: executionId, input } = request;
  const definition = await definitionOf(context, request);
  const startedBy = firingOf(definition, { executionId, input }) ?? { type: "manual" as const, person: null };
  const started = await orRefused(() =>
    startExecution(context, { definition, executionId, startedBy, batchId: null, input, customer: null }),
  );
  if (started.kind === "already_running") {
    const about = started.customer?.name ?? "it";
    const cause = `Another execution of ${request.flow_id} about ${about} runs: ${started.executionId}.`;
    throw refused("Flow.Failed", cause);
  }
  return RecordedExecution.open(context, request);
}

async function orRefused(work: () => Promise<Started>): Promise<Started> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RequestError) throw refused("Input.Invalid", error.message);
    throw error;
  }
}

function refused(error: ErrorName, cause: string): FailureError {
  return new FailureError({ error, cause });
}
