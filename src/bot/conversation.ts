/** The command's words in a mention or a direct message. */
import type { SayFn } from "@slack/bolt";
import { asker } from "./asker.ts";
import { guarded, type Reply } from "./error-policy.ts";
import { withoutMention } from "./listeners/commands/plain-text.ts";
import type { BotServices } from "./services.ts";
import { messageArguments } from "./views/message.ts";
import { answer } from "./words/answer.ts";

export async function answerInConversation(parameters: {
  services: BotServices;
  say: SayFn;
  text: string;
  userId: string;
  channel: string;
  threadTs: string | null;
  requestId: string;
}): Promise<void> {
  const { services, say, text, userId, channel, threadTs, requestId } = parameters;
  const thread = threadTs === null ? {} : { thread_ts: threadTs };
  const reply: Reply = async (message) => {
    await say({ ...thread, unfurl_links: false, ...messageArguments(message) });
  };
  await guarded({
    services,
    subject: "conversation",
    reply,
    work: async () => {
      const person = await asker({ people: services.people, userId, name: userId });
      const line = withoutMention(text);
      const message = await answer({ services, line, person, channel, requestId, hasBot: isThere });
      if (message !== null) await reply(message);
    },
  });
}

/** Slack delivers mentions and direct messages only where the bot is. */
async function isThere(): Promise<boolean> {
  return true;
}
