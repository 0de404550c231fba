/** The submitted reason: blank is said at the field; otherwise the engine decides again who may (A2) and what still stands (A1). */
import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from "@slack/bolt";
import { decodeReview } from "../../../notify/slack/action-ids.ts";
import { showDecided } from "../after-decision.ts";
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { reasonBlock, reasonInput } from "../../views/reject-modal.ts";

export type Submit = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

export async function rejectReason(submit: Submit, services: BotServices): Promise<void> {
  const { ack, view, body } = submit;
  await guarded({
    services,
    subject: view.callback_id,
    reply: async (message) => ack({ response_action: "update", view: noticeModal(message) }),
    work: async () => {
      const approval = decodeReview(view.private_metadata)?.approval;
      if (approval === undefined) return ack({ response_action: "update", view: noticeModal(unreadable) });
      const reason = (view.state.values[reasonBlock]?.[reasonInput]?.value ?? "").trim();
      if (reason === "" && isReasonRequired(view)) return ack(fieldError("Say why in a few words."));
      const person = await asker({ people: services.people, userId: body.user.id, name: body.user.name });
      const answer = await services.engine.decide({
        ...approval,
        person,
        decision: "reject",
        reason: reason === "" ? null : reason,
      });
      if (answer.kind === "refused" && answer.reason === "reason_missing") return ack(fieldError(answer.message));
      const refusal = decisionMessage(answer);
      await (refusal === null ? ack() : ack({ response_action: "update", view: noticeModal(refusal) }));
      await showDecided({ client: submit.client, services, person, view });
    },
  });
}

const unreadable = sentence("This form can't be read: close it and press Reject again.");

function fieldError(message: string): { response_action: "errors"; errors: Record<string, string> } {
  return { response_action: "errors", errors: { [reasonBlock]: message } };
}

/** As the form itself said when it was opened; a form without the word asks. */
function isReasonRequired(view: Submit["view"]): boolean {
  const block = view.blocks.find((block) => block.block_id === reasonBlock);
  return block === undefined || !("optional" in block) || !block.optional;
}
