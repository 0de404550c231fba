/** A mention or a direct message: the command's words, or a question in a sentence. */
import type { SayFn } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import { asker } from "./asker.ts";
import { guarded, type Reply } from "./error-policy.ts";
import { parseCommandLine } from "./listeners/commands/command-line.ts";
import { plainText, withoutMention } from "./listeners/commands/plain-text.ts";
import { answerQuestion } from "./questions/answer-question.ts";
import { isQuestion } from "./questions/is-question.ts";
import { longAnswer } from "./long-answer.ts";
import type { BotServices } from "./services.ts";
import { messageArguments } from "./views/message.ts";
import { perform } from "./words/answer.ts";

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
  /** Of the message, and whose own messages tell what its thread is about. */
  ts: string;
  botUserId: string;
}): Promise<void> {
  const { services, say, client, text, userId, channel, isDirect, threadTs, askedInThread, requestId } = parameters;
  const findAsker = () => asker({ people: services.people, userId, name: userId });
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
      const typed = withoutMention(text);
      const line = parseCommandLine(typed);
      if (isQuestion(typed, line)) {
        const question = plainText(typed).trim();
        await answerQuestion({ ...parameters, question, from: 0, findAsker });
        return;
      }
      const person = await findAsker();
      const openAnswer = async () => longAnswer({ client, logger: services.logger, channel, threadTs, words: null });
      const message = await perform({ services, line, person, channel, requestId, hasBot: isThere, openAnswer });
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
