/** A modal that only says something: for answers to people who are in a modal. */
import type { ModalView } from "@slack/types";
import { limits, truncateEscaped } from "../../notify/slack/limits.ts";
import type { Message } from "./message.ts";
import { section } from "./rows.ts";

/** A message where there is no channel to say it in. */
export function messageModal(title: string, message: Message): ModalView {
  const blocks =
    message.blocks.length === 0 ? [section(truncateEscaped(message.text, limits.sectionText))] : message.blocks;
  return {
    type: "modal",
    callback_id: "notice",
    title: { type: "plain_text", text: title },
    close: { type: "plain_text", text: "Close" },
    blocks,
  };
}

export function noticeModal(message: Message): ModalView {
  return messageModal("RevOps", { ...message, blocks: [] });
}
