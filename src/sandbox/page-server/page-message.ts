/** A stored message as the page gets it. */
import type { PageMessage } from "../page-api.ts";
import { asPageFile, pageImages } from "./page-image.ts";
import type { Message } from "../slack/message.ts";

export function asPageMessage(message: Message, replyCount: number): PageMessage {
  const { ts, channel, threadTs, user, text, blocks, edited, ephemeralFor, files } = message;
  return {
    ts,
    channel,
    threadTs,
    user,
    text,
    blocks,
    edited: edited !== null,
    ephemeralFor,
    replyCount,
    files: files.map(asPageFile),
    images: pageImages(blocks),
  };
}
