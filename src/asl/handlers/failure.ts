/** The mail to a flow's `failure_notification`, once, and the failures on record that make the card which offers Redrive (F1). */
import type { RunningContext } from "../../engine/context.ts";
import { decide } from "../../engine/decide.ts";
import { isNoticeDue } from "../../engine/decide/notice.ts";
import { planNotice } from "../../engine/failure-notice.ts";
import { performEffect } from "../../engine/perform.ts";
import type { EffectsRequest } from "../protocol.ts";
import { adoptResults } from "./adopt.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type FailureRequest = Extract<EffectsRequest, { kind: "failure" }>;

export async function failure(context: RunningContext, request: FailureRequest): Promise<Record<string, never>> {
  const log = await RecordedExecution.open(context, request);
  const failed = request.failures.map(({ step_id, error, cause }) => {
    return [step_id, { status: "failed" as const, error, cause }] as const;
  });
  await log.record((state, { now }) => adoptResults(state, Object.fromEntries(failed), now));
  if (!isNoticeDue(log.state)) return {};
  const effect = await planNotice({ state: log.state, now: context.clock.now() });
  let isOurs = false;
  await log.record((state, decideContext) => {
    const { events } = decide(state, { type: "plan_notice", effect }, decideContext);
    isOurs = events.length > 0;
    return events;
  });
  if (isOurs) await send(context, log);
  return {};
}

/** Only by who has planned it: another call may be sending it, or have died while it did, and then nobody sends it again (E2). */
async function send(context: RunningContext, log: RecordedExecution): Promise<void> {
  const { notice } = log.state;
  if (notice?.state.status !== "begun") return;
  const result = await performEffect(context, { effect: notice, attempt: 1, isSenderLost: false });
  await log.submit({ type: "settle_notice", result });
}
