/** What the bot says: a text for notifications and small screens, and blocks where it is more than a sentence. */
import type { KnownBlock } from "@slack/types";
import { limits, truncateEscaped } from "../../notify/slack/limits.ts";

export interface Message {
  /** mrkdwn; every piece from outside is already escaped (T2). */
  text: string;
  blocks: KnownBlock[];
  /** For the one who asked, wherever it was asked. */
  isPrivate?: true;
}

export function sentence(text: string): Message {
  return { text: truncateEscaped(text, limits.messageText), blocks: [] };
}

export function privately(message: Message): Message {
  return { ...message, isPrivate: true };
}

/** Web API arguments: no `blocks` at all where there are none, or Slack shows an empty message. */
export function messageArguments(message: Message): { text: string; blocks?: KnownBlock[] } {
  return message.blocks.length === 0 ? { text: message.text } : { text: message.text, blocks: message.blocks };
}
