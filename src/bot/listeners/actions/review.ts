/** Review: the details of one approval with its buttons, for those who come from a list or their Home. */
import { callbackIds, decodeApproval, decodeListPage } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { reviewModal } from "../../views/details-modal.ts";
import { sentence } from "../../views/message.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView } from "../surface.ts";

export async function review(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async () => {
      const approval = decodeApproval(press.action.value ?? "");
      if (approval === null) return unreadableButton;
      const card = await services.engine.approval(approval);
      if (card === null) return sentence("This approval isn't in the store any more.");
      const { view } = press.body;
      const list = view?.callback_id === callbackIds.list ? decodeListPage(view.private_metadata) : null;
      await openView(press, reviewModal(card, list));
      return null;
    },
  });
}
