/** Details as a modal: the card's evidence and planned effects, as text. */
import type { ModalView } from "@slack/types";
import type { ApprovalCard } from "../../flow/card.ts";
import { callbackIds } from "../../notify/slack/action-ids.ts";
import { buildDetails } from "../../notify/slack/details.ts";
import { limits } from "../../notify/slack/limits.ts";

export function detailsModal(card: ApprovalCard): ModalView {
  return {
    type: "modal",
    callback_id: callbackIds.details,
    title: { type: "plain_text", text: "Details" },
    close: { type: "plain_text", text: "Close" },
    blocks: buildDetails(card).slice(0, limits.modalBlocks),
  };
}
