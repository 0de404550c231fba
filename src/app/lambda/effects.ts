/** The effects function: approvals, and whatever people or the outside world notice. */
import { handleEffects } from "../../asl/handlers/handle.ts";
import type { Json } from "../../flow/json.ts";
import { openFunctions, type CallContext } from "./open-functions.ts";

const functions = await openFunctions(process.env);

export async function handler(event: unknown, call: CallContext): Promise<Json> {
  return handleEffects(functions.within(call), event);
}
