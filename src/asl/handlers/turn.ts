/**
 * Waiting, by task token, until the execution has its places: it began without the bot, which holds back what it starts itself. The
 * bot gives places on as it does for any other (engine/slots.ts), and sends the token's answer.
 */
import { FailureError } from "../../flow/failure.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { RunningContext } from "../../engine/context.ts";
import type { ActionsRequest } from "../protocol.ts";
import { keepToken } from "./keep-token.ts";
import { RecordedExecution } from "./recorded-execution.ts";

type TurnRequest = Extract<ActionsRequest, { kind: "turn" }>;

/** Its turn may have come meanwhile: then the token is answered at once. */
export async function turn(context: RunningContext, request: TurnRequest): Promise<JsonObject> {
  const log = await RecordedExecution.open(context, request);
  const { task_token: token } = request;
  const { status, executionId } = await log.record((state, { now }) => {
    const [first] = state.definition.steps;
    const isKept = Object.values(state.service?.tokens ?? {}).some((kept) => kept.token === token);
    if (isKept || first === undefined || state.status !== "running") return [];
    return [keepToken({ stepId: first.id, part: null, for: "turn", token }, now)];
  });
  if (status === "running") return {};
  throw new FailureError({ error: "Flow.Failed", cause: `${executionId} has ended: it is ${status}.` });
}
