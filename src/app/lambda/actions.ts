/** The actions function: what the data and the decision agent do, and reading. */
import { handleActions } from "../../asl/handlers/handle.ts";
import type { Json } from "../../flow/json.ts";
import { openFunctions, type CallContext } from "./open-functions.ts";

const functions = await openFunctions(process.env);

export async function handler(event: unknown, call: CallContext): Promise<Json> {
  return handleActions(functions.within(call), event);
}
