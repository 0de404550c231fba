/** Where a press came from decides how it is answered: beside a message, on top of a modal, over the App Home. */
import type { BlockButtonAction } from "@slack/bolt";
import type { HomeView, ModalView } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import type { Person } from "../../flow/person.ts";
import type { BotServices } from "../services.ts";
import { homeView } from "../views/home.ts";
import { homeFacts } from "../words/home.ts";

export type Surface = "message" | "modal" | "home";

interface Pressed {
  body: Pick<BlockButtonAction, "view" | "trigger_id" | "user">;
  client: WebClient;
}

export function surfaceOf({ view }: Pressed["body"]): Surface {
  if (view === undefined) return "message";
  return view.type === "modal" ? "modal" : "home";
}

/** A modal opens on top of another one, as far as Slack stacks them. The id of the new view. */
export async function openView({ body, client }: Pressed, view: ModalView): Promise<string | null> {
  const { trigger_id } = body;
  const answer =
    surfaceOf(body) === "modal"
      ? await client.views.push({ trigger_id, view })
      : await client.views.open({ trigger_id, view });
  return answer.view?.id ?? null;
}

export async function publishHome(parameters: {
  client: WebClient;
  services: BotServices;
  person: Person;
}): Promise<void> {
  const { client, services, person } = parameters;
  const view: HomeView = homeView(await homeFacts(services, person));
  await client.views.publish({ user_id: person.user_id, view });
}
