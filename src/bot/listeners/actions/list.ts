/** The list of what waits for whoever pressed: opened from a batch's message, a list or the Home, and turned page by page. */
import type { Person } from "../../../flow/person.ts";
import { callbackIds, decodeListPage } from "../../../notify/slack/action-ids.ts";
import type { BotServices } from "../../services.ts";
import { listModal, listPageSize } from "../../views/list-modal.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView } from "../surface.ts";

export async function list(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const page = decodeListPage(press.action.value ?? "");
      if (page === null) return unreadableButton;
      const view = listModal(await read(services, { ...page, person }));
      const { body, client } = press;
      if (body.view?.callback_id === callbackIds.list) await client.views.update({ view_id: body.view.id, view });
      else await openView(press, view);
      return null;
    },
  });
}

async function read(
  { engine, timezone }: BotServices,
  asked: { person: Person; batchId: string | null; offset: number },
) {
  const { person, batchId } = asked;
  const ask = (offset: number) =>
    engine.waiting({ person, ...(batchId === null ? {} : { batchId }), offset, limit: listPageSize });
  const page = { ...(await ask(asked.offset)), offset: asked.offset };
  // Decided meanwhile, the last page may be empty: the first one isn't.
  const shown = page.items.length === 0 && page.offset > 0 ? { ...(await ask(0)), offset: 0 } : page;
  return { ...shown, batchId, timezone };
}
