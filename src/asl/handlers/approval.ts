/**
 * Asking people, by task token. Whoever may decide, what would leave and the hash are found as the embedded engine finds them; the
 * token goes into the log in the same append as the question, so no decision can come before it.
 */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ApprovalState, ExecutionState } from "../../flow/execution.ts";
import { FailureError } from "../../flow/failure.ts";
import type { ApprovalStep } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import { escalation } from "../../engine/approval-times.ts";
import { ask } from "../../engine/ask.ts";
import type { Asking } from "../../engine/command.ts";
import type { RunningContext } from "../../engine/context.ts";
import { askApproval } from "../../engine/decide/approvals.ts";
import { fail } from "../../engine/decide/attempts.ts";
import { headers } from "../../engine/header-pages.ts";
import { failureOf } from "../../engine/look.ts";
import { decided } from "../../engine/owed.ts";
import { hasEnded, stepDefinition, stepState } from "../../engine/readiness.ts";
import type { EffectsRequest } from "../protocol.ts";
import { adoptOutputs } from "./adopt.ts";
import { keepToken } from "./keep-token.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type ApprovalRequest = Extract<EffectsRequest, { kind: "approval" }>;
type TimeoutRequest = Extract<EffectsRequest, { kind: "approval_timeout" }>;

/** Of one batch, for one approver; the rest comes as a list. As in the embedded engine. */
const cardsPerOwner = 10;

export async function approval(context: RunningContext, request: ApprovalRequest): Promise<JsonObject> {
  const log = await RecordedExecution.open(context, request);
  const { step_id: stepId, task_token: token } = request;
  await log.record((state, { now }) => adoptOutputs(state, request.outputs, now));
  const isAsked = (state: ExecutionState) => stepState(state, stepId).approval !== null;
  if (!isAsked(log.state)) {
    const asking = await questionOf(context, log, approvalStep(log.state, stepId));
    await log.record((state, { now }) => {
      const asked = askApproval(state, stepId, asking, now);
      return asked.length === 0 ? [] : [...asked, keepToken({ stepId, part: null, for: "approval", token }, now)];
    });
  }
  // Asked before, by a call whose answer was lost, before a redrive, or of those that come next.
  await log.record((state, { now }) => [
    ...(request.escalated ? handOver(state, stepId, now) : []),
    ...(isKept(state, token) ? [] : [keepToken({ stepId, part: null, for: "approval", token }, now)]),
  ]);
  if (!isAsked(log.state)) throw new FailureError(failureIn(log.state, stepId));
  return {};
}

function isKept({ service }: ExecutionState, token: string): boolean {
  return Object.values(service?.tokens ?? {}).some((kept) => kept.token === token);
}

function failureIn(state: ExecutionState, stepId: string) {
  const cause = `${stepId} can't be asked: its execution is ${state.status}.`;
  return stepState(state, stepId).failure ?? { error: "Flow.Failed" as const, cause };
}

async function questionOf(context: RunningContext, log: RecordedExecution, step: ApprovalStep): Promise<Asking> {
  const { state } = log;
  try {
    const asking = await ask(context, state, step);
    return { ...asking, listed: await isListed(context, state, asking) };
  } catch (error) {
    const retryAfterMs = error instanceof FailureError ? error.retryAfterMs : null;
    const failure = failureOf(error, "Agent.Unavailable");
    const attempt = stepState(state, step.id).attempts.length + 1;
    const failed = { type: "fail" as const, stepId: step.id, part: null, attempt, failure, retryAfterMs };
    await log.record((current, decideContext) => fail(current, failed, decideContext));
    throw new FailureError(failure, { retryAfterMs, cause: error });
  }
}

/** Only executions of a batch are many at once; each function counts anew, so a few more cards may stand than were meant. */
async function isListed({ store }: RunningContext, state: ExecutionState, { approvers }: Pick<Asking, "approvers">) {
  const { batchId } = state;
  if (batchId === null) return false;
  let standing = 0;
  for await (const { waiting_for } of headers(store, { batchId, status: "running" }, 200)) {
    for (const { kind, listed, references } of waiting_for)
      if (kind === "approval" && !listed && references[0] === approvers[0]?.reference) standing += 1;
    if (standing >= cardsPerOwner) return true;
  }
  return false;
}

/** `on_timeout: escalate`: the time of the first is over, and others are asked. */
function handOver(state: ExecutionState, stepId: string, at: number): ExecutionEvent[] {
  const { approval: asked } = stepState(state, stepId);
  if (asked?.status !== "pending" || asked.escalated?.reason === "timeout" || asked.escalateTo.length === 0) return [];
  return [escalation(approvalStep(state, stepId), asked, at, "timeout")];
}

function approvalStep(state: ExecutionState, stepId: string): ApprovalStep {
  const step = stepDefinition(state, stepId);
  if (step.kind === "approval") return step;
  throw new FailureError({ error: "Flow.Failed", cause: `${stepId} of ${state.flowId} is no approval.` });
}

/** A decision that came first stands, and is the answer. */
export async function approvalTimeout(context: RunningContext, request: TimeoutRequest): Promise<JsonObject> {
  const log = await RecordedExecution.open(context, request);
  const { step_id: stepId, escalated } = request;
  await log.record((state, { now }) => timeOut(state, { stepId, escalated }, now));
  const step = stepState(log.state, stepId);
  if (step.approval?.status === "pending") return { output: { decision: "expired" }, edited: {} };
  if (step.status === "succeeded") return decided(log.state, stepId);
  throw new FailureError(failureIn(log.state, stepId));
}

function timeOut(
  state: ExecutionState,
  { stepId, escalated }: { stepId: string; escalated: boolean },
  at: number,
): ExecutionEvent[] {
  const step = stepState(state, stepId);
  const { on_timeout } = approvalStep(state, stepId);
  if (step.approval?.status !== "pending" || hasEnded(step)) return [];
  // The machine asks those of `escalate.to` next, with a token of its own; until then what stands is only handed over.
  if (on_timeout === "escalate" && !escalated && mayBeHandedOver(step.approval)) return handOver(state, stepId, at);
  const status = on_timeout === "approve" ? "approved" : "expired";
  return [{ type: "approval_ended", at, step_id: stepId, status }];
}

function mayBeHandedOver({ escalateTo, escalated }: ApprovalState): boolean {
  return escalateTo.length > 0 && escalated?.reason !== "timeout";
}
