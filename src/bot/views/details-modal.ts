/** Details as a modal: the card's evidence and planned effects, as text. */
import type { KnownBlock, ModalView } from "@slack/types";
import type { ApprovalCard } from "../../flow/card.ts";
import {
  actionIds,
  callbackIds,
  encodeApproval,
  encodeReview,
  type ListPageReference,
} from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { asideButtons } from "../../notify/slack/aside-buttons.ts";
import { buildDetails } from "../../notify/slack/details.ts";

/** The same with the card's buttons, for whoever doesn't come from the card. `list`: the page below it. */
export function reviewModal(card: ApprovalCard, list: ListPageReference | null = null): ModalView {
  return {
    ...frame("Review", card.status === "pending" ? [decideButtons(card)] : [], card),
    callback_id: callbackIds.review,
    private_metadata: encodeReview({ approval: card, list }),
  };
}

export function detailsModal(card: ApprovalCard): ModalView {
  return { ...frame("Details", [], card), callback_id: callbackIds.details };
}

/** The block changes its name with the version: a press on what an edit has overtaken finds nothing to press. */
function decideButtons(card: ApprovalCard): KnownBlock {
  const value = encodeApproval(card);
  return actions(`decide/${card.version}`, [
    button({ actionId: actionIds.approve, label: "Approve", value, style: "primary" }),
    ...(card.isEditable ? [button({ actionId: actionIds.edit, label: "Edit", value })] : []),
    button({ actionId: actionIds.reject, label: "Reject", value }),
    ...asideButtons(card),
  ]);
}

function frame(title: string, buttons: KnownBlock[], card: ApprovalCard) {
  return {
    type: "modal" as const,
    title: { type: "plain_text" as const, text: title },
    close: { type: "plain_text" as const, text: "Close" },
    blocks: buildDetails(card, buttons),
  };
}
