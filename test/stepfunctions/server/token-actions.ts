/** Answers by task token. https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html and its siblings */
import { z } from "zod";
import { maxPayload } from "../interpreter/template.ts";
import { TaskTokenError } from "../interpreter/tokens.ts";
import { action, parseJson } from "./action.ts";
import type { Action, Output } from "./action.ts";
import { ApiError } from "./api-error.ts";

const OfTask = { taskToken: z.string().min(1).max(2048) };

export const tokenActions: Readonly<Record<string, Action>> = {
  SendTaskSuccess: action(z.looseObject({ ...OfTask, output: z.string() }), ({ taskToken, output }, { tokens }) => {
    if (Buffer.byteLength(output) > maxPayload) throw new ApiError("InvalidOutput", "The output is too long.");
    const value = parseJson(output, "InvalidOutput");
    return answered(() => tokens.succeed(taskToken, value));
  }),
  SendTaskFailure: action(
    z.looseObject({ ...OfTask, error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
    ({ taskToken, error = "", cause = "" }, { tokens }) => answered(() => tokens.fail(taskToken, { error, cause })),
  ),
  SendTaskHeartbeat: action(z.looseObject(OfTask), ({ taskToken }, { tokens }) =>
    answered(() => tokens.heartbeat(taskToken)),
  ),
};

function answered(work: () => void): Output {
  try {
    work();
    return {};
  } catch (error) {
    if (error instanceof TaskTokenError) throw new ApiError(error.name, error.message);
    throw error;
  }
}
