/** Details as a modal: the card's evidence and planned effects, as text. */
import type { ModalView } from "@slack/types";
import type { ApprovalCard } from "../../flow/card.ts";
import { actionIds, callbackIds, encodeApproval } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { buildDetails } from "../../notify/slack/details.ts";
import { limits } from "../../notify/slack/limits.ts";

/** The same with the card's buttons, for whoever doesn't come from the card. */
export function reviewModal(card: ApprovalCard): ModalView {
  const value = encodeApproval(card);
  const decide = actions("decide", [
    button({ actionId: actionIds.approve, label: "Approve", value, style: "primary" }),
    ...(card.isEditable ? [button({ actionId: actionIds.edit, label: "Edit", value })] : []),
    button({ actionId: actionIds.reject, label: "Reject", value }),
  ]);
  const blocks = buildDetails(card);
  const [first, ...rest] = blocks;
  const isOpen = card.status === "pending" && first !== undefined;
  return {
    ...detailsModal(card),
    callback_id: callbackIds.review,
    private_metadata: value,
    title: { type: "plain_text", text: "Review" },
    blocks: (isOpen ? [first, decide, ...rest] : blocks).slice(0, limits.modalBlocks),
  };
}

export function detailsModal(card: ApprovalCard): ModalView {
  return {
    type: "modal",
    callback_id: callbackIds.details,
    title: { type: "plain_text", text: "Details" },
    close: { type: "plain_text", text: "Close" },
    blocks: buildDetails(card).slice(0, limits.modalBlocks),
  };
}
