/** Details: evidence and planned effects as they stand now, whatever the card's age. */
import { decodeApproval } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { detailsModal } from "../../views/details-modal.ts";
import { sentence } from "../../views/message.ts";
import { openView } from "../surface.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";

export async function details(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async () => {
      const approval = decodeApproval(press.action.value ?? "");
      if (approval === null) return unreadableButton;
      const { executionId, stepId } = approval;
      const card = await services.engine.approval({ executionId, stepId });
      if (card === null)
        return sentence("The approval behind this card isn't in the store: there are no details to show.");
      await openView(press, detailsModal(card));
      return null;
    },
  });
}
