/** The time zone of who reads: a picture can't be drawn anew for each reader, as Slack's own dates are. */
import type { WebClient } from "@slack/web-api";
import { isZone } from "../flow/zone.ts";
import { loggable } from "./loggable.ts";
import type { BotLogger } from "./services.ts";

/** `otherwise`: where their profile has none, or Slack doesn't say. */
export async function readersZone(parameters: {
  client: WebClient;
  userId: string;
  otherwise: string;
  logger: BotLogger;
}): Promise<string> {
  const { client, userId, otherwise, logger } = parameters;
  try {
    const { user } = await client.users.info({ user: userId });
    const zone = user?.tz ?? "";
    return isZone(zone) ? zone : otherwise;
  } catch (error) {
    logger.warn({ user: userId, ...loggable(error) }, "a reader's time zone can't be told");
    return otherwise;
  }
}
