/** A modal that only says something: for answers to people who are in a modal. */
import type { ModalView } from "@slack/types";
import { limits, truncateEscaped } from "../../notify/slack/limits.ts";
import type { Message } from "./message.ts";
import { section } from "./rows.ts";

export function noticeModal(message: Message): ModalView {
  return {
    type: "modal",
    callback_id: "notice",
    title: { type: "plain_text", text: "RevOps" },
    close: { type: "plain_text", text: "Close" },
    blocks: [section(truncateEscaped(message.text, limits.sectionText))],
  };
}
