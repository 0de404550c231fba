/** The command's words in a direct message, answered where they were written. */
import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import { answerInConversation } from "../../conversation.ts";
import type { BotServices } from "../../services.ts";

export async function directMessage(
  args: SlackEventMiddlewareArgs<"message"> & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { event, body, say, client, context } = args;
  // A subtype is an edit, a join, a bot's own message: answering it would make a loop.
  if (event.channel_type !== "im" || event.subtype !== undefined || event.bot_id !== undefined) return;
  await answerInConversation({
    services,
    say,
    client,
    text: event.text ?? "",
    userId: event.user,
    channel: event.channel,
    isDirect: true,
    threadTs: event.thread_ts ?? null,
    askedInThread: event.thread_ts ?? null,
    requestId: body.event_id,
    ts: event.ts,
    botUserId: context.botUserId ?? "",
  });
}
