/** What the actions of a case do, whoever calls them: the same for both engines. */
import { FailureError } from "../../../src/flow/failure.ts";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import type { Case } from "./case.ts";
import type { Diary } from "./trace.ts";

/** No answer comes: the caller has to give up by itself. */
export class Hangs extends Error {}

export interface ActionCall {
  action: string;
  stepId: string;
  index: number | null;
  parameters: JsonObject;
}

/** Throws `FailureError` where the case says so, and `Hangs`. */
export function act(played: Case, diary: Diary, { action, stepId, index, parameters }: ActionCall): Json {
  if (action === "undo" || action === "undo_fails") {
    diary.undone.push(stepId);
    if (action === "undo") return parameters;
  }
  if (action === "break" || action === "undo_fails")
    throw new FailureError({ error: "Input.Invalid", cause: "It is broken." });
  const part = played.parts[Number(stepId.slice(1))];
  // A step of a sub-flow.
  if (part === undefined || !stepId.startsWith("s")) return { of: stepId };
  const call = diary.begin(stepId, index);
  const outcome = part.outcomes?.[call - 1] ?? "ok";
  diary.end(stepId);
  if (outcome === "hangs") throw new Hangs();
  if (outcome !== "ok")
    throw new FailureError({ error: outcome, cause: `It said "no"\nat call ${call} \\ of ${stepId}.` });
  return part.output === undefined ? { note: `of ${stepId}`, parameters } : part.output;
}
