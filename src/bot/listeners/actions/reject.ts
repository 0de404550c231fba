/** Reject: asks for the reason in a modal, but only whom the engine would hear (A2); it is asked again at the submit. */
import { decodeApproval } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { rejectModal } from "../../views/reject-modal.ts";
import { above } from "../above.ts";
import { openView } from "../surface.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function reject(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const approval = decodeApproval(press.action.value ?? "");
      if (approval === null) return unreadableButton;
      const answer = await services.engine.mayDecide({ ...approval, person, decision: "reject" });
      if (answer.kind === "refused") return decisionMessage(answer);
      const view = rejectModal({ approval: above(press, approval), reasonRequired: answer.reasonRequired });
      await openView(press, view);
      return null;
    },
  });
}
