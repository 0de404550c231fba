/**
 * What a function works with: the engine's context, in the name of one call. Nothing is driven, fired or shown here: what is to be
 * seen in Slack is shown by the bot that follows the log.
 */
import type { EngineContext, RunningContext } from "../../engine/context.ts";
import { running } from "../../engine/flow-engine.ts";
import { toldByOthers } from "../../engine/follower.ts";
import type { Lease } from "../../state/state-store.ts";
import { withinPayload } from "./payload.ts";
import { serviceOwner } from "./recorded-execution.ts";

/** `endsAt`: real time, milliseconds; an effect is only begun where its request ends before (E2). */
export function handlerContext(context: EngineContext, { endsAt }: { endsAt: () => number }): RunningContext {
  const lease: Lease = { owner: serviceOwner, expiresAt: endsAt, release: () => Promise.resolve() };
  const agents = withinPayload(context.agents);
  return running({ ...context, agents, follower: toldByOthers }, { lease, drives: false });
}
