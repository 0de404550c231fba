/** The Home tab: what the bot is for and which words it knows. */
import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { homeView } from "../../views/home.ts";

export async function appHomeOpened(
  args: SlackEventMiddlewareArgs<"app_home_opened"> & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { event, client } = args;
  // The Messages tab reports itself by the same event.
  if (event.tab !== "home") return;
  await guarded({
    services,
    subject: "app_home_opened",
    reply: async () => {},
    work: async () => void (await client.views.publish({ user_id: event.user, view: homeView(services.channels) })),
  });
}
