/** "@RevOps status": the command's words, answered in the thread. */
import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import { answerInConversation } from "../../conversation.ts";
import type { BotServices } from "../../services.ts";

export async function appMention(
  args: SlackEventMiddlewareArgs<"app_mention"> & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { event, body, say, client, context } = args;
  // A bot that is answered by a bot makes a loop; an edited message was answered when it was written.
  if (event.user === undefined || event.bot_id !== undefined || "edited" in event) return;
  await answerInConversation({
    services,
    say,
    client,
    text: event.text,
    userId: event.user,
    channel: event.channel,
    isDirect: false,
    threadTs: event.thread_ts ?? event.ts,
    askedInThread: event.thread_ts ?? null,
    requestId: body.event_id,
    ts: event.ts,
    botUserId: context.botUserId ?? "",
  });
}
