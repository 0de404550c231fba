/** Is the bot in a channel? Asked before it promises a message there. */
import { WebAPIPlatformError, type WebClient } from "@slack/web-api";
import { loggable } from "../loggable.ts";
import type { BotLogger } from "../services.ts";

/** Where Slack gives no clear no, yes: the message is then tried, and its refusal is the engine's to handle. */
export async function hasBot(parameters: { client: WebClient; channel: string; logger: BotLogger }): Promise<boolean> {
  const { client, channel, logger } = parameters;
  try {
    const { channel: found } = await client.conversations.info({ channel });
    return found?.is_im === true || found?.is_member !== false;
  } catch (error) {
    if (error instanceof WebAPIPlatformError && error.data.error === "channel_not_found") return false;
    logger.warn({ channel, ...loggable(error) }, "whether the bot is in this channel can't be told");
    return true;
  }
}
