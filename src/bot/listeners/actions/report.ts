/** A long answer, whole: opened from its message, and turned page by page. */
import { callbackIds, decodeReport } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { reportModal } from "../../views/report.ts";
import { readReport } from "../../words/report.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView } from "../surface.ts";

export async function report(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async () => {
      const reference = decodeReport(press.action.value ?? "");
      if (reference === null) return unreadableButton;
      const view = reportModal(await readReport(services, reference, { withValues: true }), reference);
      const { body, client } = press;
      if (body.view?.callback_id === callbackIds.report) await client.views.update({ view_id: body.view.id, view });
      else await openView(press, view);
      return null;
    },
  });
}
