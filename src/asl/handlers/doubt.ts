/**
 * Waiting, by task token, for what a function can't do: a person's word on an effect that may have arrived, or the hour at which
 * somebody may be reached. The bot performs what they say, or what was held, and sends the output with the token.
 */
import type { JsonObject } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import type { EffectsRequest } from "../protocol.ts";
import { keepToken } from "./keep-token.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type DoubtRequest = Extract<EffectsRequest, { kind: "doubt" }>;

export async function doubt(context: RunningContext, request: DoubtRequest): Promise<JsonObject> {
  const log = await RecordedExecution.open(context, request);
  const { step_id: stepId, index: part, task_token: token } = request;
  await log.record(({ service }, { now }) => {
    const isKept = Object.values(service?.tokens ?? {}).some((kept) => kept.token === token);
    return isKept ? [] : [keepToken({ stepId, part, for: "doubt", token }, now)];
  });
  return {};
}
