/** The modal that asks why: it carries the approval's opaque id and version, never amounts (A1). */
import type { ModalView } from "@slack/types";
import { callbackIds } from "../../notify/slack/action-ids.ts";

export const reasonBlock = "reason";
export const reasonInput = "reason";
/** The reason stands on the card, whose blocks together are limited. */
export const maxReasonLength = 1000;

export function rejectModal(parameters: { approval: string; reasonRequired: boolean }): ModalView {
  return {
    type: "modal",
    callback_id: callbackIds.rejectReason,
    private_metadata: parameters.approval,
    title: { type: "plain_text", text: "Reject" },
    submit: { type: "plain_text", text: "Reject" },
    close: { type: "plain_text", text: "Cancel" },
    blocks: [
      {
        type: "input",
        block_id: reasonBlock,
        optional: !parameters.reasonRequired,
        label: { type: "plain_text", text: "Why?" },
        hint: { type: "plain_text", text: "Nothing goes out. Your reason stands on the card and in the record." },
        element: {
          type: "plain_text_input",
          action_id: reasonInput,
          multiline: true,
          max_length: maxReasonLength,
          focus_on_load: true,
        },
      },
    ],
  };
}
