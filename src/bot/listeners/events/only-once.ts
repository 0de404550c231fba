/** T1: the same event comes again when an acknowledgement was late, and sometimes for no reason; `event_id` tells. */
import type { AllMiddlewareArgs, AnyMiddlewareArgs } from "@slack/bolt";
import type { Engine } from "../../../engine/engine.ts";

/** Slack sends again for some minutes; an hour is safe. */
const rememberMs = 60 * 60 * 1000;

export function onlyOnce(engine: Pick<Engine, "firstTime">) {
  return async ({ body, next }: AnyMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const eventId: unknown = "event_id" in body ? body.event_id : undefined;
    if (typeof eventId === "string") {
      const isFirst = await engine.firstTime({ key: `slack-event/${eventId}`, ttlMs: rememberMs });
      if (!isFirst) return;
    }
    await next();
  };
}
