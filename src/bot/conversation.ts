/** The command's words in a mention or a direct message. */
import type { SayFn } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import { asker } from "./asker.ts";
import { guarded, type Reply } from "./error-policy.ts";
import { withoutMention } from "./listeners/commands/plain-text.ts";
import type { BotServices } from "./services.ts";
import { messageArguments } from "./views/message.ts";
import { answer } from "./words/answer.ts";

export async function answerInConversation(parameters: {
  services: BotServices;
  say: SayFn;
  client: WebClient;
  text: string;
  userId: string;
  channel: string;
  /** Nobody else reads there. */
  isDirect: boolean;
  threadTs: string | null;
  /** The thread in which it was asked, if it was: a private answer at the head of a new one would not be seen. */
  askedInThread: string | null;
  requestId: string;
}): Promise<void> {
  const { services, say, client, text, userId, channel, isDirect, threadTs, askedInThread, requestId } = parameters;
  const reply: Reply = async (message) => {
    const content = messageArguments(message);
    if (message.isPrivate === true && !isDirect) {
      await client.chat.postEphemeral({ channel, user: userId, ...inThread(askedInThread), ...content });
    } else {
      await say({ ...inThread(threadTs), unfurl_links: false, ...content });
    }
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

function inThread(ts: string | null): { thread_ts?: string } {
  return ts === null ? {} : { thread_ts: ts };
}

/** Slack delivers mentions and direct messages only where the bot is. */
async function isThere(): Promise<boolean> {
  return true;
}
