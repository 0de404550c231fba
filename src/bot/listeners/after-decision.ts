/**
 * After a decision or an edit in a modal: what the person still sees must not offer it again. Whatever can't be shown any more
 * (they have closed it) is no failure: the decision stands.
 */
import type { ViewOutput } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import type { Person } from "../../flow/person.ts";
import { callbackIds, decodeReview, type ReviewReference } from "../../notify/slack/action-ids.ts";
import { loggable } from "../loggable.ts";
import type { BotServices } from "../services.ts";
import { reviewModal } from "../views/details-modal.ts";
import { listModal } from "../views/list-modal.ts";
import { listPage } from "../words/list-page.ts";
import { publishHome } from "./surface.ts";

type OpenView = Pick<ViewOutput, "id" | "callback_id" | "private_metadata" | "previous_view_id" | "root_view_id">;

interface Decided {
  client: WebClient;
  services: BotServices;
  person: Person;
  /** That in which it was done: a review, or a form above one. */
  view: OpenView;
}

export async function showDecided(decided: Decided): Promise<void> {
  const { client, services, person, view } = decided;
  const reference = decodeReview(view.private_metadata);
  const review = view.callback_id === callbackIds.review ? view.id : (view.previous_view_id ?? null);
  // A form over a card in a channel: the card shows it.
  if (reference === null || review === null) return;
  const listId = reference.list === null || view.root_view_id === review ? null : view.root_view_id;
  await Promise.all([
    bestEffort(services, "review", () => showReview(decided, review, reference)),
    bestEffort(services, "list", () => showList(decided, listId, reference)),
    bestEffort(services, "home", () => publishHome({ client, services, person })),
  ]);
}

async function showReview({ client, services }: Decided, viewId: string, { approval, list }: ReviewReference) {
  const card = await services.engine.approval(approval);
  if (card !== null) await client.views.update({ view_id: viewId, view: reviewModal(card, list) });
}

async function showList({ client, services, person }: Decided, viewId: string | null, { list }: ReviewReference) {
  if (viewId === null || list === null) return;
  await client.views.update({ view_id: viewId, view: listModal(await listPage(services, { ...list, person })) });
}

async function bestEffort(services: BotServices, what: string, show: () => Promise<void>): Promise<void> {
  try {
    await show();
  } catch (error) {
    services.logger.warn({ view: what, ...loggable(error) }, "what was decided could not be shown there");
  }
}
