/** Until when a step that comes too late waits (`late: shift`), found as the embedded engine finds it, and recorded. */
import type { RunningContext } from "../../engine/context.ts";
import { stepDefinition, stepState } from "../../engine/readiness.ts";
import { nextWorkingHour } from "../../engine/shift.ts";
import type { EffectsRequest } from "../protocol.ts";
import { adoptOutputs } from "./adopt.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type ShiftRequest = Extract<EffectsRequest, { kind: "shift" }>;

export async function shift(context: RunningContext, request: ShiftRequest): Promise<{ until: string }> {
  const log = await RecordedExecution.open(context, request);
  const { step_id: stepId, outputs } = request;
  await log.record((state, { now }) => adoptOutputs(state, outputs, now));
  const recorded = stepState(log.state, stepId).waitsUntil;
  if (recorded !== null) return { until: new Date(recorded).toISOString() };
  const { state } = log;
  const until = await nextWorkingHour(context, {
    state,
    step: stepDefinition(state, stepId),
    now: context.clock.now(),
  });
  await log.record((current, { now: at }) => {
    const isOpen = current.status === "running" && stepState(current, stepId).status === "pending" && until > at;
    return isOpen ? [{ type: "wait_started", at, step_id: stepId, until, shifts: true }] : [];
  });
  return { until: new Date(stepState(log.state, stepId).waitsUntil ?? until).toISOString() };
}
