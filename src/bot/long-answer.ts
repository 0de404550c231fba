/** An answer that takes longer than anybody waits: one message that says how far it is, edited in place, and a picture with it. */
import type { WebClient } from "@slack/web-api";
import { uploadPicture, type PictureFile } from "../notify/slack/picture-upload.ts";
import { postMessage } from "../notify/slack/post-message.ts";
import { loggable } from "./loggable.ts";
import type { BotLogger } from "./services.ts";
import { messageArguments, type Message } from "./views/message.ts";

export interface LongAnswer {
  /** mrkdwn: where it stands; null: where it was asked. */
  words: string | null;
  /** Posts the message, and from then on edits it. False: Slack didn't take it; the next one may be taken. */
  show: (message: Message) => Promise<boolean>;
  /** A sentence, plain, where Slack takes no picture; null: it is there. */
  picture: (file: PictureFile) => Promise<string | null>;
}

interface Place {
  client: WebClient;
  logger: BotLogger;
  /** An id. */
  channel: string;
  threadTs: string | null;
  words: string | null;
}

export function longAnswer({ client, logger, channel, threadTs, words }: Place): LongAnswer {
  let ts: string | null = null;
  let before: Promise<boolean> = Promise.resolve(true);
  const put = async (message: Message): Promise<boolean> => {
    const content = { channel, ...messageArguments(message) };
    try {
      if (ts === null) {
        const thread = threadTs === null ? {} : { thread_ts: threadTs };
        ts = (await postMessage(client, { ...content, ...thread })).ts ?? null;
      } else await client.chat.update({ ...content, ts });
      return true;
    } catch (error) {
      logger.warn({ channel, ...loggable(error) }, "a long answer could not be shown");
      return false;
    }
  };
  return {
    words,
    show: (message) => {
      // One after another: a late word on how far it is must not stand over the result.
      before = before.then(() => put(message));
      return before;
    },
    picture: async (file) => {
      const answer = await uploadPicture({ client, file, place: { channel, threadTs: threadTs ?? ts } });
      return answer.kind === "refused" ? answer.message : null;
    },
  };
}

/** For a command, whose answers nobody else sees and Slack takes five of. */
export async function directAnswer(parameters: {
  client: WebClient;
  logger: BotLogger;
  userId: string;
}): Promise<LongAnswer> {
  const { client, logger, userId } = parameters;
  const { channel } = await client.conversations.open({ users: userId });
  if (channel?.id === undefined) throw new Error("Slack opened no conversation with who asked.");
  return longAnswer({ client, logger, channel: channel.id, threadTs: null, words: "in your direct messages with me" });
}
