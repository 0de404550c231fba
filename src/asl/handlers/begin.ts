/**
 * The first state of a machine: the input checked, the customer read once, the start recorded; or, where the bot has recorded it
 * before it asked the service, only the roots of expressions.
 */
import type { ExecutionState } from "../../flow/execution.ts";
import { FailureError, type ErrorName } from "../../flow/failure.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import { RequestError } from "../../engine/engine.ts";
import { firedBatchId } from "../../engine/fired-ids.ts";
import { commonRoots } from "../../engine/roots.ts";
import { startExecution, takePlaces, type Started } from "../../engine/starts.ts";
import { withCustomer } from "../../engine/sub-flows.ts";
import type { ActionsRequest } from "../protocol.ts";
import { firingOf } from "./fired.ts";
import { noteInParent, parentIn, startedByStep } from "./parentage.ts";
import { definitionOf, RecordedExecution } from "./recorded-execution.ts";

type BeginRequest = Extract<ActionsRequest, { kind: "begin" }>;

/** `queued`: others have the places that it needs. */
export async function begin(
  context: RunningContext,
  request: BeginRequest,
): Promise<{ roots: JsonObject; queued: boolean }> {
  const parent = await parentOf(context, request);
  const known = await RecordedExecution.find(context, request);
  const log = known ?? (await start(context, request, parent?.state ?? null));
  const { execution_id: name } = request;
  const isItsChild =
    log.state.startedBy.type === "flow" && log.state.startedBy.execution_id === parent?.state.executionId;
  if (parent !== null && isItsChild && name !== log.state.service?.name) await redriven(context, log, parent.state);
  const { state } = log;
  const { startedBy, status, executionId } = state;
  // Redriven with its parent, one that has ended well answers from the record.
  if (status === "succeeded" && isItsChild) return { roots: commonRoots(state), queued: false };
  if (status !== "running") throw refused("Flow.Failed", `${executionId} has ended: it is ${status}.`);
  // Started by somebody else than the bot, or the bot died before it could note that the service has it.
  await log.submit({ type: "note_service", what: "start", name, redrives: state.redrives });
  if (parent !== null && startedBy.type === "flow")
    await noteInParent(parent, { startedBy, executionId, input: state.input });
  return { roots: commonRoots(log.state), queued: log.state.queued !== null };
}

/** Null: no execution of ours has started it. */
async function parentOf(context: RunningContext, { input }: BeginRequest): Promise<RecordedExecution | null> {
  const { parent } = parentIn(input);
  return parent === null ? null : RecordedExecution.named(context, parent);
}

async function start(
  context: RunningContext,
  request: BeginRequest,
  parent: ExecutionState | null,
): Promise<RecordedExecution> {
  const { execution_id: executionId, flow_id: flowId } = request;
  const given = parentIn(request.input).input;
  const definition = await definitionOf(context, request);
  const byStep = parent === null ? null : startedByStep(parent, { flowId, name: executionId });
  const input = parent === null || byStep === null ? given : withCustomer(definition, parent, given);
  const fired = byStep === null ? firingOf(definition, { executionId, input }) : null;
  const startedBy = byStep ?? fired ?? { type: "manual" as const, person: null };
  const batchId = fired === null ? null : firedBatchId({ flowId, trigger: fired.trigger, at: fired.scheduled_at });
  const started = await orRefused(() =>
    startExecution(context, { definition, executionId, startedBy, batchId, input, customer: null }),
  );
  if (started.kind === "already_running") {
    const about = started.customer?.name ?? "it";
    const cause = `Another execution of ${flowId} about ${about} runs: ${started.executionId}.`;
    throw refused("Flow.Failed", cause);
  }
  return RecordedExecution.open(context, request);
}

/** With its parent, by whoever redrove that; like any other it needs its places again. What has ended well stays so. */
async function redriven(context: RunningContext, log: RecordedExecution, parent: ExecutionState): Promise<void> {
  const { status } = log.state;
  if (status === "running" || status === "succeeded") return;
  const places = await takePlaces(context, log.state);
  if (places.kind === "taken") {
    const cause = `Another execution of this flow about this customer runs: ${places.by}.`;
    throw refused("Flow.Failed", cause);
  }
  const person = parent.redriven?.by ?? null;
  await log.submit({ type: "redrive", person, from: null, input: null, queuedFor: places.queuedFor });
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
