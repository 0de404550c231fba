/**
 * One step taken back. It fails nothing else: what could not be taken back is the answer, and stands on the failure card.
 * Non-job: the order, which is the machine's.
 */
import type { ExecutionEvent } from "../../flow/event.ts";
import { evolve, type ExecutionState } from "../../flow/execution.ts";
import type { RunningContext } from "../../engine/context.ts";
import { loseAttempt, startAttempt } from "../../engine/decide/attempts.ts";
import type { DecideContext } from "../../engine/decide.ts";
import { hasActiveAttempt, workAt, type Of } from "../../engine/decide/work.ts";
import { hasEnded, stepState } from "../../engine/readiness.ts";
import type { EffectsRequest } from "../protocol.ts";
import { adoptResults } from "./adopt.ts";
import { makeAttempt } from "./attempt.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type CompensateRequest = Extract<EffectsRequest, { kind: "compensate" }>;

export async function compensate(
  context: RunningContext,
  request: CompensateRequest,
): Promise<{ compensated: boolean; cause: string | null }> {
  const log = await RecordedExecution.open(context, request);
  const of = { stepId: request.step_id, part: "compensation" as const };
  const succeeded = { status: "succeeded" as const, output: request.output, effects: 0 };
  await log.record((state, { now }) => adoptResults(state, { [of.stepId]: succeeded }, now));
  for (;;) {
    await log.record((state, decideContext) => begin(state, of, request, decideContext));
    const work = workAt(log.state, of);
    if (work === null || !hasActiveAttempt(work)) break;
    await makeAttempt(context, log, of);
    const retryAt = workAt(log.state, of)?.retryAt ?? null;
    if (retryAt === null) break;
    // A function that waited for its whole time could record nothing more.
    const pauseMs = Math.max(0, retryAt - context.clock.now());
    if (context.realTime.now() + pauseMs >= context.lease.expiresAt()) break;
    await context.realTime.pause(pauseMs);
  }
  return answer(log.state, of);
}

function begin(
  state: ExecutionState,
  of: Of,
  { parameters }: CompensateRequest,
  context: DecideContext,
): ExecutionEvent[] {
  if (state.status !== "running") return [];
  const begun: ExecutionEvent[] = isPlanned(state, of)
    ? []
    : [{ type: "compensation_begun", at: context.now, step_ids: [...(state.compensating ?? []), of.stepId] }];
  const after = begun.reduce(evolve, state);
  const work = workAt(after, of);
  if (work === null || hasEnded(work) || work.status === "waiting") return begun;
  if (hasActiveAttempt(work)) return [...begun, ...loseAttempt(of, work, context)];
  return [...begun, ...startAttempt(of, work, context, { parameters: work.parameters ?? parameters })];
}

function isPlanned(state: ExecutionState, { stepId }: Of): boolean {
  return stepState(state, stepId).compensation !== null;
}

function answer(state: ExecutionState, of: Of): { compensated: boolean; cause: string | null } {
  const work = workAt(state, of);
  if (work?.status === "succeeded") return { compensated: true, cause: null };
  if (work?.status === "waiting")
    return { compensated: false, cause: `Nobody can know whether ${of.stepId} has been taken back; its card asks.` };
  return { compensated: false, cause: work?.failure?.cause ?? `${of.stepId} could not be taken back.` };
}
