/** Edit: a form for what the flow lets approvers change (A3). A loading view first, since the trigger lives for three seconds. */
import { decodeApproval, type ApprovalReference } from "../../../notify/slack/action-ids.ts";
import { headline } from "../../../notify/slack/customer-line.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { editLoadingModal, editModal } from "../../views/edit-modal.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { above } from "../above.ts";
import { openView } from "../surface.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function edit(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const approval = decodeApproval(press.action.value ?? "");
      if (approval === null) return unreadableButton;
      const viewId = await openView(press, editLoadingModal());
      const answer = await services.engine.editForm({ ...approval, person });
      const refusal = answer.kind === "refused" ? decisionMessage(answer) : null;
      const view =
        answer.kind === "form"
          ? editModal({
              approval: above(press, approval),
              about: await subject(services, approval),
              fields: answer.fields,
            })
          : noticeModal(refusal ?? sentence("This can't be changed any more."));
      if (viewId !== null) await press.client.views.update({ view_id: viewId, view });
      return null;
    },
  });
}

/** Whoever comes from a list has seen no more than a name. */
async function subject({ engine }: BotServices, approval: ApprovalReference): Promise<string | null> {
  const card = await engine.approval(approval);
  return card === null ? null : headline(card);
}
