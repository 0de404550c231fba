/** One page of what waits for a person, asked of the engine. */
import type { Person } from "../../flow/person.ts";
import type { ListPageReference } from "../../notify/slack/action-ids.ts";
import type { BotServices } from "../services.ts";
import { listPageSize, type ListPage } from "../views/list-modal.ts";

export async function listPage(
  { engine, timezone }: Pick<BotServices, "engine" | "timezone">,
  { person, batchId, offset }: ListPageReference & { person: Person },
): Promise<ListPage> {
  const ask = async (from: number) => ({
    ...(await engine.waiting({ person, ...(batchId === null ? {} : { batchId }), offset: from, limit: listPageSize })),
    offset: from,
  });
  const page = await ask(offset);
  // Decided meanwhile, the last page may be empty: the first one isn't.
  const shown = page.items.length === 0 && offset > 0 ? await ask(0) : page;
  return { ...shown, batchId, timezone };
}
