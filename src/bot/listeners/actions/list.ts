/** The list of what waits for whoever pressed: opened from a batch's message, a list or the Home, and turned page by page. */
import { callbackIds, decodeListPage } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { listModal } from "../../views/list-modal.ts";
import { listPage } from "../../words/list-page.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView } from "../surface.ts";

export async function list(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const page = decodeListPage(press.action.value ?? "");
      if (page === null) return unreadableButton;
      const view = listModal(await listPage(services, { ...page, person }));
      const { body, client } = press;
      if (body.view?.callback_id === callbackIds.list) await client.views.update({ view_id: body.view.id, view });
      else await openView(press, view);
      return null;
    },
  });
}
